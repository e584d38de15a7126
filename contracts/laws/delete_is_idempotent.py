"""A DELETE that is sent again does no more harm than the first."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from contracts.views import creations, makeable
from openapi.resources import Resource, Role


def subjects(api: Api) -> Iterable[Resource]:
    """Resources whose items can be created and deleted."""
    return makeable(api, Role.REMOVE)


def provoke(stage: Stage, subject: Resource) -> None:
    """Create two items, delete one of them twice, and look at the other."""
    item = stage.create(subject)
    other = stage.create(subject, under=item.parents)
    stage.remove(item)
    if stage.api.operation(Role.READ, subject) is not None:
        stage.read(item)
        stage.read(other)
    stage.remove(item)
    if stage.api.operation(Role.READ, subject) is not None:
        stage.read(other)
        stage.read(item)


def check(history: History) -> Iterator[Chance]:
    """The second DELETE of an item does not crash, and no other item is lost by it."""
    for second in history.chosen(Role.REMOVE):
        first = _first(history, second)
        if first is None or second.address is None:
            continue
        if second.crashed:
            yield broken(f"A DELETE that is sent again crashes: {second.status}.", first, second)
            continue
        lost, back = _lost(history, second), _back(history, first, second)
        if lost is not None:
            yield broken("A DELETE that is sent again deletes another item.", *lost)
        elif back is not None:
            yield broken("A DELETE that is sent again brings the item back.", first, second, back)
        else:
            yield kept(first, second)


def _first(history: History, second: Exchange) -> Exchange | None:
    """An equal one that was carried out before, with nothing after it that made the item again."""
    for one in history.before(second):
        if one.address == second.address and not one.safe:
            equal = one.operation is second.operation and one.ok and one.values == second.values
            return one if equal and not one.overlaps(second) else None
    return None


def _back(history: History, first: Exchange, second: Exchange) -> Exchange | None:
    """A read that finds what was not found between the two, or that would not be looked for."""
    assert second.address is not None
    reads = [one for one in history.of(second.address) if one.role is Role.READ]
    between = [one for one in reads if first.index < one.index < second.index]
    for read in reads:
        if read.index > second.index and history.quiet(second, read, second.address):
            was_gone = bool(between) and between[-1].refused
            return read if read.ok and was_gone else None
    return None


def _lost(history: History, second: Exchange) -> tuple[Exchange, ...] | None:
    """A read of another item before it that found it, the DELETE, and one after that does not."""
    for made in creations(history, second.who):
        if made.index > second.index or made.address == second.address:
            continue
        reads = [one for one in history.of(made.address) if one.role is Role.READ]
        before = [one for one in reads if one.index < second.index and one.ok]
        after = [one for one in reads if one.index > second.index]
        if not before or not after or after[0].status not in {404, 410}:
            continue
        if not before[-1].asks_alike(after[0]):
            continue
        if history.undisturbed(before[-1], second) and history.undisturbed(second, after[0]):
            return before[-1], second, after[0]
    return None
