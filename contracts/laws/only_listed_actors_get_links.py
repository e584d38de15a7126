"""Links go to the actors that are listed, and to all of them where none is (namirial)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contracts.api import Api
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from contracts.steps import Ref
from openapi.description import Operation

_OPERATION = "requestIdLinksPost"
_LISTED = "onlyForActors"


def subjects(api: Api) -> Iterable[Operation]:
    """The operation that makes links for actors."""
    operation = api.named(_OPERATION)
    return [operation] if operation is not None else []


def provoke(stage: Stage, subject: Operation) -> None:
    """Links for all by an empty list, for the first of them, for a stranger, and for all again."""
    everyone = stage.call_any(subject, {_LISTED: []})
    stage.call_any(subject, {_LISTED: [Ref(everyone, "$response.body#/links/0/actor")]})
    stage.call_any(subject, {_LISTED: ["a stranger to it"]})
    stage.call_any(subject, {})


def check(history: History) -> Iterator[Chance]:
    """The actors in an answer are those that were listed and take part; each gets one link."""
    everyone = _everyone(history)
    for made in _made(history):
        asked, actors = _asked(made), _actors(made.answer)
        whole = everyone.get(_request(made))
        if len(set(actors)) < len(actors):
            yield broken("An actor gets more than one link.", made, place=_LISTED)
        elif asked and set(actors) != set(asked):
            yield broken("Links go to other actors than are listed.", made, place=_LISTED)
        elif whole is None:
            yield kept(made)
        elif asked and not set(actors) <= set(_actors(whole.answer)):
            shown = sorted((whole, made), key=lambda one: one.index)
            yield broken("A link goes to who is no actor of it.", *shown, place=_LISTED)
        elif not asked and set(actors) != set(_actors(whole.answer)):
            yield broken("Links for everybody go to some only.", whole, made, place=_LISTED)
        else:
            yield kept(made)


def _everyone(history: History) -> dict[str, Exchange]:
    """The first answer with links for all actors, by the request that they take part in."""
    found: dict[str, Exchange] = {}
    for made in _made(history):
        if not _asked(made):
            found.setdefault(_request(made), made)
    return found


def _made(history: History) -> Iterator[Exchange]:
    """The exchanges that made links."""
    for made in history:
        if made.operation.id == _OPERATION and made.ok and _links(made.answer) is not None:
            yield made


def _request(made: Exchange) -> str:
    return str(made.values.get(("path", "id")))


def _asked(made: Exchange) -> list[str]:
    listed = made.sent.get(_LISTED) if isinstance(made.sent, Mapping) else None
    return list(map(str, listed)) if isinstance(listed, list) else []


def _actors(answer: Any) -> list[str]:
    return [str(link.get("actor")) for link in _links(answer) or () if isinstance(link, Mapping)]


def _links(answer: Any) -> list[Any] | None:
    links = answer.get("links") if isinstance(answer, Mapping) else None
    return links if isinstance(links, list) else None
