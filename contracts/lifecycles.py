"""Statuses whose moves are declared, as exchanges show them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.api import Api
from contracts.history import Address, Exchange, History
from contracts.stage import Handle, Stage
from openapi import declarations, shapes
from openapi.declarations import Expiry, Lifecycle
from openapi.description import Operation
from openapi.references import EXPIRY, LIFECYCLE
from openapi.resources import Resource, Role
from openapi.schemas import Schema


@dataclass(frozen=True)
class Life:
    """The declared lifecycle of a resource's items."""

    name: str
    """The property that holds the status."""
    declared: Lifecycle
    statuses: tuple[str, ...]
    """All that there are, in the order of the description."""
    expired: str | None
    """What an item shows once it has expired."""

    def follows(self, before: str, after: str) -> bool:
        """Whether a status may come directly after another."""
        return before == after or after in map(str, self.declared.moves.get(before, ()))

    def may_become(self, before: str, after: str) -> bool:
        """Whether a status may come after another, by any number of moves."""
        reached, waiting = {before}, [before]
        while waiting:
            for one in map(str, self.declared.moves.get(waiting.pop(), ())):
                if one not in reached:
                    reached.add(one)
                    waiting.append(one)
        return after in reached or after == self.expired

    def is_final(self, status: str) -> bool:
        """Whether nothing follows a status."""
        return status in self.statuses and not self.declared.moves.get(status)

    def way(self, before: str, after: str) -> list[str] | None:
        """The statuses on the shortest way from one to another, the first left out."""
        ways = {before: [before]}
        waiting = [before]
        while waiting:
            here = waiting.pop(0)
            for one in map(str, self.declared.moves.get(here, ())):
                if one not in ways:
                    ways[one] = [*ways[here], one]
                    waiting.append(one)
        return ways[after][1:] if after in ways else None


def life_in(schema: Schema) -> Life | None:
    """The lifecycle that one of the properties of an item declares."""
    for name, part in shapes.properties(schema).items():
        declared = shapes.keyword(part, LIFECYCLE)
        if declared is None:
            continue
        moves = declarations.lifecycle(declared)
        values = shapes.keyword(part, "enum")
        known = [str(one) for one in values] if isinstance(values, list) else []
        for status, following in moves.moves.items():
            known += [one for one in map(str, (status, *following)) if one not in known]
        return Life(name, moves, tuple(known), _expired(schema, name))
    return None


def _expired(schema: Schema, name: str) -> str | None:
    declared = shapes.keyword(schema, EXPIRY)
    found: tuple[Expiry, ...] = declarations.expiries(declared) if declared is not None else ()
    for expiry in found:
        if expiry.status is not None and expiry.status[0] == name:
            return str(expiry.status[1])
    return None


def life_of(resource: Resource) -> Life | None:
    """The lifecycle of a resource's items."""
    return life_in(resource.item_schema)


def lives(api: Api) -> Iterator[tuple[Resource, Life]]:
    """The resources whose items have a declared lifecycle."""
    for resource in api.resources_with():
        life = life_of(resource)
        if life is not None:
            yield resource, life


def status_of(exchange: Exchange) -> Life | None:
    """The lifecycle of the resource that an exchange is about."""
    return life_of(exchange.part.resource) if exchange.part is not None else None


@dataclass(frozen=True)
class Sight:
    """A status of an item as an exchange showed it."""

    exchange: Exchange
    address: Address
    status: str
    life: Life


def sights(history: History) -> Iterator[Sight]:
    """Every status that the history shows, in order; those that were sent together are left out."""
    for exchange in history:
        life = status_of(exchange)
        if life is None or not exchange.ok or any(exchange.overlaps(one) for one in history):
            continue
        items: list[tuple[Address | None, Mapping[str, Any]]] = []
        if exchange.item is not None and _is_of(exchange):
            items.append((exchange.address, exchange.item))
        for item in exchange.listed or ():
            key = exchange.key_of(item)
            if key is not None and exchange.collection is not None:
                items.append((Address(exchange.collection, key), item))
        for address, item in items:
            status: Any = item.get(life.name)
            if address is not None and isinstance(status, str | int):
                yield Sight(exchange, address, str(status), life)


def _is_of(exchange: Exchange) -> bool:
    """Whether the item in an answer is the one that its path names."""
    key = exchange.key_of(exchange.item)
    return key is None or exchange.address is None or key == exchange.address.key


def move(stage: Stage, handle: Handle, life: Life, status: str) -> None:
    """Ask for a status: by an operation that is declared to lead there, else by a change."""
    for name, action in life.declared.actions.items():
        operation = stage.api.named(name)
        part = stage.api.parts[operation.key] if operation is not None else None
        is_act = part is not None and part.role is Role.ACT and part.resource is handle.resource
        if operation is not None and action == status and is_act:
            stage.do(operation, handle)
            return
    for operation in changing(stage.api, handle.resource, life):
        changes = {life.name: status}
        if stage.api.part(operation).role is Role.MERGE:
            stage.do(operation, handle, body=changes)
        else:
            stage.do(operation, handle, changes=changes)
        return


def changing(api: Api, resource: Resource, life: Life) -> Iterator[Operation]:
    """The operations whose bodies can name another status, those that merge first."""
    for role in (Role.MERGE, Role.REPLACE):
        operation = api.operation(role, resource)
        if operation is None or operation.body is None:
            continue
        schemas = [one.schema for one in operation.body.content.values() if one.schema is not None]
        if any(life.name in shapes.properties(schema) for schema in schemas):
            yield operation
