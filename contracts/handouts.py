"""Links that an API hands out to be opened, and what is declared of how long they can be.

A link is a URL, or the key of an item that an operation elsewhere opens, as `/{token}` does.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from contracts.api import Api, place_of_item
from contracts.exchange import ABSENT
from contracts.history import Exchange, History
from contracts.stage import Handle, Stage
from contracts.steps import Ref
from contracts.strangers import on_mock
from openapi import declarations, shapes
from openapi.declarations import Expiry
from openapi.description import Operation
from openapi.durations import Duration, is_lifetime
from openapi.moments import instant
from openapi.pointers import at, escaped
from openapi.references import EXPIRY
from openapi.resources import Resource, Role, held_by, sent_schema, success_content
from openapi.schemas import Schema
from openapi.shapes import spelling

_DEEPEST = 4
_URLS = {"url", "uri", "link", "href", "location", "address"}
A_MINUTE = 60
"""Seconds in which what is done with a link is done, and after which it leaves no trace."""
_HANDING = {Role.CREATE, Role.BELOW}
_GONE = 410
_EXPIRED = re.compile(r"\bexpir|\bno longer valid\b|\btime is over\b", re.IGNORECASE)
_ENDS = re.compile(r"(expires?|expiration|expiry|valid(until|to|till)|ends)(at|on|date|time)?")
_LEEWAY = timedelta(seconds=2)
"""Around the end of a link nothing is demanded: clocks differ, and requests take time."""


@dataclass(frozen=True)
class Handout:
    """Where in the answer of an operation a link stands that another operation opens."""

    operation: Operation
    holder: str
    """JSON pointer of the object that holds it, in the answer; the first one of a list."""
    name: str
    """The property with the URL, or the key."""
    expiry: Expiry
    schema: Schema
    opened_by: tuple[Operation, ...]
    parameter: str = ""
    """The path parameter of the operations that open it, which takes it; empty: it is a URL."""
    item: Resource | None = None
    """The resource of which the link is an item; None: it is none, as far as is known."""
    is_declared: bool = True
    """Whether its end is declared, and not only told of in words: a mock keeps what is declared."""

    @property
    def expression(self) -> str:
        """The runtime expression of the URL, or the key."""
        return f"$response.body#{self.holder}/{escaped(self.name)}"

    def lasting(self, seconds: int) -> dict[str, int]:
        """What asks for a link that lives so many seconds, or as near as may be asked for."""
        name = self.expiry.after
        asked = shapes.properties(sent_schema(self.operation))
        if not isinstance(name, str) or name not in asked:
            return {}
        least, most = (shapes.keyword(asked[name], one) for one in ("minimum", "maximum"))
        if isinstance(least, int):
            seconds = max(seconds, least)
        return {name: min(seconds, most) if isinstance(most, int) else seconds}

    def open(self, stage: Stage, opener: Operation, handed: int, **how: Any) -> int:
        """Open the link that a step handed out."""
        link = Ref(handed, self.expression)
        if not self.parameter:
            return stage.open(opener, link, **how)
        return stage.open_at(opener, self.parameter, link, **how)

    def told(self, stage: Stage, handed: int) -> Handle | None:
        """The link that a step handed out as an item that can be read; None where none can."""
        key = self.item.key if self.item is not None else None
        if self.item is None or key is None or stage.api.operation(Role.READ, self.item) is None:
            return None
        link = Ref(handed, f"$response.body#{self.holder}/{escaped(key)}")
        return Handle(self.item, link, stage.parents(self.item), handed, self.holder)


@cache
def handouts(api: Api) -> tuple[Handout, ...]:
    """The links that the API hands out whose end is declared (`x-expiry` with `opened-by`).

    Beside them those that the description tells of: their ends are in the answer that hands them
    out, and the operation that opens them documents that it refuses what has expired.
    """
    found: dict[str, Handout] = {}
    for one in (*_urls(api), *_keys(api), *_told(api)):
        found.setdefault(one.operation.key, one)
    return tuple(found.values())


def declared(api: Api) -> tuple[Handout, ...]:
    """Those of them whose end is declared."""
    return tuple(one for one in handouts(api) if one.is_declared)


def _urls(api: Api) -> Iterator[Handout]:
    """Those that are URLs."""
    for operation in api.by_key.values():
        content = success_content(operation)
        if operation.method != "POST" or content is None or content.schema is None:
            continue
        for pointer, schema in _objects(content.schema, "", _DEEPEST):
            told = shapes.keyword(schema, EXPIRY)
            if told is None:
                continue
            for expiry in declarations.expiries(told):
                openers = tuple(filter(None, map(api.named, expiry.opened_by)))
                name = _url_in(schema, _sent(api, operation))
                if openers and name is not None:
                    yield Handout(operation, pointer, name, expiry, schema, openers)
                    break


def _keys(api: Api) -> Iterator[Handout]:
    """Those that stand in the path of another operation."""
    for operation in api.operations(Role.CREATE):
        resource = api.part(operation).resource
        place = place_of_item(operation, resource)
        if place is None:
            continue
        pointer = "".join(f"/{escaped(name)}" for name in place)
        for expiry in resource.expiries:
            named = list(map(api.named, expiry.opened_by))
            openers = [one for one in resource.openers if one.operation in named]
            if openers:
                held = openers[0].holds
                ways = tuple(one.operation for one in openers if one.holds == held)
                schema = resource.item_schema
                taken_by = openers[0].parameter
                yield Handout(operation, pointer, held, expiry, schema, ways, taken_by, resource)
                break


def _told(api: Api) -> Iterator[Handout]:
    """Those whose end is only told of in words."""
    openers = [one for one in api.by_key.values() if _refuses_expired(one)]
    for operation in api.by_key.values():
        content = success_content(operation)
        part = api.parts[operation.key]
        # What only changes an item hands nothing out.
        makes = operation.method == "POST" and (part is None or part.role in _HANDING)
        if not openers or not makes or content is None or content.schema is None:
            continue
        for pointer, schema in _objects(content.schema, "", 1):
            described = shapes.properties(schema)
            ends = next((name for name in described if _is_end(name, described[name])), None)
            for opener in openers if ends is not None else ():
                parameter = opener.path_pieces[1]
                held = held_by(parameter, "", described)
                if held is not None and "string" in shapes.types(described[held]):
                    asked = shapes.properties(sent_schema(operation))
                    after = next(filter(is_lifetime, asked), None)
                    expiry = Expiry(after, ends, (opener.key,), _GONE, None)
                    ways = (opener,)
                    yield Handout(
                        operation, pointer, held, expiry, schema, ways, parameter, is_declared=False
                    )
                    break


def _refuses_expired(operation: Operation) -> bool:
    """Whether an operation opens what its path names, and says that it may have expired."""
    told = [one.description for one in operation.responses if one.status == str(_GONE)]
    is_way = operation.method == "GET" and len(operation.path_pieces[1::2]) == 1
    return is_way and any(_EXPIRED.search(one) for one in told)


def _is_end(name: str, schema: Schema) -> bool:
    is_moment = shapes.keyword(schema, "format") == "date-time"
    return is_moment and _ENDS.fullmatch(spelling(name)) is not None


def _objects(schema: Schema, pointer: str, depth: int) -> Iterator[tuple[str, Schema]]:
    """The objects in what a schema describes, with their pointers."""
    yield pointer, schema
    if not depth:
        return
    for name, part in shapes.properties(schema).items():
        place = f"{pointer}/{escaped(name)}"
        if "array" in shapes.types(part):
            part, place = shapes.items(part), f"{place}/0"  # noqa: PLW2901
        if "object" in shapes.types(part):
            yield from _objects(part, place, depth - 1)


def _sent(api: Api, operation: Operation) -> set[str]:
    """The properties that clients send of the items that an operation is about."""
    part = api.parts[operation.key]
    about = [
        one
        for key, other in api.parts.items()
        if part is not None and other is not None and other.resource is part.resource
        for one in [api.by_key[key]]
    ]
    return {name for one in (operation, *about) for name in shapes.properties(sent_schema(one))}


def _url_in(schema: Schema, sent: Collection[str]) -> str | None:
    """The property with a URL that the server made: what a client sends leads elsewhere."""
    made = [
        name
        for name, part in shapes.properties(schema).items()
        if name not in sent
        and (spelling(name) in _URLS or shapes.keyword(part, "format") in {"uri", "url"})
    ]
    ranked = sorted(made, key=lambda name: spelling(name) not in _URLS)
    return ranked[0] if ranked else None


@dataclass(frozen=True)
class Opening:
    """One request to a link that was handed out in the same walk."""

    handed: Exchange
    opened: Exchange
    handout: Handout
    holder: Mapping[str, Any]
    """The object that held the link."""

    @property
    def expires(self) -> datetime | None:
        """When its time ends on the target's clock; None: that is not known."""
        expiry, made = self.handout.expiry, self.handed.now
        if expiry.at is not None:
            told = instant(self.holder.get(expiry.at))
            if told is not None:
                return told
        after = self.holder.get(expiry.after) if isinstance(expiry.after, str) else expiry.after
        if isinstance(expiry.after, str) and after is None and isinstance(self.handed.sent, dict):
            after = self.handed.sent.get(expiry.after)
        if made is None or after is None or isinstance(after, bool):
            return None
        try:
            if isinstance(after, Duration):
                return after.after(made)
            return made + timedelta(seconds=float(after))
        except (OverflowError, ValueError, TypeError):
            return None

    @property
    def early(self) -> bool:
        """Whether it was opened well before its end."""
        ends = self.expires
        return (
            ends is not None and self.opened.now is not None and (self.opened.now < ends - _LEEWAY)
        )

    @property
    def late(self) -> bool:
        """Whether it was opened well after its end."""
        ends = self.expires
        return (
            ends is not None and self.opened.now is not None and (self.opened.now > ends + _LEEWAY)
        )

    @property
    def refusals(self) -> set[int]:
        """What answers after its end."""
        answers = self.handout.expiry.answers
        return {404, 410} if answers is None else {answers}


def openings(history: History) -> Iterator[Opening]:
    """The requests of a history that opened what it handed out."""
    known = {one.operation.key: one for one in handouts(history.api)}
    taking = {way.key: one.parameter for one in known.values() for way in one.opened_by}
    for opened in history:
        ref = opened.step.url or _in_path(opened, taking.get(opened.operation.key, ""))
        if ref is None or opened.response is None:
            continue
        handed = next((one for one in history if one.index == ref.step), None)
        if handed is None or not handed.ok or handed.operation.key not in known:
            continue
        handout = known[handed.operation.key]
        if opened.operation.key not in {one.key for one in handout.opened_by}:
            continue
        if handout.parameter and ref != Ref(handed.index, handout.expression):
            continue
        if not handout.is_declared and on_mock(opened):
            continue
        pointer = handout.holder
        if not handout.parameter:
            pointer = ref.expression.partition("#")[2].rpartition("/")[0]
        try:
            holder = at(handed.answer, pointer) if handed.answer is not ABSENT else None
        except LookupError:
            continue
        if isinstance(holder, Mapping):
            yield Opening(handed, opened, handout, holder)


def _in_path(opened: Exchange, parameter: str) -> Ref | None:
    """What the path held by which something was opened."""
    told = opened.step.values.get("path", {}).get(parameter)
    return told if isinstance(told, Ref) else None
