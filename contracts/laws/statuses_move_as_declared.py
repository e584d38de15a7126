"""A status moves only as its lifecycle declares."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contracts.api import Api, flags
from contracts.handouts import handouts
from contracts.history import History
from contracts.law import Chance, broken, kept
from contracts.lifecycles import Sight, life_of, lives, move, sights
from contracts.stage import Handle, Impossible, Stage
from openapi.resources import Resource, Role

OVER_TIME = True
_ALL_THAT_CAN_BE_DONE = ""


@dataclass(frozen=True)
class Subject:
    """An item with a lifecycle, and what is tried with it."""

    resource: Resource
    status: str = _ALL_THAT_CAN_BE_DONE
    """The status that it is brought to."""
    flag: str = ""
    """What its creation is asked for, such as `draft`."""


def subjects(api: Api) -> Iterable[Subject]:
    """Resources with a lifecycle, with each status that an item can be brought to."""
    for resource, life in lives(api):
        creating = api.operation(Role.CREATE, resource)
        if creating is None:
            continue
        start = str(life.declared.starts[0]) if life.declared.starts else ""
        for status in life.statuses:
            if not start or status == start or life.way(start, status) is not None:
                yield Subject(resource, status)
        yield Subject(resource)
        for flag in flags(creating):
            yield Subject(resource, flag=flag)


def provoke(stage: Stage, subject: Subject) -> None:
    """Bring an item to a status by declared moves, then try every other one.

    Without a status, do all that can be done to an item, one after the other.
    """
    resource, status = subject.resource, subject.status
    life = life_of(resource)
    assert life is not None
    handle = stage.create(resource, query={subject.flag: True} if subject.flag else None)
    _look(stage, handle)
    if status == _ALL_THAT_CAN_BE_DONE:
        _act(stage, handle)
        _open_links(stage, handle)
        return
    start = str(life.declared.starts[0]) if life.declared.starts else status
    for step in life.way(start, status) or []:
        move(stage, handle, life, step)
    _look(stage, handle)
    for other in life.statuses:
        if not life.follows(status, other):
            move(stage, handle, life, other)
            _look(stage, handle)


def _act(stage: Stage, handle: Handle) -> None:
    for operation in stage.api.operations(Role.ACT, handle.resource):
        try:
            stage.do(operation, handle)
        except Impossible:
            continue
        _look(stage, handle)


def _open_links(stage: Stage, handle: Handle) -> None:
    """Open a link to the item in every way, and act on it in between."""
    stage.need(handle)
    for handout in handouts(stage.api):
        part = stage.api.parts[handout.operation.key]
        if part is None or part.resource is not handle.resource or handle.step is None:
            continue
        is_creation = part.role is Role.CREATE
        handed = handle.step if is_creation else stage.call_any(handout.operation)
        for opener in handout.opened_by:
            handout.open(stage, opener, handed)
            _look(stage, handle)
            _act(stage, handle)


def _look(stage: Stage, handle: Handle) -> None:
    if stage.api.operation(Role.READ, handle.resource) is not None:
        stage.read(handle)


def check(history: History) -> Iterator[Chance]:
    """From one sight of an item's status to the next, only declared moves lie between."""
    last: dict[str, Sight] = {}
    for sight in sights(history):
        before = last.get(str(sight.address))
        last[str(sight.address)] = sight
        if before is None or before.life.name != sight.life.name:
            continue
        if before.life.is_final(before.status):
            continue  # `final_statuses_stay` is of these
        if _may(history, before, sight):
            yield kept(before.exchange, sight.exchange)
        else:
            # What forgets to ask for the status before is one cause, whichever that was:
            # the text in quotes tells no findings apart.
            yield broken(
                f"'{before.status}' became {sight.status}, which may not follow.",
                before.exchange,
                *[one for one in history.between(before.exchange, sight.exchange) if not one.safe],
                sight.exchange,
                place=sight.life.name,
            )


def _may(history: History, before: Sight, sight: Sight) -> bool:
    """Whether one status may be seen after another: by one move where only one can have been."""
    life = sight.life
    between = list(history.between(before.exchange, sight.exchange))
    writes = [one for one in (*between, sight.exchange) if not one.safe and not one.refused]
    waited = any(one.step.wait for one in (*between, sight.exchange))
    if not writes and not waited and not life.declared.actions:
        # It moved by itself, perhaps more than once.
        return life.may_become(before.status, sight.status)
    if len(writes) == 1 and writes[0] is sight.exchange and not waited:
        return life.follows(before.status, sight.status)
    return life.may_become(before.status, sight.status)
