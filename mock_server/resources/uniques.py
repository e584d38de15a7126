"""Uniques: what a request may not create or set again, because the description says so.

Only what requests created counts: who posts the description's own example gets it, although an
item of that example may be there from the beginning.
"""

import json
from collections.abc import Mapping
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from mock_server.refusals import Conflict, Fault
from mock_server.resources.collection import Address, Collection
from openapi.description import Operation
from openapi.uniqueness import Uniqueness, uniqueness

if TYPE_CHECKING:
    from mock_server.sandbox import Row, Sandbox

SENT = "~sent"
"""What a row keeps of the body that created it; empty once it was changed."""


class Uniques:
    """What one operation may not create or set again."""

    def __init__(self, operation: Operation, collection: Collection) -> None:
        self._operation = operation
        self._collection = collection

    def check_same(self, sandbox: "Sandbox", below: Address, sent: Mapping[str, Any]) -> None:
        """Refuse a body that created an item already. Raises Conflict."""
        if self._told.conflicts and self._told.refuses_the_same and sent:
            same = self._collection.where(below.parents) | {SENT: digest(sent)}
            if self._collection.table(sandbox).count(same):
                raise Conflict("The same was created before.")

    def created(self, sandbox: "Sandbox", address: Address, sent: Mapping[str, Any]) -> "Row":
        """What the row of a new item keeps beside it. Raises Conflict."""
        self._check_values(sandbox, address, sent)
        return {SENT: digest(sent)} if self._told.conflicts else {}

    def changed(self, sandbox: "Sandbox", address: Address, row: "Row", after: "Row") -> "Row":
        """What the row of a changed item keeps beside it. Raises Conflict."""
        changes = {name: after[name] for name in after if after[name] != row.get(name)}
        self._check_values(sandbox, address, changes)
        return {SENT: ""} if SENT in row else {}

    @cached_property
    def _told(self) -> Uniqueness:
        return uniqueness(self._operation)

    @cached_property
    def _names(self) -> frozenset[str]:
        """The properties that may not have the value of another item."""
        if not self._told.conflicts:
            return frozenset()
        create = self._collection.resource.at_collection.get("POST")
        return self._told.names | (uniqueness(create).names if create is not None else frozenset())

    def _check_values(self, sandbox: "Sandbox", own: Address, sent: Mapping[str, Any]) -> None:
        for name in sorted(self._names & sent.keys()):
            same = self._collection.where(own.parents) | {name: sent[name]}
            for row in self._collection.table(sandbox).find(same):
                other = self._collection.address_of(row, own.parents)
                if SENT in row and other != own:
                    detail = f"Another item has the `{name}` {sent[name]!r}."
                    fault = Fault("body", f"/{name}", "unique", detail, sent[name])
                    raise Conflict(detail, faults=[fault])


def digest(sent: Mapping[str, Any]) -> str:
    """What only the same body has."""
    text = json.dumps(sent, sort_keys=True, default=repr)
    return blake2b(text.encode(), digest_size=16).hexdigest()
