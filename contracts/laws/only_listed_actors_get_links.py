"""Links go to the actors that are listed, and to all of them where none is (namirial)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contracts.api import Api
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from openapi.description import Operation

_OPERATION = "requestIdLinksPost"
_LISTED = "onlyForActors"


def subjects(api: Api) -> Iterable[Operation]:
    """The operation that makes links for actors."""
    operation = api.named(_OPERATION)
    return [operation] if operation is not None else []


def provoke(stage: Stage, subject: Operation) -> None:
    """Links for all, for one by its example, and for all again by an empty list."""
    stage.call_any(subject, {_LISTED: []})
    stage.call_any(subject, {_LISTED: ["customer"]})
    stage.call_any(subject, {_LISTED: ["second"]})
    stage.call_any(subject, {})


def check(history: History) -> Iterator[Chance]:
    """The actors in an answer are those that were listed; each gets one link."""
    everyone: dict[str, Exchange] = {}
    for made in history:
        if made.operation.id != _OPERATION or not made.ok:
            continue
        asked = made.sent.get(_LISTED) if isinstance(made.sent, Mapping) else None
        actors = _actors(made.answer)
        if actors is None:
            continue
        if len(set(actors)) < len(actors):
            yield broken("An actor gets more than one link.", made, place=_LISTED)
        elif asked:
            if sorted(actors) == sorted(set(asked)):
                yield kept(made)
            else:
                yield broken("Links go to other actors than are listed.", made, place=_LISTED)
        else:
            before = everyone.setdefault(str(made.values.get(("path", "id"))), made)
            if sorted(actors) == sorted(_actors(before.answer) or ()):
                yield kept(made)
            else:
                yield broken("Links for everybody go to some only.", before, made, place=_LISTED)


def _actors(answer: Any) -> list[str] | None:
    links = answer.get("links") if isinstance(answer, Mapping) else None
    if not isinstance(links, list):
        return None
    return [str(link.get("actor")) for link in links if isinstance(link, Mapping)]
