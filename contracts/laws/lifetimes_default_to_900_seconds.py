"""A link that is made without a lifetime lives 900 seconds (didomi)."""

from collections.abc import Iterable, Iterator, Mapping

from contracts.api import Api
from contracts.exchange import ABSENT
from contracts.handouts import Handout, handouts, openings
from contracts.history import History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from contracts.steps import Ref

_LIFETIME, _SECONDS = "lifetime", 900


OVER_TIME = True


def subjects(api: Api) -> Iterable[Handout]:
    """Operations that hand out links which live as long as `lifetime` says."""
    return [one for one in handouts(api) if one.expiry.after == _LIFETIME]


def provoke(stage: Stage, subject: Handout) -> None:
    """Make links without a lifetime; open one shortly before its end, and one after it."""
    handed = [stage.call_any(subject.operation, {_LIFETIME: ABSENT}) for _ in range(2)]
    opener = subject.opened_by[-1]
    stage.open(opener, Ref(handed[0], subject.expression), wait=_SECONDS - 30)
    stage.open(opener, Ref(handed[1], subject.expression), wait=60)


def check(history: History) -> Iterator[Chance]:
    """The answer tells 900, and the link works for as long and no longer."""
    for made in history:
        handed = [one for one in subjects(history.api) if one.operation.key == made.operation.key]
        sent = made.sent
        if not handed or not made.ok or not isinstance(sent, Mapping) or _LIFETIME in sent:
            continue
        answer = made.answer
        told = answer.get(_LIFETIME) if isinstance(answer, Mapping) else None
        if told == _SECONDS:
            yield kept(made)
        elif told is not None:
            yield broken("A link without a lifetime is told another.", made, place=_LIFETIME)
        for opening in openings(history):
            if opening.handed is not made or opening.opened.now is None or made.now is None:
                continue
            passed = (opening.opened.now - made.now).total_seconds()
            dead = opening.opened.status in opening.refusals
            if passed < _SECONDS - 5 and dead:
                yield broken(
                    "A link without a lifetime dies before 900 seconds.",
                    made,
                    opening.opened,
                    place=_LIFETIME,
                )
            elif passed > _SECONDS + 5 and not dead and not opening.opened.crashed:
                yield broken(
                    "A link without a lifetime lives longer than 900 seconds.",
                    made,
                    opening.opened,
                    place=_LIFETIME,
                )
