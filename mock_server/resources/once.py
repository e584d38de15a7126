"""Once: a create that is sent again with the same idempotency key does nothing more."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mock_server.resources.asked import Asked
from mock_server.resources.collection import Address, Collection
from mock_server.resources.uniques import digest
from openapi.description import Operation
from openapi.idempotency import idempotency_key

if TYPE_CHECKING:
    from mock_server.sandbox import Row, Sandbox

ONCE = "~once"
"""What a row keeps of the key and the body that created it."""


class Once:
    """What one operation does not do again."""

    def __init__(self, operation: Operation, collection: Collection) -> None:
        self._operation = operation
        self._collection = collection

    def done(self, sandbox: "Sandbox", below: Address, mark: "Row") -> "Row | None":
        """The row that the request with that mark created before; None where it did not."""
        if not mark:
            return None
        same = self._collection.where(below.parents) | mark
        return next(iter(self._collection.table(sandbox).find(same, limit=1)), None)

    def mark(self, asked: Asked, sent: Mapping[str, Any]) -> "Row":
        """What a row keeps of the request that creates it."""
        if self._place is None:
            return {}
        place, name = self._place
        key = sent.get(name) if place == "body" else asked.values.get((place, name))
        if key is None:
            return {}
        return {ONCE: f"{self._operation.key} {key} {digest(sent)}"}

    @cached_property
    def _place(self) -> tuple[str, str] | None:
        return idempotency_key(self._operation)
