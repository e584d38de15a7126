"""Reading and listing change nothing."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from contracts.api import Api, canonical, words
from contracts.history import Address, Exchange, History
from contracts.law import Chance, broken, kept
from contracts.names import is_mark_of_change, is_status
from contracts.pages import total_of
from contracts.samples import FULL, Recipe
from contracts.stage import Stage
from contracts.views import View, addresses, changes, creations, looks, makeable, untouched, views
from openapi import shapes
from openapi.description import Operation
from openapi.resources import Resource, Role

_TIMES = 3
_ONCE = re.compile(r"\b(once|one[- ]time|single[- ]use|burn|consume)", re.IGNORECASE)
"""How descriptions say that reading is the end of an item."""


def subjects(api: Api) -> Iterable[Resource]:
    """Resources whose items can be created and read, or listed."""
    read = makeable(api, Role.READ)
    return [*read, *(one for one in makeable(api, Role.LIST) if one not in read)]


def provoke(stage: Stage, subject: Resource) -> None:
    """Create two items, read one of them in every way, and look at both."""
    other = stage.create(subject)
    item = stage.create(subject, under=other.parents)
    can_read = stage.api.operation(Role.READ, subject) is not None
    reads = [
        operation
        for role in (Role.READ, Role.BELOW)
        for operation in stage.api.operations(role, subject)
        if operation.method in {"GET", "HEAD"} and stage.api.part(operation).key is not None
    ]
    stage.list_all_if_possible(subject, item.parents)
    if can_read:
        stage.read(item)
    for operation in reads:
        stage.do(operation, item, body=None, query=_query(stage, operation))
    if can_read:
        for _ in range(_TIMES):
            stage.read(item)
        stage.read(other)
    stage.list_all_if_possible(subject, item.parents)


def _query(stage: Stage, operation: Operation) -> dict[str, object]:
    return {
        one.name: stage.samples.parameter(one, Recipe(FULL, stage.number))
        for one in operation.parameters
        if one.place == "query"
    }


def check(history: History) -> Iterator[Chance]:
    """Between two looks with nothing but looks in between, item and list stay the same.

    What the server alone sets, such as a counter of views, may change.
    """
    for address in addresses(history):
        seen = list(looks(history, address))
        for number, after in enumerate(seen):
            before = next((one for one in reversed(seen[:number]) if _alike(one, after)), None)
            if before is None or not untouched(history, before.exchange, after.exchange):
                continue
            changed = [
                name
                for name in _changed(before, after)
                if not _by_itself(history, address, name, after)
            ]
            looks_before = [one for one in seen[:number] if _alike(one, after)]
            changed += _touched(history, [*looks_before[-2:], after])
            shown = _between(history, before.exchange, after.exchange)
            for name in changed:
                yield broken("Reading changes an item.", *shown, place=name)
            if not changed:
                yield kept(before.exchange, after.exchange)
        yield from _taken_away(history, address, seen)
    yield from _lists(history)


def _alike(before: View, after: View) -> bool:
    """Whether two looks show the same as long as nothing changes."""
    same_operation = before.exchange.operation is after.exchange.operation
    return same_operation and before.exchange.asks_alike(after.exchange)


def _changed(before: View, after: View) -> list[str]:
    barred = shapes.read_only(after.schema) | shapes.read_only(before.schema)
    return [name for name, *_ in changes(before, after) if name not in barred]


def _touched(history: History, seen: list[View]) -> list[str]:
    """What says when an item was changed, or how often, though nobody asked for a change.

    It has to move with every look of three: once it may by what a server does behind a create.
    """
    if len(seen) <= 2 or not untouched(history, seen[0].exchange, seen[-1].exchange):  # noqa: PLR2004
        return []
    return [
        name
        for name in seen[-1].item
        if is_mark_of_change(name)
        and all(one.item.get(name) != other.item.get(name) for one, other in pairwise(seen))
        and all(one.item.get(name) for one in seen)
    ]


def _by_itself(history: History, address: Address, name: str, after: View) -> bool:
    """Whether a status may have moved on without a read: a twin that nobody read has moved, too."""
    if not is_status(name):
        return False
    for made in creations(history):
        if made.address in {None, address} or made.collection != address.collection:
            continue
        twins = list(views(history, made.address)) if made.address is not None else []
        last = [one for one in twins if one.exchange.index > after.exchange.index]
        if twins and last and twins[0].item.get(name) == last[0].item.get(name):
            return False
    return True


def _taken_away(history: History, address: Address, seen: list[View]) -> Iterator[Chance]:
    for gone in history.of(address):
        if gone.role is not Role.READ or gone.status not in {404, 410} or gone.who != "first":
            continue
        earlier = [one.exchange for one in seen if one.exchange.index < gone.index]
        earlier = [one for one in earlier if one.operation is gone.operation]
        if not earlier or not earlier[-1].asks_alike(gone) or _ONCE.search(words(gone.operation)):
            continue
        if untouched(history, earlier[-1], gone):
            yield broken("Reading takes an item away.", *_between(history, earlier[-1], gone))


def _between(history: History, before: Exchange, after: Exchange) -> tuple[Exchange, ...]:
    return (before, *history.between(before, after), after)


def _lists(history: History) -> Iterator[Chance]:
    lists = [one for one in history.chosen(Role.LIST) if one.listed is not None]
    for before, after in pairwise(lists):
        same_list = before.operation is after.operation and before.values == after.values
        if not same_list or not untouched(history, before, after) or before.part is None:
            continue
        if canonical(before.part.resource).key is None:
            continue
        keys = [[one.key_of(item) for item in one.listed or ()] for one in (before, after)]
        fewer = len(keys[1]) < len(keys[0]) and set(keys[1]) < set(keys[0])
        totals = total_of(before), total_of(after)
        if fewer:
            yield broken(
                "Reading takes an item out of the list.", *_between(history, before, after)
            )
        elif None not in totals and totals[0] != totals[1]:
            yield broken("Reading changes the number of items.", *_between(history, before, after))
        else:
            yield kept(before, after)
