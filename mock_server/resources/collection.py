"""The items of one resource in a sandbox: where they are, which are gone, which came first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from mock_server.resources.declared import Expiries, Lifecycle, expiries_in, lifecycle_of
from mock_server.resources.keys import is_key, is_number, joined, key_text, typed
from mock_server.resources.making import Maker
from mock_server.sandbox.clock import moment, timestamp
from mock_server.sandbox.store import OPENED
from openapi import shapes
from openapi.description import Operation
from openapi.resources import Resource, Role, item_examples

if TYPE_CHECKING:
    from mock_server.resources.inferred import Inferred
    from mock_server.sandbox import Row, Sandbox, Table

ALL = "*"
"""Stands in OPENED for every collection: a restored state brings all items that there are."""

_MADE_UP = 3
"""How many items are made up where there would never be any."""

SELF = "self"
"""The key of a singleton."""

_PLAIN_KEYS = {"", "id", "uuid", "key", "name", "slug"}
"""Placeholders that do not say whose key they stand for."""

# What a row keeps beside the item.
WITHIN = "~within"
"""The keys of the items that it is below."""
KEY = "~key"
"""Its key where the item does not hold it."""
SINCE = "~since"
"""Since when the expiry counts that does."""
KIND = "~kind"
"""The number of that expiry."""
EXPIRES = "~expires"
EXPIRED = "~expired"
"""The number of the expiry by which it has expired."""

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Address:
    """Where an item is: the keys of the items above it, as text, and its own."""

    parents: tuple[str, ...]
    key: str
    scope: tuple[tuple[str, Any], ...] = ()
    """Properties and the values that they must have for the item to be there."""

    @property
    def above(self) -> "Address":
        """The item that it is below."""
        return Address(self.parents[:-1], self.parents[-1])


class Collection:
    """The items of a resource. All methods get the sandbox first."""

    def __init__(self, resource: Resource, family: "Inferred") -> None:
        self.resource = resource
        self._family = family
        self.home = resource.flat or resource
        """The resource that the rows belong to: a view's are those of the collection at the top."""
        self._is_view = self.home is not resource
        self._nested = resource.parent is not None and not self._is_view
        self.table_name = f"{family.how.prefix}{self.home.name}"
        self._gone_name = f"{self.table_name}~gone"

    @cached_property
    def above(self) -> "Collection | None":
        """The collection whose items it is below."""
        parent = self.resource.parent
        return None if parent is None else self._family.collection(parent)

    @cached_property
    def below(self) -> "tuple[Collection, ...]":
        """The collections and singletons below its items."""
        return tuple(
            self._family.collection(child)
            for child in self.resource.children
            if child.collection or child.singleton
        )

    @cached_property
    def key(self) -> str | None:
        """The property that holds an item's key."""
        return self.home.key

    @cached_property
    def maker(self) -> Maker:
        """What completes its items."""
        return Maker(self.home.item_schema, self.key)

    @cached_property
    def lifecycle(self) -> Lifecycle | None:
        """What is declared of its items' statuses."""
        return lifecycle_of(self.home.item_schema, self._family.description)

    @property
    def declared(self) -> bool:
        """Whether the description declares something of its items' lives."""
        return self.lifecycle is not None or self.expiries is not None

    @cached_property
    def expiries(self) -> Expiries | None:
        """What is declared of its items' end."""
        return expiries_in(self.home)

    @cached_property
    def parent_properties(self) -> tuple[str | None, ...]:
        """The properties of its items that name those above, such as `user_id`; nearest last."""
        described = {shapes.spelling(name): name for name in self._described}
        paths = [one.path_pieces[1::2] for one in self.resource.at_collection.values()]
        placeholders = next(iter(paths), ())
        found: list[str | None] = []
        above = self.resource.parent
        while above is not None:
            noun = shapes.singular(shapes.spelling(above.word))
            own = next((one.path_pieces[-2] for one in above.at_item.values()), "")
            here = placeholders[-len(found) - 1] if len(found) < len(placeholders) else ""
            called = {shapes.spelling(own), shapes.spelling(here)} - _PLAIN_KEYS
            names = [*sorted(called), *(noun + ending for ending in ("id", "uuid", "key", "sid"))]
            found.insert(0, next((described[name] for name in names if name in described), None))
            above = above.parent
        return tuple(found)

    @property
    def parent_property(self) -> str | None:
        """The property of its items that names the item right above."""
        return self.parent_properties[-1] if self.parent_properties else None

    @cached_property
    def _described(self) -> Mapping[str, Any]:
        return shapes.properties(self.home.item_schema)

    @cached_property
    def _types(self) -> Mapping[str, frozenset[str]]:
        return {name: shapes.types(part) for name, part in self._described.items()}

    def where(self, parents: tuple[str, ...]) -> dict[str, Any]:
        """What the rows below those parents have in common."""
        if self._is_view and self.parent_property is not None:
            return {self.parent_property: self._as_property(self.parent_property, parents[-1])}
        return {WITHIN: joined(parents)} if self._nested or self._is_view else {}

    def scopes(self, operation: Operation) -> tuple[tuple[str, str], ...]:
        """Required query parameters that name a property with somebody's id, and that property.

        They say whose items a request is about, as `organization_id` does.
        """
        described = {shapes.spelling(name): name for name in self._described}
        return tuple(
            (one.name, described[shapes.spelling(one.name)])
            for one in operation.parameters
            if one.place == "query" and one.required and shapes.spelling(one.name).endswith("id")
            if described.get(shapes.spelling(one.name), self.key) != self.key
        )

    def bound(self, parents: tuple[str, ...]) -> dict[str, Any]:
        """What an item below those parents says of them."""
        named = zip(reversed(self.parent_properties), reversed(parents), strict=False)
        return {name: self._as_property(name, key) for name, key in named if name is not None}

    def _as_property(self, name: str, key: str) -> Any:
        return typed(key, self._types[name])

    def table(self, sandbox: "Sandbox") -> "Table":
        """The table with the rows; they are items, and may carry `~within`."""
        return sandbox.table(self.table_name)

    def get(self, sandbox: "Sandbox", address: Address) -> "Row | None":
        """The row at an address, if there is one."""
        self.open(sandbox, address.parents)
        row = self.table(sandbox).get(self.id(address))
        if row is not None and self._is_view:
            # A view shows what is below its parents only.
            fits = all(
                row.get(name) == value for name, value in self.where(address.parents).items()
            )
            return row if fits else None
        return row

    def put(self, sandbox: "Sandbox", address: Address, item: Item) -> "Row":
        """Keep an item; returns its row."""
        row = dict(item)
        if self._nested or (self._is_view and self.parent_property is None):
            row[WITHIN] = joined(address.parents)
        if self.key is None:
            row[KEY] = address.key
        if self.expiries is not None:
            self._set_expiry(sandbox, address, row)
        self.table(sandbox).put(self.id(address), row)
        return row

    def create(self, sandbox: "Sandbox", address: Address, item: Item) -> "Row":
        """Keep an item that is new: it was never gone, and what is below it is empty."""
        sandbox.table(self._gone_name).delete(self.id(address))
        for child in self.below:
            sandbox.table(OPENED).put(child.marker((*address.parents, address.key)), {})
        return self.add(sandbox, address, item)

    def add(self, sandbox: "Sandbox", address: Address, item: Item) -> "Row":
        """Keep an item that was not there; returns its row."""
        if self.key is not None:
            self._note_number(sandbox, item.get(self.key))
        return self.put(sandbox, address, item)

    def _set_expiry(self, sandbox: "Sandbox", address: Address, row: "Row") -> None:
        assert self.expiries is not None
        number = self.expiries.number_of(row)
        if number is None:
            for mark in (KIND, SINCE, EXPIRES):
                row.pop(mark, None)
            return
        expiry = self.expiries.kinds[number]
        if row.get(KIND) != number:
            now = sandbox.now()
            row |= expiry.filled(row, now) | {KIND: number, SINCE: timestamp(now, 6)}
        at = expiry.moment(row, moment(row[SINCE]))
        expires = None if at is None else timestamp(at, 6)
        if at is not None and row.get(EXPIRES) != expires:
            place = {"resource": self.resource.name, "parents": list(address.parents)}
            sandbox.schedule(at, self._family.expire, **place, key=address.key)
        row[EXPIRES] = expires

    def expire(self, sandbox: "Sandbox", address: Address) -> None:
        """Let an item expire if its time has come, and not been moved."""
        row = self.table(sandbox).get(self.id(address))
        if row is None or self.expiries is None or row.get(EXPIRES) is None or EXPIRED in row:
            return
        if moment(row[EXPIRES]) > sandbox.now():
            return
        expiry = self.expiries.kinds[row[KIND]]
        if expiry.leaves_nothing:
            self.remove(sandbox, address)
            sandbox.table(self._gone_name).put(self.id(address), {"expired": row})
            return
        self.table(sandbox).put(self.id(address), row | expiry.shown | {EXPIRED: row[KIND]})

    def remove(self, sandbox: "Sandbox", address: Address) -> None:
        """Forget an item and all that is below it; it stays gone."""
        self.table(sandbox).delete(self.id(address))
        sandbox.table(self._gone_name).put(self.id(address), {})
        within = (*address.parents, address.key)
        for child in self.below:
            child.open(sandbox, within)
            for row in child.table(sandbox).find(child.where(within)):
                child.remove(sandbox, child.address_of(row, within))

    def gone(self, sandbox: "Sandbox", address: Address) -> "Row | None":
        """What is left of an item that was there once and is no more; None where there was none."""
        return sandbox.table(self._gone_name).get(self.id(address))

    def id(self, address: Address) -> str:
        """The id of an item's row."""
        return joined((*address.parents, address.key)) if self._nested else address.key

    def address_of(self, row: "Row", parents: tuple[str, ...]) -> Address:
        """Where an item is."""
        key = row[KEY] if self.key is None else row.get(self.key)
        return Address(parents, key_text(key))

    def new_number(self, sandbox: "Sandbox") -> int:
        """The number behind the greatest that was ever a key."""
        known = sandbox.table(OPENED).get(self.table_name) or {}
        if "greatest" not in known:
            rows = self.table(sandbox).find()
            keys: list[Any] = [row.get(self.key or "") for row in rows]
            known["greatest"] = max(map(int, filter(is_number, keys)), default=0)
        return int(known["greatest"]) + 1

    def _note_number(self, sandbox: "Sandbox", key: Any) -> None:
        """Remember a number that is a key now."""
        if is_number(key):
            known = sandbox.table(OPENED).get(self.table_name) or {}
            greatest = max(int(key), known.get("greatest", self.new_number(sandbox) - 1))
            sandbox.table(OPENED).put(self.table_name, known | {"greatest": greatest})

    def marker(self, parents: tuple[str, ...]) -> str:
        """The id under which it is noted that a collection holds its first items."""
        return f"{self.resource.name}/{joined(parents)}"

    def open(self, sandbox: "Sandbox", parents: tuple[str, ...]) -> None:
        """Put the items that examples show where they belong, at the first look."""
        if self._is_view:
            self._family.collection(self.home).open(sandbox, ())
        opened = sandbox.table(OPENED)
        marker = self.marker(parents)
        if opened.get(marker) is not None or opened.get(ALL) is not None:
            return
        opened.put(marker, {})
        if self._family.how.scene or self.gone_above(sandbox, parents):
            return
        for key, item in self._first_items:
            address = Address(parents, key_text(key))
            if self.table(sandbox).get(self.id(address)) is not None:
                continue
            if not self._shown_items:
                # What is made up is below whatever parents it is looked for.
                self.add(sandbox, address, item | self.bound(parents))
            elif self._belongs(item, parents):
                self.add(sandbox, address, self.bound(parents) | item)

    def _belongs(self, item: Item, parents: tuple[str, ...]) -> bool:
        """Whether an example's item is below those parents, as far as it says."""
        shown = item.get(self.parent_property or "")
        return shown is None or not parents or key_text(shown) == parents[-1]

    @cached_property
    def example(self) -> Item | None:
        """The first item of the examples that is whole; None where there is none."""
        fit = self.maker.fit
        items = (item for _, item in self._shown_items)
        return next((item for item in items if fit.valid(fit.projected(item))), None)

    @cached_property
    def only_listed(self) -> bool:
        """Whether no request can bring an item into being: neither create nor name one."""
        if self._is_view or self.resource.at_item or self.resource.singleton:
            return False
        parts = map(self._family.part, self.resource.at_collection.values())
        return {part.role for part in parts if part is not None} == {Role.LIST}

    def can_hold(self, sandbox: "Sandbox") -> bool:
        """Whether there are items, or a way to create one."""
        return "POST" in self.home.at_collection or self.table(sandbox).count() > 0

    @property
    def shows_items(self) -> bool:
        """Whether examples show an item of it or of what is below."""
        return bool(self._shown_items) or any(child.shows_items for child in self.below)

    def gone_above(self, sandbox: "Sandbox", parents: tuple[str, ...]) -> bool:
        """Whether one of the items above was deleted."""
        collection, above = self.above, parents
        while collection is not None and above:
            if collection.gone(sandbox, Address(above[:-1], above[-1])) is not None:
                return True
            collection, above = collection.above, above[:-1]
        return False

    @cached_property
    def _first_items(self) -> list[tuple[Any, Item]]:
        """Keys and items that it begins with.

        Some are made up where no example shows one and it would be empty for ever.
        """
        if self._shown_items or not self.only_listed:
            return self._shown_items
        seeds = [f"{self._family.how.seed}/{self.table_name}/{n}" for n in range(_MADE_UP)]
        items = [item for item in map(self.maker.fit.made_up, seeds) if isinstance(item, dict)]
        return self._keyed(items)

    @cached_property
    def _shown_items(self) -> list[tuple[Any, Item]]:
        """Keys and items that the examples of its operations show, each once."""
        return self._keyed(item_examples(self.resource))

    def _keyed(self, items: Iterable[Item]) -> list[tuple[Any, Item]]:
        found: dict[str, tuple[Any, Item]] = {}
        for number, item in enumerate(items):
            key = self._key_of(item, number + 1)
            if key is not None:
                named = item if self.key is None else {self.key: key, **item}
                before = found.get(key_text(key), (key, {}))[1]
                found[key_text(key)] = (key, {**before, **named})
        return list(found.values())

    def _key_of(self, item: Item, number: int) -> Any:
        """The key of an example's item; None where it has one that cannot be a key."""
        if self.resource.singleton:
            return SELF
        if self.key is None:
            return str(number)
        if self.key not in item:
            seed = f"{self.table_name}/{number}"
            return self.maker.new_key(str(UUID(int=number, version=4)), number, seed)
        key = item[self.key]
        return key if is_key(key) else None


def item_of(row: "Row") -> Item:
    """The item that a row holds, without what the row keeps beside it."""
    return {name: value for name, value in row.items() if name[:1] != "~"}
