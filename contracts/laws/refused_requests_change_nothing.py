"""A request that was refused changed nothing."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from contracts.api import Api
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.pages import total_of
from contracts.samples import FULL
from contracts.spoiled import spoiled
from contracts.stage import Stage
from contracts.values import same
from contracts.views import addresses, changes, looks, makeable, restless
from openapi.description import Operation
from openapi.resources import Resource, Role, sent_schema

_AT_ONCE = 5
"""So many refused requests lie between two looks."""
Subject = tuple[Resource, Operation]


def subjects(api: Api) -> Iterable[Subject]:
    """Operations that create, change or act on items which can be seen."""
    for resource in makeable(api):
        for role in (Role.CREATE, Role.REPLACE, Role.MERGE, Role.ACT):
            for operation in api.operations(role, resource):
                seen = Role.LIST if role is Role.CREATE else Role.READ
                if api.operation(seen, resource) is not None:
                    yield resource, operation


def provoke(stage: Stage, subject: Subject) -> None:
    """Send bodies with one fault each, or the same again, and look before and after."""
    resource, operation = subject
    body = stage.body(operation, FULL)
    faulty = list(spoiled(stage.api, sent_schema(operation), body))
    start = stage.number % len(faulty) if faulty else 0
    bodies = [one for _, one in faulty[start:] + faulty[:start]]
    if stage.api.part(operation).role is Role.CREATE:
        _provoke_create(stage, resource, operation, bodies)
        return
    item = stage.create(resource)
    stage.read(item)
    if stage.api.part(operation).role is Role.ACT:
        # Most actions are refused when they were done before.
        for _ in range(2):
            stage.do(operation, item, body=body)
            stage.read(item)
    for start in range(0, min(len(bodies), 2 * _AT_ONCE), _AT_ONCE):
        for one in bodies[start : start + _AT_ONCE]:
            stage.do(operation, item, body=one)
        stage.read(item)


def _provoke_create(
    stage: Stage, resource: Resource, operation: Operation, bodies: list[dict[str, Any]]
) -> None:
    """Try to create what has a fault, and what is there already; look at what it refers to, too."""
    parents = stage.parents(stage.api.part(operation).resource)
    stage.body(operation)
    others = [
        one for one in stage.needed if stage.api.operation(Role.READ, one.resource) is not None
    ]
    first = stage.create(resource, under=parents)
    assert first.step is not None

    def look() -> None:
        stage.list_all_if_possible(resource, parents)
        for other in others:
            stage.read(other)

    look()
    for start in range(0, min(len(bodies), 2 * _AT_ONCE), _AT_ONCE):
        for one in bodies[start : start + _AT_ONCE]:
            stage.create(resource, body=one, under=parents)
        look()
    stage.create(resource, like=first.step, under=parents)
    look()


def check(history: History) -> Iterator[Chance]:
    """Items, lists and totals are the same before and after, where all in between was refused."""
    yield from _items(history)
    yield from _lists(history)


def _items(history: History) -> Iterator[Chance]:
    for address in addresses(history):
        still = restless(history, address.collection.resource)
        seen = [one for one in looks(history, address) if not one.in_list]
        for before, after in pairwise(seen):
            refused = _refused(history, before.exchange, after.exchange)
            if not refused or after.exchange.role is not Role.READ:
                continue
            changed = [name for name, *_ in changes(before, after) if name not in still]
            shown = (before.exchange, *refused, after.exchange)
            for name in changed:
                yield broken(
                    "A refused request changed an item.", *shown, place=name, at=refused[-1]
                )
            if not changed:
                yield kept(*shown)


def _lists(history: History) -> Iterator[Chance]:
    lists = [one for one in history.chosen(Role.LIST) if one.listed is not None]
    for number, after in enumerate(lists):
        before = next((one for one in reversed(lists[:number]) if _like(one, after)), None)
        refused = _refused(history, before, after) if before is not None else ()
        if before is None or not refused:
            continue
        shown = (before, *refused, after)
        totals = total_of(before), total_of(after)
        if _left_behind(before, after, refused):
            yield broken("A refused request left an item in the list.", *shown, at=refused[-1])
        elif None not in totals and totals[0] != totals[1]:
            yield broken("A refused request changed the number of items.", *shown, at=refused[-1])
        else:
            yield kept(*shown)


def _refused(history: History, before: Exchange, after: Exchange) -> tuple[Exchange, ...]:
    """The refused requests between two; none where anything else asked for a change."""
    between = [one for one in history.between(before, after) if not one.safe]
    return tuple(between) if all(one.refused for one in between) else ()


def _like(one: Exchange, other: Exchange) -> bool:
    return one.operation is other.operation and one.values == other.values


def _left_behind(before: Exchange, after: Exchange, refused: tuple[Exchange, ...]) -> bool:
    """Whether the list has an item more, with a value out of a body that was refused."""
    known = {before.key_of(item) for item in before.listed or ()}
    new = [item for item in after.listed or () if after.key_of(item) not in known]
    grown = len(after.listed or ()) > len(before.listed or ())
    return grown and any(_shares(item, one.sent) for item in new for one in refused)


def _shares(item: Mapping[str, Any], sent: Any) -> bool:
    if not isinstance(sent, Mapping):
        return False
    return any(
        isinstance(value, str | int | float) and value and same(value, item.get(name))
        for name, value in sent.items()
    )
