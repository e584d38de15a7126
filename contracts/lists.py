"""Lists as a wrapper of a mock sees them: which page is asked for, and what the others hold."""

from collections.abc import Iterator
from typing import Any

from contracts.api import Api, Listing
from contracts.exchange import Response
from contracts.liar import Call, Item, put, with_value
from openapi import shapes
from openapi.filters import Filter
from openapi.listing import TOTALS
from openapi.resources import Role
from openapi.shapes import Place, spelling

_MANY = 1_000
"""Items that are asked for where all of them are wanted, and no maximum is described."""


def listings(api: Api) -> Iterator[Listing]:
    """How each list of the description lists."""
    return (api.listing(operation) for operation in api.operations(Role.LIST))


def page_asked(call: Call) -> tuple[int, int | None]:
    """Where the page begins that a list is asked for, and how many items it may hold."""
    query = {name: int(text) if text.isdecimal() else text for name, text in call.query}
    return call.api.listing(call.operation).paging.bounds(query, lambda _: None)


def is_later(call: Call) -> bool:
    """Whether another page than the first is asked for."""
    if call.role is not Role.LIST:
        return False
    cursor = call.api.listing(call.operation).paging.cursor
    return page_asked(call)[0] > 0 or (cursor is not None and call.asked(cursor.name) is not None)


def from_the_start(call: Call, size: int | None = None) -> Call:
    """The same list from its first item on: so many items, or as many as it gives."""
    paging = call.api.listing(call.operation).paging
    changes: dict[str, str | None] = dict.fromkeys(paging.used)
    if paging.size is not None:
        changes[paging.size.name] = str(size or paging.most or _MANY)
    return call.asking(**changes)


async def all_items(call: Call) -> list[Item]:
    """All the items that a list would show on its pages."""
    whole = from_the_start(call)
    return whole.items(await whole.answer()) or []


def wanted(call: Call) -> list[tuple[Filter, Any]]:
    """What a list is to be filtered by."""
    if call.role is not Role.LIST:
        return []
    return call.api.listing(call.operation).filters.wanted(dict(call.query))


def is_sorted(call: Call) -> bool:
    """Whether a list is asked for an order, which may be written as `sort[name]`, too."""
    by = call.api.listing(call.operation).sorting.by if call.role is Role.LIST else None
    return by is not None and any(name.partition("[")[0] == by.name for name, _ in call.query)


def can_filter(listing: Listing) -> bool:
    """Whether it can be asked to filter by anything that it need not be asked for."""
    names = [one.name for one in listing.operation.parameters if not one.required]
    return any(listing.filters.wanted({name: "any"}) for name in names)


def unfiltered(call: Call) -> Call:
    """The same page of the same list, whatever the items are like."""
    listing = call.api.listing(call.operation)
    kept = listing.paging.used | listing.sorting.names
    kept |= {one.name for one in call.operation.parameters if one.required}
    return call.asking(**{name: None for name, _ in call.query if name not in kept})


def tells_total(listing: Listing) -> bool:
    """Whether a list's answer describes the number of all items."""
    described = shapes.properties(listing.schema)
    inner = [name for part in described.values() for name in shapes.properties(part)]
    return any(spelling(name) in TOTALS for name in (*described, *inner))


def totals(value: Any, place: Place = ()) -> Iterator[tuple[Place, int]]:
    """Where an answer tells the number of all items, and what it says."""
    for name, one in value.items() if isinstance(value, dict) else ():
        if spelling(name) in TOTALS and isinstance(one, int) and not isinstance(one, bool):
            yield (*place, name), one
        elif not place:
            yield from totals(one, (name,))


def with_total(answer: Response, change: int) -> Response:
    """The answer, its number of all items changed by so many, if it tells one."""
    for place, total in totals(answer.value):
        answer = telling(answer, place, max(total + change, 0))
    return answer


def telling(answer: Response, place: Place, value: Any) -> Response:
    """The answer with another value in one place of its body."""
    return with_value(answer, put(answer.value, place, value))
