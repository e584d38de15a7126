"""What is declared of items' lives, as it holds for the items of one schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mock_server.resources.verbs import forms
from mock_server.sandbox.clock import moment, timestamp
from openapi import declarations, shapes
from openapi.description import Operation
from openapi.references import EXPIRY, LIFECYCLE
from openapi.schemas import Schema


@dataclass(frozen=True)
class Lifecycle:
    """The statuses in one property of an item, and the moves between them."""

    name: str
    declared: declarations.Lifecycle

    @property
    def initial(self) -> Any:
        """What a new item begins as; None: anything."""
        return self.declared.initial

    def moved_by(self, operation: Operation) -> Any:
        """The status that an operation moves to; None: none is declared."""
        actions = self.declared.actions
        return actions.get(operation.key, actions.get(operation.id or ""))

    def refuses(self, before: Any, after: Any) -> str | None:
        """Why a status cannot follow another; None where it can."""
        following = self.declared.moves.get(str(before), ())
        if before == after or after in following:
            return None
        allowed = ", ".join(map(str, following))
        rest = f"it may become {allowed}" if allowed else "that is final"
        return f"`{self.name}` cannot become {after}: it is {before}, and {rest}."


@dataclass(frozen=True)
class Expiry:
    """When an item expires, where that shows, and how."""

    declared: declarations.Expiry

    @property
    def leaves_nothing(self) -> bool:
        """Whether an expired item is gone, as if it had been deleted."""
        return self.declared.status is None and not self.declared.opened_by

    @property
    def shown(self) -> dict[str, Any]:
        """What an expired item shows."""
        return {} if self.declared.status is None else dict([self.declared.status])

    def moment(self, item: Mapping[str, Any], created: datetime) -> datetime | None:
        """When an item expires; None: never."""
        at = item.get(self.declared.at) if self.declared.at is not None else None
        if not isinstance(at, str):
            return self._after(item, created)
        try:
            return moment(at)
        except ValueError:
            return None

    def filled(self, item: Mapping[str, Any], created: datetime) -> dict[str, Any]:
        """The moment in its property, where the server makes it."""
        expires = self._after(item, created)
        if self.declared.at is None or expires is None:
            return {}
        return {self.declared.at: timestamp(expires)}

    def _after(self, item: Mapping[str, Any], created: datetime) -> datetime | None:
        after = self.declared.after
        seconds = item.get(after) if isinstance(after, str) else after
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            return None
        try:
            return created + timedelta(seconds=seconds)
        except OverflowError:
            return None


def lifecycle_of(schema: Schema) -> Lifecycle | None:
    """The lifecycle that one of an item's properties declares."""
    for name, part in shapes.properties(schema).items():
        declared = shapes.keyword(part, LIFECYCLE)
        if declared is not None:
            return Lifecycle(name, declarations.lifecycle(declared))
    return None


def expiry_of(schema: Schema) -> Expiry | None:
    """The expiry that an item's schema declares."""
    declared = shapes.keyword(schema, EXPIRY)
    return None if declared is None else Expiry(declarations.expiry(declared))


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
