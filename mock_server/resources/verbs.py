"""English verbs in paths, and the statuses that they lead to."""

import re

_IRREGULAR = {
    "send": "sent",
    "pay": "paid",
    "hold": "held",
    "lend": "lent",
    "build": "built",
    "freeze": "frozen",
    "withdraw": "withdrawn",
    "begin": "begun",
    "win": "won",
    "lose": "lost",
    "sell": "sold",
    "buy": "bought",
}


_COPYING = {"copy", "duplicate", "clone", "fork"}


def copies(verb: str) -> bool:
    """Whether a verb makes another item of one."""
    return _first_word(verb) in _COPYING


def forms(verb: str) -> frozenset[str]:
    """What a status may be called once the verb is done, in lower case: `cancelled`, `canceled`."""
    word = _first_word(verb)
    found = {f"{word}ed", f"{word}d", f"{word}{word[-1:]}ed", _IRREGULAR.get(word, "")}
    if word.endswith("y"):
        found.add(f"{word[:-1]}ied")
    if word.endswith("ate"):
        found.add(f"{word[:-3]}e")
    return frozenset(found - {""})


def _first_word(verb: str) -> str:
    return re.split(r"(?<=[a-z])(?=[A-Z])|[-_]", verb)[0].lower()
