"""Links that are handed out differ, and none can be guessed from the others."""

import math
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from contracts.api import Api
from contracts.handouts import Handout, handouts
from contracts.history import Exchange, History, leaves
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from contracts.steps import NOBODY
from openapi.idempotency import is_idempotency_key
from openapi.pointers import at
from openapi.resources import Role

_LEAST_BITS = 64
"""Of chance, so that guessing is hopeless (OWASP ASVS asks this of session tokens)."""
_ENOUGH = 4
"""Links that must be there before anything is said of them."""


def subjects(api: Api) -> Iterable[Handout]:
    """Operations that hand out links which need no credentials of their own."""
    return [one for one in handouts(api) if not _reads(api, one)]


def _reads(api: Api, handout: Handout) -> bool:
    """Whether only who may read an item opens it."""
    roles = {part.role for one in handout.opened_by if (part := api.parts[one.key]) is not None}
    return Role.READ in roles


def provoke(stage: Stage, subject: Handout) -> None:
    """Hand out several links one after the other."""
    for _ in range(_ENOUGH + 1):
        stage.call_any(subject.operation)


def check(history: History) -> Iterator[Chance]:
    """The parts in which links differ are long, of many letters, and not counted up."""
    for handout in subjects(history.api):
        handed = [one for one in history if one.operation.key == handout.operation.key and one.ok]
        # What one idempotency key asks for twice is one link.
        handed = [
            one for number, one in enumerate(handed) if _key(one) not in map(_key, handed[:number])
        ]
        links = [(one, url) for one in handed if (url := _url(one, handout)) is not None]
        if handout.parameter:
            # A client may choose a name; and how long a key is to be the description may say.
            links = [(one, key) for one, key in links if not _holds(one.sent, key)]
        if len(links) < _ENOUGH or any(one.who == NOBODY for one in handed):
            continue
        shown = tuple(one for one, _ in links)
        urls = [url for _, url in links]
        tokens = _differing(urls)
        if len(set(urls)) < len(urls):
            yield broken("Two links that were handed out are the same.", *shown)
        elif _counted(tokens):
            yield broken("Links are counted up: one tells the next.", *shown)
        elif not handout.parameter and min(map(_bits, tokens)) < _LEAST_BITS:
            yield broken("What tells links apart is too short to be a secret.", *shown)
        else:
            yield kept(*shown)


def _key(exchange: Exchange) -> object:
    """The idempotency key that was sent; without one, the exchange itself."""
    keys = [one for (_, name), one in exchange.values.items() if is_idempotency_key(name)]
    return keys[0] if keys else exchange


def _url(exchange: Exchange, handout: Handout) -> str | None:
    try:
        found = at(exchange.answer, f"{handout.holder}/{handout.name}")
    except LookupError:
        return None
    return found if isinstance(found, str) else None


def _holds(sent: object, key: str) -> bool:
    return any(text == key for _, text in leaves(sent))


def _differing(urls: list[str]) -> list[str]:
    """The URLs without what they all begin and end with."""
    start = 0
    while all(start < len(url) and url[start] == urls[0][start] for url in urls):
        start += 1
    rest = [url[start:] for url in urls]
    end = 0
    while all(end < len(one) and one[-1 - end] == rest[0][-1 - end] for one in rest):
        end += 1
    return [one[: len(one) - end] for one in rest]


def _counted(tokens: list[str]) -> bool:
    numbers = [int(token, 16) for token in tokens if re.fullmatch(r"[0-9a-fA-F]{1,16}", token)]
    if len(numbers) < len(tokens):
        return False
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    return len(steps) == 1 or all(0 < step < 1_000 for step in steps)  # noqa: PLR2004


def _bits(token: str) -> float:
    """An upper bound of the chance in a text: each sign is one of those that its kinds offer."""
    kinds = ((r"[0-9]", 10), (r"[a-f]", 6), (r"[g-z]", 20), (r"[A-Z]", 26), (r"[^0-9a-zA-Z]", 2))
    letters = sum(size for pattern, size in kinds if re.search(pattern, token))
    return len(token) * math.log2(max(letters, 2))
