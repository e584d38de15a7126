"""A link that has expired does nothing any more, and says so."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from contracts.api import Api
from contracts.handouts import Handout, Opening, handouts, openings
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.lifecycles import status_of
from contracts.stage import Stage
from openapi.durations import Duration
from openapi.resources import Role

_USUAL = timedelta(days=40).total_seconds()
"""Seconds after which a link is taken to be over where only its answer tells its end."""
_LEEWAY = 5


OVER_TIME = True


def subjects(api: Api) -> Iterable[Handout]:
    """Operations that hand out links whose end is declared."""
    return handouts(api)


def provoke(stage: Stage, subject: Handout) -> None:
    """Hand links out, with the shortest life that can be asked for, and open them after it."""
    changes = subject.lasting(1)
    wait = next(iter(changes.values()), _lifetime(subject))
    handed = [stage.call_any(subject.operation, changes) for _ in subject.opened_by]
    about = [handle for handle in stage.needed if stage.api.operation(Role.READ, handle.resource)]
    for index, handle in enumerate(about):
        stage.read(handle, wait=0 if index else wait + _LEEWAY)
    for index, opener in enumerate(subject.opened_by):
        late = 0 if index or about else wait + _LEEWAY
        subject.open(stage, opener, handed[index], wait=late)
        for handle in about:
            stage.read(handle)


def _lifetime(subject: Handout) -> float:
    after = subject.expiry.after
    if isinstance(after, Duration):
        return after.months * 31 * 86_400 + after.seconds
    return _USUAL if after is None or isinstance(after, str) else float(after)


def check(history: History) -> Iterator[Chance]:
    """After its end a link is refused, with the status that is declared."""
    for opening in openings(history):
        if not opening.late:
            continue
        handed, opened = opening.handed, opening.opened
        acted = _acted(history, opening)
        if acted is not None:
            yield broken(
                "A link changes a status after its time is over.",
                handed,
                acted[0],
                opened,
                acted[1],
            )
        elif opened.status in opening.refusals:
            yield kept(handed, opened)
        elif opened.response is not None and not opened.crashed:
            yield broken(
                f"A link is answered {opened.status} after its time is over.", handed, opened
            )


def _harmless(one: Exchange) -> bool:
    return one.safe or one.refused


def _acted(history: History, opening: Opening) -> tuple[Exchange, Exchange] | None:
    """Two reads of one item around the opening, and nothing else, that show other statuses."""
    opened = opening.opened
    for before in history.before(opened):
        life = status_of(before)
        if life is None or before.item is None or before.role is not Role.READ:
            continue
        for after in history.after(opened):
            if after.address != before.address or after.item is None:
                continue
            if not after.safe:
                break
            between = [one for one in history.between(before, after) if one is not opened]
            if any(one.step.wait or one.opens or not _harmless(one) for one in between):
                break
            if before.item.get(life.name) != after.item.get(life.name):
                return before, after
            break
    return None
