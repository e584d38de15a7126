"""What is declared of items' lives: `x-lifecycle` on a status, `x-expiry` on a schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mock_server.resources.verbs import forms
from mock_server.sandbox.clock import moment, timestamp
from openapi import shapes
from openapi.schemas import Schema


class Undeclarable(ValueError):  # noqa: N818 - what is declared is what fails
    """A declaration that cannot be understood; the message says what it needs."""


@dataclass(frozen=True)
class Lifecycle:
    """The statuses of an item and the moves between them."""

    property: str
    initial: Any
    moves: Mapping[str, list[Any]]
    actions: Mapping[str, Any]
    """The status that an operation moves to, by operationId or `METHOD /path`."""

    def refuses(self, before: Any, after: Any) -> str | None:
        """Why a status cannot follow another; None where it can."""
        if before == after or after in self.moves.get(str(before), ()):
            return None
        allowed = ", ".join(str(value) for value in self.moves.get(str(before), ()))
        rest = f"it may become {allowed}" if allowed else "that is final"
        return f"`{self.property}` cannot become {after}: it is {before}, and {rest}."


@dataclass(frozen=True)
class Expiry:
    """When an item expires, where that shows, and how."""

    after: float | str | None
    """Seconds since its creation, or the property that holds them."""
    at: str | None
    """The property that holds the moment."""
    opened_by: tuple[str, ...]
    """The operations that it closes, by operationId or `METHOD /path`; empty: all that need it."""
    answers: int | None
    """The status of the refusal afterwards; None: 410, or 404 where only that is documented."""
    status: tuple[str, Any] | None
    """A property, and what it shows afterwards."""

    @property
    def leaves_nothing(self) -> bool:
        """Whether an expired item is gone, as if it had been deleted."""
        return self.status is None and not self.opened_by

    def moment(self, item: Mapping[str, Any], created: datetime) -> datetime | None:
        """When an item expires; None: never."""
        at = item.get(self.at) if self.at is not None else None
        if isinstance(at, str):
            try:
                return moment(at)
            except ValueError:
                return None
        seconds = item.get(self.after) if isinstance(self.after, str) else self.after
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            return None
        try:
            return created + timedelta(seconds=seconds)
        except OverflowError:
            return None

    def filled(self, item: Mapping[str, Any], created: datetime) -> dict[str, Any]:
        """The moment in its property, where the server makes it."""
        if self.at is None or self.after is None:
            return {}
        unset = {name: value for name, value in item.items() if name != self.at}
        expires = self.moment(unset, created)
        return {} if expires is None else {self.at: timestamp(expires)}


def lifecycle_of(schema: Schema) -> Lifecycle | None:
    """The lifecycle that one of an item's properties declares. Raises Undeclarable."""
    for name, part in shapes.properties(schema).items():
        declared = shapes.keyword(part, "x-lifecycle")
        if declared is None:
            continue
        declared = declared if isinstance(declared, Mapping) else {}
        moves = declared.get("moves")
        if not isinstance(moves, Mapping) or not all(map(_is_list, moves.values())):
            raise Undeclarable(
                f"`x-lifecycle` of `{name}` needs `moves`: an object of lists, such as "
                "{pending: [active], active: [closed]}."
            )
        return Lifecycle(name, declared.get("initial"), moves, declared.get("actions") or {})
    return None


def expiry_of(schema: Schema) -> Expiry | None:
    """The expiry that an item's schema declares. Raises Undeclarable."""
    declared = shapes.keyword(schema, "x-expiry")
    if declared is None:
        return None
    if not isinstance(declared, Mapping) or not declared.keys() & {"after", "at"}:
        raise Undeclarable("`x-expiry` needs `after` (seconds, or {property: NAME}) or `at`.")
    status = declared.get("status")
    return Expiry(
        after=_named(declared.get("after")),
        at=_named(declared.get("at")),
        opened_by=tuple(declared.get("opened-by") or ()),
        answers=declared.get("answers"),
        status=(status["property"], status["value"]) if isinstance(status, Mapping) else None,
    )


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _named(value: Any) -> Any:
    return value.get("property") if isinstance(value, Mapping) else value


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
