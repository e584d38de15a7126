"""What is declared of items' lives, as it holds for the items of one schema."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any

from mock_server.refusals import BadRequest, Conflict, Forbidden, Gone, NotFound, Refusal
from mock_server.resources.verbs import forms
from mock_server.sandbox.clock import moment, timestamp
from openapi import declarations, shapes
from openapi.description import Description
from openapi.durations import Duration
from openapi.references import EXPIRY, LIFECYCLE
from openapi.resources import Resource
from openapi.schemas import Schema

_USUAL_SECONDS = 900
"""How long an item lives whose end only the server sets, where no lifetime is declared."""

_REFUSALS: dict[int, type[Refusal]] = {
    refusal.status: refusal for refusal in (BadRequest, Forbidden, NotFound, Conflict, Gone)
}


@dataclass(frozen=True)
class Lifecycle:
    """The statuses in one property of an item, and the moves between them."""

    name: str
    declared: declarations.Lifecycle
    """Its actions are those of `METHOD /path`."""
    keys: Mapping[str, str]
    """`METHOD /path` of operations by operationId."""

    @cached_property
    def starts(self) -> tuple[Any, ...]:
        """What a new item may begin as; empty: anything."""
        return self.declared.starts

    @property
    def initial(self) -> Any:
        """What a new item begins as where nothing else is asked for; None: anything."""
        return self.starts[0] if self.starts else None

    def refuses_start(self, status: Any) -> str | None:
        """Why a new item cannot begin as that; None where it can."""
        if not self.starts or status in self.starts:
            return None
        return f"`{self.name}` begins as {' or '.join(map(str, self.starts))}, not {status}."

    def refuses(self, before: Any, after: Any) -> str | None:
        """Why a status cannot follow another; None where it can, or is the same."""
        if before == after or self.moves(before, after):
            return None
        allowed = ", ".join(map(str, self._following(before)))
        rest = f"it may become {allowed}" if allowed else "that is final"
        return f"`{self.name}` cannot become {after}: it is {before}, and {rest}."

    def moves(self, before: Any, after: Any) -> bool:
        """Whether a status may move on to another."""
        return after in self._following(before)

    def is_final(self, status: Any) -> bool:
        """Whether no move leads out of a status."""
        return not self.declared.moves.get(str(status))

    def _following(self, status: Any) -> Sequence[Any]:
        return self.declared.moves.get(str(status), ())

    def moved_by(self, operation: str, sent: Any = None) -> Any:
        """The status that an operation with that body moves to; None: none is declared."""
        return self.declared.moved_by(self.keys.get(operation, operation), sent)

    def settable_by(self, operation: str) -> list[Any] | None:
        """The statuses that an operation may set; None: any that may follow."""
        return self.declared.settable_by(self.keys.get(operation, operation))


@dataclass(frozen=True)
class Expiry:
    """When an item expires, where that shows, and how."""

    declared: declarations.Expiry
    usual: Any = None
    """What the property with the lifetime holds where an item has none."""

    @property
    def leaves_nothing(self) -> bool:
        """Whether an expired item is gone, as if it had been deleted."""
        return self.declared.status is None and not self.declared.opened_by

    @property
    def shown(self) -> dict[str, Any]:
        """What an expired item shows."""
        return {} if self.declared.status is None else dict([self.declared.status])

    def holds(self, item: Mapping[str, Any]) -> bool:
        """Whether it is about items as this one is now."""
        if self.declared.during is None:
            return True
        name, values = self.declared.during
        return item.get(name) in values

    def moment(self, item: Mapping[str, Any], since: datetime) -> datetime | None:
        """When an item expires that is so since then; None: never."""
        at = item.get(self.declared.at) if self.declared.at is not None else None
        if not isinstance(at, str):
            return self.made(item, since)
        try:
            return moment(at)
        except ValueError:
            return None

    def filled(self, item: Mapping[str, Any], since: datetime) -> dict[str, Any]:
        """The moment in its property, where the server makes it."""
        expires = self.made(item, since)
        if self.declared.at is None or expires is None:
            return {}
        return {self.declared.at: timestamp(expires)}

    def made(self, item: Mapping[str, Any], since: datetime) -> datetime | None:
        """When an item expires by its lifetime alone; None where none is declared."""
        after = self.declared.after
        seconds = item.get(after, self.usual) if isinstance(after, str) else after
        try:
            if isinstance(seconds, Duration):
                return seconds.after(since)
            if isinstance(seconds, int | float) and not isinstance(seconds, bool):
                return since + timedelta(seconds=seconds)
        except OverflowError:
            pass
        return None

    def refusal(self, detail: str, documented: Container[str] = ()) -> Refusal:
        """What answers afterwards: 410, if nothing else is declared or documented."""
        only_missing = "404" in documented and "410" not in documented
        status = self.declared.answers or (404 if only_missing else 410)
        return _REFUSALS[status](detail)


@dataclass(frozen=True)
class Expiries:
    """All that a schema declares of when its items expire: the first that holds counts."""

    kinds: tuple[Expiry, ...]

    def number_of(self, item: Mapping[str, Any]) -> int | None:
        """The place of the one that counts for an item as it is now; None where none does."""
        return next((n for n, kind in enumerate(self.kinds) if kind.holds(item)), None)

    def of(self, item: Mapping[str, Any]) -> Expiry | None:
        """The one that counts for an item as it is now; None where none does."""
        return next((kind for kind in self.kinds if kind.holds(item)), None)

    @cached_property
    def _has_lifetime(self) -> bool:
        return any(kind.declared.after is not None for kind in self.kinds)

    def made(self, item: Mapping[str, Any], since: datetime) -> datetime | None:
        """When an item expires by the lifetime that counts for it; None where none is declared."""
        expiry = self.of(item) if self._has_lifetime else None
        return None if expiry is None else expiry.made(item, since)

    def ended(self, item: Mapping[str, Any], *, over: bool) -> Expiry | None:
        """The one by which an item has expired: it shows so, or its time is `over`."""
        for kind in self.kinds:
            if kind.declared.status is not None:
                name, value = kind.declared.status
                if item.get(name) == value:
                    return kind
        return self.of(item) if over else None


class Declared:
    """What a description declares of its schemas' items, by the schemas' names.

    Each is compiled once. All raise LookupError for what there is not.
    """

    def __init__(self, description: Description) -> None:
        self._description = description
        self.lifecycle = cache(self._lifecycle)
        """The lifecycle in a schema's status property."""
        self.expiries = cache(self._expiries)
        """The expiries of a schema; there may be none."""

    def _lifecycle(self, schema: str) -> Lifecycle:
        found = lifecycle_of(self._description.schema(schema), self._description)
        if found is None:
            raise LookupError(f"The schema {schema} has no property with an `{LIFECYCLE}`.")
        return found

    def _expiries(self, schema: str) -> Expiries:
        return expiries_of(self._description.schema(schema))


def lifecycle_of(schema: Schema, description: Description) -> Lifecycle | None:
    """The lifecycle that one of an item's properties declares."""
    for name, part in shapes.properties(schema).items():
        found = shapes.keyword(part, LIFECYCLE)
        if found is not None:
            keys = {id: operation.key for id, operation in description.by_id.items()}
            declared = declarations.lifecycle(found)
            actions = {keys.get(one, one): action for one, action in declared.actions.items()}
            return Lifecycle(name, replace(declared, actions=actions), keys)
    return None


def expiries_in(resource: Resource) -> Expiries | None:
    """The expiries that are declared of a resource's items; None where none are.

    An end that clients never send and nothing declares is after the usual lifetime.
    """
    kinds = tuple(
        replace(kind, after=_USUAL_SECONDS)
        if kind.after is None and resource.is_made(kind.at)
        else kind
        for kind in resource.expiries
    )
    return _expiries(kinds, resource.item_schema) if kinds else None


def expiries_of(schema: Schema) -> Expiries:
    """The expiries that a schema declares."""
    declared = shapes.keyword(schema, EXPIRY)
    return _expiries(declarations.expiries(declared) if declared is not None else (), schema)


def _expiries(kinds: Sequence[declarations.Expiry], schema: Schema) -> Expiries:
    described = shapes.properties(schema)
    return Expiries(
        tuple(
            Expiry(kind, shapes.keyword(described.get(str(kind.after), True), "default"))
            for kind in kinds
        )
    )


def status_after(verb: str, schema: Schema) -> tuple[str, Any] | None:
    """The status property and value that a verb leads to, such as `cancelled` for `cancel`."""
    meant = forms(verb)
    for name, part in shapes.properties(schema).items():
        values = shapes.keyword(part, "enum")
        if isinstance(values, list):
            fitting = [
                value for value in values if isinstance(value, str) and value.lower() in meant
            ]
            if len(fitting) == 1:
                return name, fitting[0]
    return None
