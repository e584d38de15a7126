"""A link that is made without a lifetime lives as long as its default: 900 seconds (didomi)."""

from collections.abc import Iterable, Iterator, Mapping

from contracts.api import Api
from contracts.exchange import ABSENT
from contracts.handouts import Handout, handouts, openings
from contracts.history import History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from openapi import shapes
from openapi.resources import sent_schema

_MARGIN = 30


OVER_TIME = True


def subjects(api: Api) -> Iterable[Handout]:
    """Operations that hand out links which live as long as a property says, with a default."""
    return [one for one in handouts(api) if _usual(one) is not None]


def _usual(handout: Handout) -> tuple[str, float] | None:
    """The property with the lifetime, and its default in seconds."""
    name = handout.expiry.after
    if not isinstance(name, str):
        return None
    for schema in (handout.schema, sent_schema(handout.operation)):
        default = shapes.keyword(shapes.properties(schema).get(name, True), "default")
        if isinstance(default, int | float) and not isinstance(default, bool):
            return name, default
    return None


def provoke(stage: Stage, subject: Handout) -> None:
    """Make links without a lifetime; open one shortly before its end, and one after it."""
    name, seconds = _usual(subject) or ("", 0)
    handed = [stage.call_any(subject.operation, {name: ABSENT}) for _ in range(2)]
    opener = subject.opened_by[-1]
    subject.open(stage, opener, handed[0], wait=max(seconds - _MARGIN, 0))
    subject.open(stage, opener, handed[1], wait=2 * _MARGIN)


def check(history: History) -> Iterator[Chance]:
    """The answer tells the default, and the link works for as long and no longer."""
    usual = {one.operation.key: _usual(one) for one in subjects(history.api)}
    for made in history:
        name, seconds = usual.get(made.operation.key) or ("", 0)
        sent = made.sent
        if not name or not made.ok or not isinstance(sent, Mapping) or name in sent:
            continue
        answer = made.answer
        told = answer.get(name) if isinstance(answer, Mapping) else None
        if told == seconds:
            yield kept(made)
        elif told is not None:
            yield broken("A link without a lifetime is told another.", made, place=name)
        for opening in openings(history):
            if opening.handed is not made or opening.opened.now is None or made.now is None:
                continue
            passed = (opening.opened.now - made.now).total_seconds()
            dead = opening.opened.status in opening.refusals
            if passed < seconds - 5 and dead:
                yield broken(
                    f"A link without a lifetime dies before {seconds:g} seconds.",
                    made,
                    opening.opened,
                    place=name,
                )
            elif passed > seconds + 5 and not dead and not opening.opened.crashed:
                yield broken(
                    f"A link without a lifetime lives longer than {seconds:g} seconds.",
                    made,
                    opening.opened,
                    place=name,
                )
