"""What a run created on a target, so that it can be removed at the end."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from contracts.history import Address, Exchange
from contracts.steps import Step
from openapi.resources import Role

_GONE = {404, 410}


@dataclass(frozen=True)
class Entry:
    """Something that a run created."""

    address: Address
    removal: Step | None
    """What deletes it; None: the description offers no way."""


@dataclass
class Ledger:
    """Everything that was created and is not known to be gone, in the order of its creation."""

    entries: dict[Address, Entry] = field(default_factory=dict)

    def note(self, exchange: Exchange) -> None:
        """Take up what an exchange created, and cross out what it removed."""
        address = exchange.address
        if address is None:
            return
        if exchange.role is Role.REMOVE and (exchange.ok or exchange.status in _GONE):
            self.entries.pop(address, None)
        elif exchange.status == _CREATED or (exchange.ok and exchange.role is Role.CREATE):
            self.entries[address] = Entry(address, _removal(exchange, address))

    def removals(self) -> Iterator[Entry]:
        """What can be removed, the youngest first: what is below goes before what it is below."""
        yield from [one for one in reversed(self.entries.values()) if one.removal is not None]


_CREATED = 201


def _removal(exchange: Exchange, address: Address) -> Step | None:
    assert exchange.part is not None
    operation = exchange.api.operation(Role.REMOVE, exchange.part.resource)
    if operation is None:
        return None
    part = exchange.api.part(operation)
    path = dict(zip(part.parents, address.collection.parents, strict=False))
    if len(path) < len(part.parents):
        return None
    values: dict[str, dict[str, Any]] = {"path": path | {part.key or "": address.key}}
    for parameter in operation.parameters:
        known = exchange.values.get((parameter.place, parameter.name))
        if parameter.required and parameter.place != "path" and known is not None:
            values.setdefault(parameter.place, {})[parameter.name] = known
    return Step(operation.key, values, who=exchange.who)
