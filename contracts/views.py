"""What a history shows of an item, time after time, and what of it changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.api import Api, shown_schema
from contracts.exchange import ABSENT
from contracts.history import Address, Collection, Exchange, History
from contracts.names import is_restless, selects
from contracts.values import differences, same
from openapi import shapes
from openapi.description import Operation
from openapi.resources import Resource, Role
from openapi.schemas import Schema
from openapi.shapes import spelling

_CREATED = 201


@dataclass(frozen=True, eq=False)
class View:
    """An item as one exchange shows it."""

    exchange: Exchange
    item: Mapping[str, Any]
    schema: Schema
    """Describes the item there."""

    @property
    def in_list(self) -> bool:
        """Whether it is one of a list, where a part of it may be all that is shown."""
        return self.exchange.role is Role.LIST


def view(exchange: Exchange, address: Address) -> View | None:
    """The item with that address as an exchange shows it; None: it does not."""
    if exchange.part is None or exchange.operation.method == "HEAD":
        return None
    if exchange.address == address and exchange.item is not None:
        schema = shown_schema(exchange.operation, exchange.part.resource)
        return View(exchange, exchange.item, schema)
    for item in exchange.listed or () if lists(exchange, address.collection) else ():
        if exchange.key_of(item) == address.key:
            return View(exchange, item, exchange.api.listing(exchange.operation).item)
    return None


def lists(exchange: Exchange, collection: Collection) -> bool:
    """Whether an exchange lists a collection, or one that its items are in, too."""
    listed = exchange.collection if exchange.listed is not None else None
    return (
        listed is not None
        and listed.resource == collection.resource
        and listed.parents in {collection.parents, ()}
    )


def views(history: History, address: Address, who: str = "first") -> Iterator[View]:
    """Every view of an item by one identity, in order."""
    for exchange in history:
        found = view(exchange, address) if exchange.who == who else None
        if found is not None:
            yield found


def looks(history: History, address: Address, who: str = "first") -> Iterator[View]:
    """The views of an item by reading or listing: what a write answers may tell what was sent."""
    return (one for one in views(history, address, who) if one.exchange.safe)


def addresses(history: History) -> list[Address]:
    """The items that a history is about, in the order in which they come up."""
    return list(dict.fromkeys(one.address for one in history if one.address is not None))


def changes(before: View, after: View) -> Iterator[tuple[str, str, Any, Any]]:
    """What changed of an item between two views: property, pointer in it, before, after.

    Left out is what servers change by themselves, and what only one of the views describes; views
    that were asked for in different words are not compared.
    """
    if not before.exchange.asks_alike(after.exchange):
        return
    same_view = before.exchange.operation is after.exchange.operation
    described = shapes.properties(before.schema).keys() & shapes.properties(after.schema).keys()
    for name in [*before.item, *(name for name in after.item if name not in before.item)]:
        if is_restless(name) or not (same_view or name in described):
            continue
        old, new = before.item.get(name, ABSENT), after.item.get(name, ABSENT)
        if not same_view and ABSENT in (old, new):
            continue
        if _empty(old) and _empty(new):
            continue
        told = new if _empty(old) else old
        selected = left_out(before, name, told) or left_out(after, name, told)
        if not same_view and selected and (_empty(old) or _empty(new)):
            continue
        if ABSENT in (old, new):
            yield name, f"/{name}", old, new
            continue
        part = shapes.properties(after.schema).get(name, True)
        yield from (
            (name, f"/{name}{pointer}", one, other)
            for pointer, one, other in _changed_parts(old, new, part, same_view=same_view)
        )


def _changed_parts(
    old: Any, new: Any, schema: Schema, *, same_view: bool
) -> Iterator[tuple[str, Any, Any]]:
    """The first part of a value that changed; what was added counts if both views are the same."""
    for pointer, one, other in differences(old, new, schema):
        if not any(is_restless(piece) for piece in pointer.split("/")):
            yield pointer, one, other
            return
    if same_view and not same(_steady(old), _steady(new)):
        yield "", old, new


def _steady(value: Any) -> Any:
    """A value without what servers change by themselves."""
    if isinstance(value, Mapping):
        return {name: _steady(one) for name, one in value.items() if not is_restless(name)}
    return [_steady(one) for one in value] if isinstance(value, list) else value


def restless(history: History, resource: str) -> set[str]:
    """Properties that changed from one look to the next although nobody asked for a change."""
    found: set[str] = set()
    for address in addresses(history):
        if address.collection.resource != resource:
            continue
        before: View | None = None
        for seen in looks(history, address):
            if before is not None and untouched(history, before.exchange, seen.exchange):
                found |= {name for name, *_ in changes(before, seen)}
            before = seen
    return found


def left_out(seen: View, name: str, value: Any) -> bool:
    """Whether a query might have asked for a property to be shown, as `include_notes` for notes.

    Words such as `expand` or `include` are for what has parts; where such a word was sent, it may
    leave out anything.
    """
    if any(map(selects, _asked(seen.exchange))):
        return True
    has_parts = isinstance(value, list | Mapping)
    queried = [one.name for one in seen.exchange.operation.parameters if one.place == "query"]
    return any(spelling(name) in spelling(one) or (has_parts and selects(one)) for one in queried)


def _asked(exchange: Exchange) -> Iterator[str]:
    """The names in a query that was sent: of parameters, and of what is in them."""
    for (place, name), value in exchange.values.items():
        if place == "query":
            yield name
            yield from value if isinstance(value, Mapping) else ()


def untouched(history: History, one: Exchange, other: Exchange) -> bool:
    """Whether nobody asked for a change between two exchanges, or by the second."""
    return other.safe and all(each.safe for each in history.between(one, other))


def settable(schema: Schema) -> dict[str, Schema]:
    """The properties of a request's body that a client may set."""
    barred = shapes.read_only(schema)
    return {name: part for name, part in shapes.properties(schema).items() if name not in barred}


def _empty(value: Any) -> bool:
    return value is ABSENT or value is None or value in ([], {})


def creations(history: History, who: str = "first") -> Iterator[Exchange]:
    """The exchanges that created an item whose address is known."""
    for one in history:
        made = one.role is Role.CREATE or (one.role is Role.REPLACE and one.status == _CREATED)
        if made and one.ok and one.who == who and one.address is not None:
            yield one


def makeable(api: Api, *roles: Role) -> list[Resource]:
    """The resources to which all of that can be done, and whose items POST or PUT creates."""
    made = api.resources_with(Role.CREATE)
    put = [
        resource
        for resource in api.resources_with(Role.REPLACE)
        if resource not in made and _creates(api.operation(Role.REPLACE, resource))
    ]
    return [one for one in made + put if all(api.operation(role, one) for role in roles)]


def writable(api: Api, *roles: Role) -> list[Resource]:
    """Those, and what there is only one of below such an item, as its settings."""
    made = makeable(api)
    once = [one for one in api.resources_with() if one.singleton and one.parent in made]
    return [one for one in made + once if all(api.operation(role, one) for role in roles)]


def _creates(operation: Operation | None) -> bool:
    return operation is not None and any(one.status == str(_CREATED) for one in operation.responses)
