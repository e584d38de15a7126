"""What one created for themselves nobody else changes."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.owners import Owned, owned
from contracts.stage import Stage
from contracts.steps import FIRST, SECOND
from contracts.views import View, changes, makeable, restless, view
from openapi.description import Operation
from openapi.resources import Resource, Role

LIKELY = "The item is found by its key alone, whoever wants to change it."
_WRITES = (Role.MERGE, Role.REPLACE, Role.ACT)
Subject = tuple[Resource, Operation]


def subjects(api: Api) -> Iterable[Subject]:
    """Operations that change an item with credentials, where it can be created and read."""
    for resource in makeable(api, Role.READ):
        for role in _WRITES:
            for operation in api.operations(role, resource):
                if operation.security:
                    yield resource, operation


def provoke(stage: Stage, subject: Subject) -> None:
    """Create an item, have it changed by another identity, and look at it before and after."""
    resource, operation = subject
    mine = stage.create(resource)
    stage.create(resource, under=mine.parents)
    stage.create(resource, who=SECOND, under=mine.parents)
    if stage.api.operation(Role.LIST, resource) is not None:
        long = stage.longest_page(resource)
        stage.list_all(resource, mine.parents, long)
        stage.list_all(resource, mine.parents, long, who=SECOND)
    stage.read(mine, who=SECOND)
    stage.read(mine)
    stage.do(operation, mine, who=SECOND)
    stage.read(mine)


def check(history: History) -> Iterator[Chance]:
    """What is the first identity's alone is after a change of the second's as it was before."""
    for one in owned(history):
        for write in history.after(one.created):
            if write.who != SECOND or write.role not in _WRITES or write.address != one.address:
                continue
            before = _seen(history, one, write, later=False)
            after = _seen(history, one, write, later=True)
            if before is not None and after is not None:
                yield from _judged(history, one, write, before, after)


def _seen(history: History, one: Owned, write: Exchange, *, later: bool) -> View | None:
    """What the first identity saw next to a write, with nothing else in between."""
    around = history.after(write) if later else history.before(write)
    for each in around:
        found = view(each, one.address) if each.who == FIRST else None
        if found is not None and not found.in_list:
            ends = sorted((each, write), key=lambda two: two.index)
            is_fine = history.undisturbed(ends[0], ends[1]) and (each.safe or not later)
            return found if is_fine else None
    return None


def _judged(
    history: History, one: Owned, write: Exchange, before: View, after: View
) -> Iterator[Chance]:
    still = restless(history, one.address.collection.resource)
    changed = [name for name, *_ in changes(before, after) if name not in still]
    shown = (before.exchange, write, after.exchange)
    place = write.operation.name
    if write.refused and changed:
        problem = "Another identity's change is refused, and made."
        yield broken(problem, *shown, place=place, at=write)
    elif write.refused:
        yield kept(*shown)
    elif write.ok and changed and (proofs := one.proofs(write)):
        problem = "Another identity changes what one created for itself."
        whole = sorted({*shown, *proofs}, key=lambda each: each.index)
        yield broken(problem, *whole, place=place, at=write)
