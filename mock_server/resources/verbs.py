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


def forms(verb: str) -> frozenset[str]:
    """What a status may be called once the verb is done, in lower case: `cancelled`, `canceled`."""
    word = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", verb).lower().split("-")[0].split("_")[0]
    found = {f"{word}ed", f"{word}d", f"{word}{word[-1:]}ed", _IRREGULAR.get(word, "")}
    if word.endswith("y"):
        found.add(f"{word[:-1]}ied")
    if word.endswith("ate"):
        found.add(f"{word[:-3]}e")
    return frozenset(found - {""})
