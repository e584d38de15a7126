"""What a request that was refused or failed leaves behind can be read like before."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from contracts.api import Api
from contracts.exchange import ABSENT
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.samples import FULL
from contracts.spoiled import spoiled
from contracts.stage import Stage
from contracts.views import addresses, changes, looks, makeable, restless, settable
from openapi.description import Operation
from openapi.resources import Resource, Role, sent_schema

Subject = tuple[Resource, Operation, int]
_AT_ONCE = 4
"""So many requests lie between two looks, so that what does harm is not hidden by what does not."""
_WALKS = 3
_ODD: tuple[Any, ...] = (None, -1, 2**63, "", "\u0000", "a" * 5000)


def subjects(api: Api) -> Iterable[Subject]:
    """Operations that create or change items which can be seen."""
    for resource in makeable(api):
        if not any(api.operation(role, resource) for role in (Role.READ, Role.LIST)):
            continue
        for role in (Role.CREATE, Role.REPLACE, Role.MERGE, Role.ACT):
            for operation in api.operations(role, resource):
                if operation.body is not None:
                    yield from ((resource, operation, number) for number in range(_WALKS))


def provoke(stage: Stage, subject: Subject) -> None:
    """Send bodies with faults and odd values, and look at the item and the list in between."""
    resource, operation, number = subject
    creates = stage.api.part(operation).role is Role.CREATE
    body = stage.body(operation, FULL)
    schema = sent_schema(operation)
    bodies = [one for _, one in spoiled(stage.api, schema, body)]
    for name in settable(schema):
        bodies += [{**(body if isinstance(body, dict) else {}), name: odd} for odd in _ODD]
    start = stage.number
    bodies = bodies[number::_WALKS]
    bodies = [
        bodies[(start + index) % len(bodies)] for index in range(min(3 * _AT_ONCE, len(bodies)))
    ]
    item = stage.create(resource)
    can_read = stage.api.operation(Role.READ, resource) is not None

    def look() -> None:
        if can_read:
            stage.read(item)
        stage.list_all_if_possible(resource, item.parents)

    look()
    for first in range(0, len(bodies), _AT_ONCE):
        for one in bodies[first : first + _AT_ONCE]:
            if creates:
                stage.create(resource, body=one, under=item.parents)
            else:
                stage.do(operation, item, body=one)
        look()


def check(history: History) -> Iterator[Chance]:
    """A look that succeeded before succeeds, and an item that none changed is the same."""
    yield from _looks(history)
    yield from _changed(history)


def _looks(history: History) -> Iterator[Chance]:
    for after in history.chosen(Role.READ, Role.LIST):
        before = next((one for one in history.before(after) if _like(one, after)), None)
        if before is None or not before.ok or not after.safe:
            continue
        deeds = [one for one in history.between(before, after) if not one.safe]
        harmful = [one for one in deeds if one.refused or one.crashed]
        if not harmful:
            continue
        shown = (before, *harmful, after)
        if len(harmful) == len(deeds) and after.status in {404, 410}:
            yield broken("An item is lost after a request that was not carried out.", *shown)
        elif not _is_readable(before, after) and len(harmful) == len(deeds):
            what = "list" if after.role is Role.LIST else "item"
            yield broken(
                f"The {what} cannot be read after a request that was not carried out: "
                f"{after.status}.",
                *shown,
            )
        elif len(harmful) == len(deeds) and after.ok:
            yield kept(*shown)


def _is_readable(before: Exchange, after: Exchange) -> bool:
    broken_off = before.answer is not ABSENT and after.ok and after.answer is ABSENT
    return not after.crashed and not broken_off


def _changed(history: History) -> Iterator[Chance]:
    """What a request that failed on the server's side left half done."""
    for address in addresses(history):
        still = restless(history, address.collection.resource)
        seen = [one for one in looks(history, address) if not one.in_list]
        for before, after in pairwise(seen):
            deeds = [
                one for one in history.between(before.exchange, after.exchange) if not one.safe
            ]
            failed = [one for one in deeds if one.crashed]
            if not failed or after.exchange.role is not Role.READ:
                continue
            if not all(one.crashed or one.refused for one in deeds):
                continue
            for name, *_ in changes(before, after):
                if name not in still:
                    yield broken(
                        "A request that failed changed an item.",
                        before.exchange,
                        *failed,
                        after.exchange,
                        place=name,
                    )


def _like(one: Exchange, other: Exchange) -> bool:
    return one.operation is other.operation and one.values == other.values and one.who == other.who
