"""What a walk brought: exchanges in order, and what each of them says of which item."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlsplit

from contracts.api import Api, canonical, key_name, place_of_item
from contracts.exchange import ABSENT, SAFE, Request, Response
from contracts.steps import Step, Walk
from openapi.description import Operation
from openapi.resources import Part, Role
from openapi.shapes import Place

_ONLY = ""
"""The key of what there is only one of."""
_SHOWS_ITEM = {Role.CREATE, Role.READ, Role.REPLACE, Role.MERGE, Role.ACT}


@dataclass(frozen=True)
class Collection:
    """A collection of one resource, below the items that its path names."""

    resource: str
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Address:
    """An item: its collection, and its key as it stands in a path."""

    collection: Collection
    key: str

    def __str__(self) -> str:
        return "/".join((*self.collection.parents, self.collection.resource, self.key))


@dataclass(frozen=True, eq=False)
class Exchange:
    """One step as it was played."""

    index: int
    """The number of its step in the walk."""
    step: Step
    operation: Operation
    part: Part | None
    """What the operation does to which resource, where that is known."""
    values: Mapping[tuple[str, str], Any]
    """The parameters that were sent, by place and name."""
    sent: Any
    """The value of the body that was sent, or ABSENT."""
    request: Request
    response: Response | None
    """None: no usable answer came."""
    api: Api = field(repr=False)
    failure: str = ""
    """Why no usable answer came."""
    began: float = 0
    ended: float = 0
    """Seconds on one clock; two exchanges whose times overlap were sent together."""
    now: datetime | None = None
    """The time on the target's clock when it was sent, where that is known."""

    @property
    def who(self) -> str:
        """Who sent it."""
        return self.step.who

    @property
    def status(self) -> int:
        """The status of the answer; 0 where none came."""
        return self.response.status if self.response is not None else 0

    @property
    def ok(self) -> bool:
        """Whether it was carried out."""
        return self.response is not None and self.response.ok

    @property
    def refused(self) -> bool:
        """Whether it was turned down as the client's fault."""
        return self.response is not None and self.response.refused

    @property
    def crashed(self) -> bool:
        """Whether the server failed on it."""
        return self.response is not None and self.response.failed

    @property
    def safe(self) -> bool:
        """Whether its method asks for no change."""
        return self.operation.method in SAFE

    @property
    def opens(self) -> bool:
        """Whether it opened a link, by which even a GET may do something."""
        return self.step.url is not None or self.role is Role.OPEN

    @property
    def role(self) -> Role | None:
        """What it does to its resource."""
        return self.part.role if self.part is not None else None

    @property
    def answer(self) -> Any:
        """The JSON value of the answer's body, or ABSENT."""
        return self.response.value if self.response is not None else ABSENT

    @cached_property
    def item(self) -> Mapping[str, Any] | None:
        """The item in its answer, where it was carried out and shows one."""
        if self.part is None or not self.ok or self.part.role not in _SHOWS_ITEM:
            return None
        place = place_of_item(self.operation, self.part.resource)
        found = at(self.answer, place) if place is not None else None
        return found if isinstance(found, Mapping) and found else None

    @cached_property
    def listed(self) -> list[Mapping[str, Any]] | None:
        """The items that a list shows; None where it is no list or was not carried out."""
        if self.part is None or self.part.role is not Role.LIST or not self.ok:
            return None
        place = self.api.listing(self.operation).place
        found = at(self.answer, place) if place is not None else None
        if not isinstance(found, list):
            return None
        return [one for one in found if isinstance(one, Mapping)]

    @cached_property
    def collection(self) -> Collection | None:
        """The collection that it concerns."""
        if self.part is None:
            return None
        resource = canonical(self.part.resource)
        if resource is not self.part.resource:
            return Collection(resource.name)
        names = self.part.parents
        return Collection(resource.name, tuple(self._path(name) for name in names))

    @cached_property
    def address(self) -> Address | None:
        """The item that it concerns: the one that its path names, or the one it created."""
        if self.part is None or self.collection is None:
            return None
        if self.part.key is not None:
            return Address(self.collection, self._path(self.part.key))
        if self.part.resource.singleton:
            return Address(self.collection, _ONLY)
        if self.part.role is Role.CREATE and self.ok:
            key = self.key_of(self.item) or self._located
            return Address(self.collection, key) if key else None
        return None

    def key_of(self, item: Mapping[str, Any] | None) -> str | None:
        """The key of an item of its resource, as it stands in a path."""
        name = key_name(canonical(self.part.resource)) if self.part is not None else None
        if name is None or item is None or isinstance(item.get(name), dict | list | bool | None):
            return None
        return text_of(item[name])

    @property
    def _located(self) -> str | None:
        """The last segment of `Location`."""
        location = self.response.header("location") if self.response is not None else None
        path = urlsplit(location).path.rstrip("/") if location else ""
        return unquote(path.rpartition("/")[2]) or None

    def _path(self, name: str) -> str:
        return text_of(self.values.get(("path", name), ""))

    def overlaps(self, other: "Exchange") -> bool:
        """Whether it was under way at the same time."""
        return self is not other and self.began < other.ended and other.began < self.ended

    def repeats(self, other: "Exchange") -> bool:
        """Whether one identity asks for the same again, with the same body."""
        return (
            self.operation is other.operation
            and self.who == other.who
            and _same_json(self.values, other.values)
            and _same_json(self.sent, other.sent)
        )

    def asks_alike(self, other: "Exchange") -> bool:
        """Whether both are in the same scope: what both say beside the path is the same.

        Two requests to one operation have to say all the same. A part of a collection, such as the
        tasks of a file, shows what says that it belongs there.
        """
        if not (_is_within(self, other) and _is_within(other, self)):
            return False
        mine, theirs = (
            {name: value for name, value in one.values.items() if name[0] != "path"}
            for one in (self, other)
        )
        if self.operation is other.operation:
            return mine == theirs
        return all(theirs[name] == mine[name] for name in mine.keys() & theirs.keys())

    @property
    def short(self) -> str:
        """It on one line: who, method, path and status."""
        who = "" if self.who == "first" else f" as {self.who}"
        parts = urlsplit(self.request.url)
        query = f"?{parts.query}" if parts.query else ""
        told = self.status or "no answer"
        return f"{self.request.method} {parts.path}{query}{who} -> {told}"


@dataclass(frozen=True, eq=False)
class History:
    """The exchanges of one walk in their order; steps that could not be bound are not among them.

    Only exchanges that were sent together may overlap.
    """

    api: Api
    walk: Walk
    exchanges: tuple[Exchange, ...]

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self.exchanges)

    def until(self, *, wait: bool, race: bool) -> "History":
        """The history until time was let pass, and until requests were sent together, or whole."""
        steps = self.walk.steps
        ends = [index for index, step in enumerate(steps) if wait and step.wait]
        ends += [index - 1 for index, step in enumerate(steps) if race and step.together]
        if not ends:
            return self
        kept = tuple(one for one in self.exchanges if one.index < min(ends))
        return History(self.api, self.walk, kept)

    def before(self, exchange: Exchange) -> Iterator[Exchange]:
        """Those before it, the latest first."""
        return (one for one in reversed(self.exchanges) if one.index < exchange.index)

    def after(self, exchange: Exchange) -> Iterator[Exchange]:
        """Those after it."""
        return (one for one in self.exchanges if one.index > exchange.index)

    def between(self, one: Exchange, other: Exchange) -> Iterator[Exchange]:
        """Those between two."""
        return (each for each in self.exchanges if one.index < each.index < other.index)

    def of(self, address: Address | None) -> Iterator[Exchange]:
        """Those that concern an item by its address."""
        return (one for one in self.exchanges if address is not None and one.address == address)

    def removed(self, earlier: Exchange, later: Exchange) -> bool:
        """Whether the item of one exchange was deleted, or may have been, before another came."""
        return any(
            one.role is Role.REMOVE and not one.refused
            for one in self.of(earlier.address)
            if earlier.index < one.index < later.index or one.overlaps(later)
        )

    def undisturbed(self, one: Exchange, other: Exchange) -> bool:
        """Whether nothing that may have changed anything lies between two exchanges.

        What was refused changed nothing (`refused_changes_nothing` is the law that doubts it).
        """
        return all(each.safe or each.refused for each in self.between(one, other)) and not any(
            each.overlaps(one) or each.overlaps(other)
            for each in self.exchanges
            if each is not one and each is not other and not each.safe
        )

    def quiet(self, one: Exchange, other: Exchange, address: Address) -> bool:
        """Whether nothing between two exchanges may have changed that item.

        Writes to siblings in its collection are not taken for such; all other writes are.
        """
        for each in self.exchanges:
            is_between = one.index < each.index < other.index
            meets = each.index not in {one.index, other.index} and (
                each.overlaps(one) or each.overlaps(other)
            )
            if each.safe or each.refused or not (is_between or meets):
                continue
            sibling = (
                each.address is not None
                and each.address.collection == address.collection
                and each.address != address
                and each.ok
            )
            if not sibling:
                return False
        return True

    def quiet_for(self, made: Exchange, later: Exchange) -> bool:
        """Whether nothing was done in between to what an exchange created."""
        return made.address is None or self.quiet(made, later, made.address)

    def chosen(self, *roles: Role, who: str = "first") -> Iterator[Exchange]:
        """Those with one of these roles that an identity sent alone, and got an answer to."""
        for one in self.exchanges:
            if one.role in roles and one.who == who and one.response is not None:
                yield one


def at(value: Any, place: Place) -> Any:
    """What stands at a place in a body; ABSENT where nothing does."""
    for name in place:
        value = value.get(name, ABSENT) if isinstance(value, Mapping) else ABSENT
    return value


def _is_within(one: Exchange, other: Exchange) -> bool:
    """Whether another exchange says what one, if it only shows a part, shows a part of."""
    if one.part is None or not one.safe or canonical(one.part.resource) is one.part.resource:
        return True
    told = set(map(text_of, other.values.values())) | {text for _, text in leaves(other.sent)}
    return all(text_of(one.values.get(("path", name))) in told for name in one.part.parents)


def _same_json(one: Any, other: Any) -> bool:
    """Whether two values are the same in JSON, where `true` is not 1 as it is in Python."""
    return bool(one == other) and sorted(leaves(one)) == sorted(leaves(other))


def plain_values(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """The values in a JSON value that hold no others, each with the name nearest to it."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from plain_values(one, str(key))
    elif isinstance(value, list):
        for one in value:
            yield from plain_values(one, name)
    else:
        yield name, value


def leaves(value: Any) -> Iterator[tuple[str, str]]:
    """The plain values in a JSON value, as texts, each with its name; nulls and "" are none."""
    for name, one in plain_values(value):
        if one is not None and one != "":
            yield name, text_of(one)


def text_of(value: Any) -> str:
    """A key as it stands in a path: JSON makes no difference between 7 and 7.0."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def listed_key(exchange: Exchange, items: Iterable[Mapping[str, Any]]) -> list[str]:
    """The keys of the items that have one."""
    return [key for item in items if (key := exchange.key_of(item)) is not None]
