"""The plays: what each kind of operation does to the items of a collection."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mock_server.answer import Answer
from mock_server.refusals import Conflict, Fault, Refusal
from mock_server.resources import patching
from mock_server.resources.answering import ItemAnswer
from mock_server.resources.asked import Asked, How, Play
from mock_server.resources.collection import Address, Collection, Item, item_of
from mock_server.resources.declared import status_after
from mock_server.resources.fitting import found_at
from mock_server.resources.keys import is_key, key_text, path_text
from mock_server.resources.lists import Lister
from mock_server.resources.once import Once
from mock_server.resources.reach import Reach
from mock_server.resources.uniques import Uniques
from mock_server.resources.verbs import copies
from openapi import shapes
from openapi.description import Operation
from openapi.orders import Order, orders
from openapi.resources import Part, Role, offered, schema_content, successes
from openapi.schemas import Schema

if TYPE_CHECKING:
    from mock_server.sandbox import Row, Sandbox

_MANY_TRIES = 20


def play_of(
    part: Part,
    operation: Operation,
    collection: Collection,
    how: How,
    invalid: type[Refusal],
    media_type: str | None = None,
) -> Play:
    """What plays that part of an operation; `invalid` refuses what breaks the description.

    `media_type` is that of the answers; None: the first that can show an item.
    """
    playing = _Playing(part, operation, collection, how, invalid, media_type)
    plays: dict[Role, Play] = {
        Role.LIST: playing.list,
        Role.CREATE: playing.create,
        Role.READ: playing.read,
        Role.REPLACE: playing.replace,
        Role.MERGE: playing.merge,
        Role.REMOVE: playing.remove,
        Role.ACT: playing.act,
        Role.OPEN: playing.open,
        Role.BELOW: playing.below,
    }
    return plays[part.role]


class _Playing:
    """One operation on a collection; each method is a Play."""

    def __init__(
        self,
        part: Part,
        operation: Operation,
        collection: Collection,
        how: How,
        invalid: type[Refusal],
        media_type: str | None,
    ) -> None:
        self._part = part
        self._media_type = media_type
        self._operation = operation
        self._collection = collection
        self._how = how
        self._invalid = invalid
        self._reach = Reach(part, operation, collection, how)
        self._uniques = Uniques(operation, collection)
        self._once = Once(operation, collection)
        self._documented = {response.status for response in operation.responses}
        self._conflict = Conflict if "409" in self._documented else invalid

    def list(self, sandbox: "Sandbox", asked: Asked) -> Answer | None:
        """A page of the items."""
        parents = self._reach.parents(asked)
        self._reach.check_above(sandbox, parents)
        return self._lister.answer(sandbox, asked, parents)

    def create(self, sandbox: "Sandbox", asked: Asked) -> Answer | None:
        """A new item of what was sent."""
        parents = self._reach.parents(asked)
        self._reach.check_above(sandbox, parents)
        self._collection.open(sandbox, parents)
        sent = self._sent(asked)
        self._check_orders(sent, sent)
        below = Address(parents, "", self._reach.scope(asked))
        mark = self._once.mark(asked, sent)
        done = self._once.done(sandbox, below, mark)
        if done is not None:
            address = self._collection.address_of(done, parents)
            return self._answer(self._created, sandbox, address, done)
        self._uniques.check_same(sandbox, below, sent)
        address = self._new_address(sandbox, below, sent)
        row = self._put_new(sandbox, address, sent, mark)
        return self._answer(self._created, sandbox, address, row)

    def read(self, sandbox: "Sandbox", asked: Asked) -> Answer | None:
        """The item."""
        address = self._reach.address(asked, {})
        row = self._reach.row(sandbox, address)
        return self._answer(self._done, sandbox, address, row)

    def replace(self, sandbox: "Sandbox", asked: Asked) -> Answer | None:
        """The item as it was sent, but for what only the server sets."""
        sent = self._sent(asked)
        self._check_orders(sent, sent)
        address = self._address(sandbox, asked, sent)
        # A singleton that was removed has no other way back.
        may_create = "201" in self._documented or self._collection.resource.singleton
        if may_create and self._is_missing(sandbox, address):
            return self._answer(
                self._created, sandbox, address, self._put_new(sandbox, address, sent)
            )
        row = self._reach.row(sandbox, address)
        maker = self._collection.maker
        kept = self._protected | (maker.created_names - sent.keys())
        if self._collection.lifecycle is not None:
            kept |= {self._collection.lifecycle.name}
        before = {name: value for name, value in row.items() if name in kept or name[:1] == "~"}
        after = maker.completed(before | self._settable(sent), self._seed(address))
        return self._change(sandbox, address, row, after)

    def merge(self, sandbox: "Sandbox", asked: Asked) -> Answer | None:
        """The item with what was sent laid over it."""
        sent = self._sent(asked)
        address = self._address(sandbox, asked, sent)
        row = self._reach.row(sandbox, address)
        if asked.media_type == patching.JSON_PATCH:
            after = self._patched(row, asked.body)
        else:
            plain = asked.media_type != patching.MERGE_PATCH
            after = patching.merged(row, self._settable(sent), keep_null=plain)
            after = {name: value for name, value in after.items() if self._may_be(name, value)}
        self._check_orders(sent, after)
        if asked.media_type in {patching.JSON_PATCH, patching.MERGE_PATCH}:
            self._check_valid(row, after)
        return self._change(sandbox, address, row, after)

    def remove(self, sandbox: "Sandbox", asked: Asked) -> Answer | None:
        """The item, for the last time."""
        address = self._reach.address(asked, {})
        gone = self._collection.gone(sandbox, address) or {}
        # What has expired by itself can still be deleted.
        row = gone.get("expired") or self._reach.known(sandbox, address)
        if row is None:
            # What was never there cannot be gone: the mock plays along, and nothing changes.
            row = self._reach.made_up(sandbox, address)
        else:
            self._collection.remove(sandbox, address)
        if self._done is None or not (self._done.empty or self._done.shows_item):
            return None
        return self._answer(self._done, sandbox, address, row)

    def act(self, sandbox: "Sandbox", asked: Asked) -> Answer | None:
        """The item after the action: with what was sent, and the status that the verb leads to."""
        address = self._reach.address(asked, {})
        row = self._reach.row(sandbox, address)
        sent = self._sent(asked)
        told = {n: value for n, value in self._settable(sent).items() if n in self._described}
        if copies(self._part.verb):
            address = self._new_address(sandbox, replace(address, key=""), {})
            row = self._put_new(sandbox, address, self._copied(row) | told)
            return self._answer(self._created, sandbox, address, row)
        return self._change(sandbox, address, row, {**row, **told, **self._moved(sent)})

    def open(self, sandbox: "Sandbox", asked: Asked) -> Answer | None:
        """Where the item leads; opening moves its status where that is declared."""
        address = self._reach.opened(sandbox, asked)
        if address is None:
            return None
        row = self._reach.row(sandbox, address)
        moved = {} if self._collection.lifecycle is None else self._moved(self._sent(asked))
        for name, status in moved.items():
            if row.get(name) == status:
                raise self._refused(name, f"`{name}` is {status} already.", status)
        answer = self._change(sandbox, address, row, {**row, **moved})
        target = next((row[name] for name in self._targets if isinstance(row.get(name), str)), None)
        if self._redirect is None or target is None:
            return answer
        return Answer(status=self._redirect, headers={"location": target})

    def below(self, sandbox: "Sandbox", asked: Asked) -> Answer | None:
        """Nothing but a look at whether the item is there."""
        address = self._reach.address(asked, {})
        row = self._reach.known(sandbox, address)
        may_be_missing = "404" in self._documented or self._collection.can_hold(sandbox)
        if row is None and self._how.strict and may_be_missing:
            raise self._reach.missing(self._collection, address, None)
        return None

    @cached_property
    def _redirect(self) -> int | None:
        """The documented redirect of the operation."""
        found = [int(status) for status in self._documented if re.fullmatch("30[12378]", status)]
        return min(found, default=None)

    @cached_property
    def _targets(self) -> tuple[str, ...]:
        """The properties that may hold where an item leads, those that clients send first."""
        urls = [
            name
            for name, part in self._described.items()
            if shapes.keyword(part, "format") in {"uri", "url", "uri-reference"}
            or shapes.spelling(name) in {"url", "uri", "target", "destination"}
        ]
        return tuple(sorted(urls, key=self._collection.home.is_made))

    @cached_property
    def _lister(self) -> Lister:
        seed = f"{self._how.seed}/{self._operation.name}"
        return Lister(self._part, self._operation, self._collection, seed, self._media_type)

    @cached_property
    def _created(self) -> ItemAnswer | None:
        """The success that tells of a new item."""
        return self._documented_as(lambda status: status == "201")

    @cached_property
    def _done(self) -> ItemAnswer | None:
        """The success that tells of an item that was there."""
        return self._documented_as(lambda status: status != "201")

    def _documented_as(self, fits: Any) -> ItemAnswer | None:
        documented = successes(self._operation)
        preferred = [response for response in documented if fits(response.status)]
        found = next(iter([*preferred, *documented]), None)
        if found is None:
            return None
        content = schema_content(found, self._media_type)
        return ItemAnswer(self._operation, found, content, self._collection.home)

    def _sent(self, asked: Asked) -> Item:
        """The item in the body, taken out of what it is wrapped in."""
        if self._operation.body is None:
            # Without a body, query parameters named like properties say what is to be changed.
            queried = {name: v for (place, name), v in asked.values.items() if place == "query"}
            called = {self._own_name(name): value for name, value in queried.items()}
            return {name: value for name, value in called.items() if name in self._described}
        found = found_at(asked.body, self._wrapped.get(asked.media_type or "", ()))
        if not isinstance(found, dict):
            found = asked.body if isinstance(asked.body, dict) else {}
        # What begins like that is what a row keeps beside its item.
        called = {name: self._own_name(name) for name in found if name[:1] != "~"}
        return {own: found[name] for name, own in called.items() if own == name or own not in found}

    def _own_name(self, name: str) -> str:
        """What an item calls a property that is sent in another spelling, as `FriendlyName`."""
        return name if name in self._described else self._spelled.get(shapes.spelling(name), name)

    @cached_property
    def _spelled(self) -> Mapping[str, str]:
        return {shapes.spelling(name): name for name in self._described}

    @cached_property
    def _described(self) -> Mapping[str, Schema]:
        return shapes.properties(self._collection.home.item_schema)

    @cached_property
    def _wrapped(self) -> Mapping[str, shapes.Place]:
        body, resource = self._operation.body, self._collection.home
        return {
            media_type: place
            for media_type, content in (body.content.items() if body is not None else ())
            if content.schema is not None
            for place in [shapes.item_place(content.schema, resource.key_names, resource.word)]
            if place is not None
        }

    @cached_property
    def _protected(self) -> frozenset[str]:
        """The properties of an item that no request changes."""
        key = self._collection.key
        return self._barred | ({key} if key is not None else set())

    @cached_property
    def _barred(self) -> frozenset[str]:
        """The properties of an item that only the server sets."""
        return self._read_only | self._unoffered

    @cached_property
    def _read_only(self) -> frozenset[str]:
        body = self._operation.body
        sent: list[Schema] = [
            shapes.at_place(content.schema, self._wrapped.get(media_type, ()))
            for media_type, content in (body.content.items() if body is not None else ())
            if content.schema is not None
        ]
        barred = frozenset[str]().union(*map(shapes.read_only, sent))
        # What an item calls readOnly may still be asked for where it is written.
        asked = {name for schema in sent for name in shapes.properties(schema)} - barred
        return (self._collection.maker.read_only - asked) | barred

    @cached_property
    def _unoffered(self) -> frozenset[str]:
        """The properties of an item that no request's body has: only the server sets them."""
        resource = self._collection.resource
        own = map(shapes.spelling, offered(self._operation, self._collection.home))
        known = resource.sent | self._collection.home.sent | set(own)
        if not known:
            return frozenset()
        shown = resource.shown | self._collection.home.shown
        return frozenset(name for name in shown if shapes.spelling(name) not in known)

    def _settable(self, sent: Item) -> Item:
        return {name: value for name, value in sent.items() if name not in self._protected}

    def _new_address(self, sandbox: "Sandbox", below: Address, sent: Item) -> Address:
        """Where a new item goes: by the key that was sent, else by one that nobody has."""
        collection, key = self._collection, self._collection.key
        if key is not None and is_key(sent.get(key)) and key not in self._barred:
            address = replace(below, key=key_text(sent[key]))
            there = collection.table(sandbox).get(collection.id(address))
            if there is not None and "409" in self._documented:
                raise Conflict(f"There is already an item with the `{key}` {sent[key]!r}.")
            return address
        address = below
        for _ in range(_MANY_TRIES):
            uuid = sandbox.uuid()
            number = collection.new_number(sandbox) if collection.maker.numbered else 0
            key_made = collection.maker.new_key(uuid, number, uuid)
            address = replace(below, key=key_text(key_made))
            if collection.table(sandbox).get(collection.id(address)) is None:
                break
        return address

    def _put_new(
        self, sandbox: "Sandbox", address: Address, sent: Item, mark: Item | None = None
    ) -> "Row":
        collection, maker = self._collection, self._collection.maker
        item = {name: value for name, value in sent.items() if name not in self._protected}
        if collection.key is not None:
            item = {collection.key: maker.typed_key(address.key)} | item
        item |= collection.bound(address.parents) | dict(address.scope)
        times = maker.timestamps(sandbox.now(), created=True)
        item = times | item
        lifecycle = collection.lifecycle
        if lifecycle is not None and lifecycle.initial is not None:
            begins = item.setdefault(lifecycle.name, lifecycle.initial)
            reason = lifecycle.refuses_start(begins)
            if reason is not None:
                raise self._refused(lifecycle.name, reason, begins)
        kept = self._uniques.created(sandbox, address, sent)
        row = maker.completed(item, self._seed(address)) | kept | (mark or {})
        return collection.create(sandbox, address, row)

    def _copied(self, row: "Row") -> Item:
        """What a copy has of an item: all but what a new one gets for itself."""
        lifecycle = self._collection.lifecycle
        own = self._collection.maker.time_names | {lifecycle.name if lifecycle else ""}
        return {name: value for name, value in item_of(row).items() if name not in own}

    def _address(self, sandbox: "Sandbox", asked: Asked, sent: Item) -> Address:
        """Where the item is that a body is about. One without a key is new, if that can be."""
        address = self._reach.address(asked, sent)
        if address.key or self._part.key is not None:
            return address
        if self._how.strict:
            name = str(self._collection.key)
            detail = "It has to say which item is meant."
            raise self._invalid(detail, faults=[Fault("body", f"/{name}", "required", detail)])
        return self._new_address(sandbox, address, {})

    def _is_missing(self, sandbox: "Sandbox", address: Address) -> bool:
        self._reach.check_above(sandbox, address.parents)
        return self._collection.get(sandbox, address) is None

    def _change(
        self, sandbox: "Sandbox", address: Address, row: "Row", after: Item
    ) -> Answer | None:
        """Put the changed item in the place of the row, where it may be changed like that."""
        collection = self._collection
        self._check_move(row, after)
        if after != row:
            after |= collection.maker.timestamps(sandbox.now(), created=False)
            after |= self._uniques.changed(sandbox, address, row, after)
        return self._answer(self._done, sandbox, address, collection.put(sandbox, address, after))

    def _check_orders(self, sent: Item, after: Item) -> None:
        """Refuse an item whose values are not in the order that the description tells of."""
        for order in self._orders:
            if {order.first, order.second} & sent.keys() and order.is_broken(after):
                message = f"`{order.first}` must not be more than `{order.second}`."
                fault = Fault("body", f"/{order.first}", "order", message)
                raise self._invalid(message, faults=[fault])

    @cached_property
    def _orders(self) -> tuple[Order, ...]:
        return orders(self._operation)

    def _check_move(self, row: "Row", after: Item) -> None:
        lifecycle = self._collection.lifecycle
        if lifecycle is not None:
            name = lifecycle.name
            old, new = row.get(name), after.get(name)
            reason = lifecycle.refuses(old, new)
            settable = lifecycle.settable_by(self._operation.key)
            if old != new and settable is not None and new not in settable:
                reason = f"`{name}` becomes {new} by other means."
            if reason is not None:
                raise self._refused(name, reason, new)

    def _check_valid(self, row: "Row", after: Item) -> None:
        """Refuse a patch that leaves an invalid item, where it was valid before.

        Of other bodies the description says what they may be; a value that no answer can show is
        taken all the same.
        """
        fit = self._collection.maker.fit
        if not fit.valid(fit.projected(item_of(after))) and fit.valid(fit.projected(item_of(row))):
            found = fit.faults(fit.projected(item_of(after)))
            detail = f"The change leaves an item that is not valid: {found[0].message}"
            raise self._invalid(detail, faults=found)

    def _refused(self, name: str, detail: str, value: Any) -> Refusal:
        return self._conflict(
            detail, faults=[Fault("body", f"/{name}", "x-lifecycle", detail, value)]
        )

    def _patched(self, row: "Row", operations: Any) -> Item:
        try:
            patched = patching.patched(item_of(row), operations)
        except patching.Unpatchable as error:
            raise self._conflict(str(error)) from error
        if not isinstance(patched, dict):
            raise self._invalid("The patch leaves no object.")
        kept = {name: row[name] for name in row if name in self._protected or name[:1] == "~"}
        return {
            name: v for name, v in item_of(patched).items() if name not in self._protected
        } | kept

    def _may_be(self, name: str, value: Any) -> bool:
        """Whether a property that was set to null may be so; else it is removed."""
        if value is not None:
            return True
        part = self._described.get(name)
        return part is None or "null" in shapes.types(part) or not shapes.types(part)

    def _moved(self, sent: Item) -> Item:
        """The status that the action leads to."""
        lifecycle = self._collection.lifecycle
        if lifecycle is not None:
            status = lifecycle.moved_by(self._operation.key, sent)
            if status is not None:
                return {lifecycle.name: status}
        return self._moved_by_verb

    @cached_property
    def _moved_by_verb(self) -> Item:
        moved = status_after(self._part.verb, self._collection.home.item_schema)
        return dict([moved]) if moved is not None else {}

    def _seed(self, address: Address) -> str:
        table = self._collection.table_name
        return f"{self._how.seed}/{table}/{self._collection.id(address)}"

    def _answer(
        self, shown: ItemAnswer | None, sandbox: "Sandbox", address: Address, row: "Row"
    ) -> Answer | None:
        if shown is None:
            return None
        headers = {}
        if shown is self._created and "location" in shown.headers:
            location = self._location(sandbox, address)
            headers = {"location": location} if location is not None else {}
        return shown.answer(item_of(row), self._seed(address), headers)

    def _location(self, sandbox: "Sandbox", address: Address) -> str | None:
        """The URL of an item."""
        for resource, keys in (
            (self._collection.resource, (*address.parents, address.key)),
            (self._collection.home, (address.key,)),
        ):
            for operation in resource.at_item.values():
                filled = iter(keys)
                pieces = (
                    path_text(next(filled)) if index % 2 else piece
                    for index, piece in enumerate(operation.path_pieces)
                )
                return f"{sandbox.base_url}{''.join(pieces)}"
        return None
