"""Reaching an item: where a request says that it is, and whether it is there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mock_server.refusals import Gone, NotFound, Refusal
from mock_server.resources.asked import Asked, How
from mock_server.resources.collection import EXPIRED, KIND, SELF, Address, Collection, Item
from mock_server.resources.keys import key_text
from openapi import shapes
from openapi.description import Operation
from openapi.resources import Part, Role

if TYPE_CHECKING:
    from mock_server.sandbox import Row, Sandbox


class Reach:
    """Finds the item that an operation is about."""

    def __init__(self, part: Part, operation: Operation, collection: Collection, how: How) -> None:
        self._part = part
        self._operation = operation
        self._collection = collection
        self._how = how
        self._scopes = collection.scopes(operation)
        self._documented = {response.status for response in operation.responses}

    def parents(self, asked: Asked) -> tuple[str, ...]:
        """The keys of the items above, as text."""
        return tuple(key_text(asked.values["path", name]) for name in self._part.parents)

    def address(self, asked: Asked, sent: Mapping[str, Any]) -> Address:
        """Where the item is: by the path, or by the key in the body; or a singleton.

        The key is empty where neither tells it.
        """
        key: Any = sent.get(self._collection.key or "")
        if self._part.key is not None:
            key = asked.values["path", self._part.key]
        elif self._collection.resource.singleton:
            key = SELF
        return Address(self.parents(asked), "" if key is None else key_text(key), self.scope(asked))

    def opened(self, sandbox: "Sandbox", asked: Asked) -> Address | None:
        """Where the item is that is opened from elsewhere; None where none is known.

        Raises a refusal where state is strict.
        """
        opener = self._part.opener
        if opener is None or self._part.key is not None:
            return self.address(asked, {})
        told = asked.values["path", opener.parameter]
        self._collection.open(sandbox, ())
        found = self._collection.table(sandbox).find({opener.holds: told}, limit=1)
        for row in found:
            return self._collection.address_of(row, ())
        if self._how.strict:
            raise self.missing(self._collection, Address((), key_text(told)), None)
        return None

    def scope(self, asked: Asked) -> tuple[tuple[str, Any], ...]:
        """Whose items the request is about: properties and the values that they must have."""
        return tuple((name, asked.values["query", sent]) for sent, name in self._scopes)

    def check_above(self, sandbox: "Sandbox", parents: tuple[str, ...]) -> None:
        """Refuse what is below an item that is gone, or not there where state is strict."""
        collection, above = self._collection.above, parents
        while collection is not None and above and collection.resource.collection:
            address = Address(above[:-1], above[-1])
            gone = collection.gone(sandbox, address)
            missing = self._how.strict and collection.can_hold(sandbox)
            if gone is not None or (missing and collection.get(sandbox, address) is None):
                raise self.missing(collection, address, gone)
            collection, above = collection.above, above[:-1]

    def row(self, sandbox: "Sandbox", address: Address) -> "Row":
        """The item's row. Where there is none, the mock makes one up, and remembers it."""
        row = self.known(sandbox, address)
        if row is None:
            row = self._collection.add(sandbox, address, self.made_up(sandbox, address))
        return row

    def known(self, sandbox: "Sandbox", address: Address) -> "Row | None":
        """The item's row; None where it was never seen. Raises a refusal where it is gone."""
        self.check_above(sandbox, address.parents)
        row = self._collection.get(sandbox, address)
        if row is not None and any(row.get(name) != value for name, value in address.scope):
            # That somebody else has such an item is nothing to be told.
            raise self.missing(self._collection, address, None)
        if row is None:
            gone = self._collection.gone(sandbox, address)
            if gone is not None:
                raise self.missing(self._collection, address, gone)
        elif EXPIRED in row:
            self._check_open(address, row[EXPIRED])
        return row

    def missing(self, collection: Collection, address: Address, gone: "Row | None") -> Refusal:
        """The refusal for an item that is not there; `gone` is what is left of it."""
        noun = shapes.singular(collection.resource.word)
        if gone is None:
            return NotFound(f"There is no {noun} {address.key!r}.")
        if "expired" in gone:
            return self._expired(collection, address, gone["expired"][KIND])
        detail = f"The {noun} {address.key!r} is gone."
        return Gone(detail) if self._tells_gone_only else NotFound(detail)

    def _expired(self, collection: Collection, address: Address, kind: int) -> Refusal:
        assert collection.expiries is not None
        noun = shapes.singular(collection.resource.word)
        detail = f"The {noun} {address.key!r} has expired."
        return collection.expiries.kinds[kind].refusal(detail, self._documented)

    @property
    def _tells_gone_only(self) -> bool:
        return "410" in self._documented and "404" not in self._documented

    def _check_open(self, address: Address, kind: int) -> None:
        """Refuse what an item does not do any more that has expired in that way."""
        assert self._collection.expiries is not None
        opened_by = self._collection.expiries.kinds[kind].declared.opened_by
        named = {self._operation.id, self._operation.key} & set(opened_by)
        changes = self._part.role in {Role.REPLACE, Role.MERGE, Role.ACT, Role.BELOW}
        if named or (not opened_by and changes):
            raise self._expired(self._collection, address, kind)

    def made_up(self, sandbox: "Sandbox", address: Address) -> Item:
        """An item for an id that was never seen: as the example shows it, else plausible.

        Raises a refusal where state is strict.
        """
        collection = self._collection
        if self._how.strict and not collection.resource.singleton:
            raise self.missing(collection, address, None)
        seed = f"{self._how.seed}/{collection.table_name}/{collection.id(address)}"
        item = collection.example or collection.maker.fit.made_up(seed)
        item = dict(item) if isinstance(item, dict) else {}
        if collection.key is not None:
            item |= {collection.key: collection.maker.typed_key(address.key)}
        times = collection.maker.timestamps(sandbox.now(), created=True)
        present = {name: value for name, value in times.items() if name in item}
        return item | present | collection.bound(address.parents) | dict(address.scope)
