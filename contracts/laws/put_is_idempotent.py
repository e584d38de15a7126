"""The same PUT sent twice leaves what it left the first time."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from contracts.views import View, changes, looks, restless, writable
from openapi.resources import Resource, Role


def subjects(api: Api) -> Iterable[Resource]:
    """Resources whose items can be created, replaced, and read."""
    return writable(api, Role.REPLACE, Role.READ)


def provoke(stage: Stage, subject: Resource) -> None:
    """Replace an item twice by the same, and read it each time."""
    item = stage.create(subject)
    put = stage.do(Role.REPLACE, item)
    stage.read(item)
    stage.do(Role.REPLACE, item, body=stage.steps[put].body)
    stage.read(item)


def check(history: History) -> Iterator[Chance]:
    """After the second of two equal PUTs the item is as after the first."""
    puts = [one for one in history.chosen(Role.REPLACE) if one.address is not None]
    for number, second in enumerate(puts):
        first = next((one for one in puts[:number] if _equal(one, second)), None)
        if first is None or second.address is None or second.overlaps(first):
            continue
        if not history.quiet(first, second, second.address):
            continue
        if second.status in {404, 410}:
            yield broken(f"A PUT that is sent again finds nothing: {second.status}.", first, second)
        before, after = _last(history, first, second), _next(history, second)
        if before is None or after is None or not second.ok:
            continue
        still = restless(history, second.address.collection.resource)
        changed = [name for name, *_ in changes(before, after) if name not in still]
        shown = tuple(dict.fromkeys((first, before.exchange, second, after.exchange)))
        for name in changed:
            yield broken("A PUT that is sent again changes the item again.", *shown, place=name)
        if not changed:
            yield kept(*shown)


def _equal(first: Exchange, second: Exchange) -> bool:
    return first.ok and first.address == second.address and second.repeats(first)


def _last(history: History, first: Exchange, second: Exchange) -> View | None:
    """The item as it is after the first: as a read shows it, if there is one."""
    assert second.address is not None
    seen = [
        one
        for one in looks(history, second.address)
        if first.index <= one.exchange.index < second.index and not one.in_list
    ]
    return seen[-1] if seen else None


def _next(history: History, second: Exchange) -> View | None:
    assert second.address is not None
    for one in looks(history, second.address):
        reads = one.exchange.role is Role.READ and one.exchange.index > second.index
        if reads and history.undisturbed(second, one.exchange):
            return one
    return None
