"""URLs that an API hands out to be opened, and what is declared of how long they can be."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from contracts.api import Api
from contracts.exchange import ABSENT
from contracts.history import Exchange, History
from openapi import declarations, shapes
from openapi.declarations import Expiry
from openapi.description import Operation
from openapi.durations import Duration
from openapi.moments import instant
from openapi.pointers import at, escaped
from openapi.references import EXPIRY
from openapi.resources import sent_schema, success_content
from openapi.schemas import Schema
from openapi.shapes import spelling

_DEEPEST = 4
_URLS = {"url", "uri", "link", "href", "location", "address"}
_LEEWAY = timedelta(seconds=2)
"""Around the end of a link nothing is demanded: clocks differ, and requests take time."""


@dataclass(frozen=True)
class Handout:
    """Where in the answer of an operation a URL stands that another operation opens."""

    operation: Operation
    holder: str
    """JSON pointer of the object that holds it, in the answer; the first one of a list."""
    name: str
    """The property with the URL."""
    expiry: Expiry
    schema: Schema
    opened_by: tuple[Operation, ...]

    @property
    def expression(self) -> str:
        """The runtime expression of the URL."""
        return f"$response.body#{self.holder}/{escaped(self.name)}"


@cache
def handouts(api: Api) -> tuple[Handout, ...]:
    """The URLs that the API hands out whose end is declared (`x-expiry` with `opened-by`)."""
    return tuple(_handouts(api))


def _handouts(api: Api) -> Iterator[Handout]:
    """The URLs that the API hands out whose end is declared (`x-expiry` with `opened-by`)."""
    for operation in api.by_key.values():
        content = success_content(operation)
        if operation.method != "POST" or content is None or content.schema is None:
            continue
        for pointer, schema in _objects(content.schema, "", _DEEPEST):
            declared = shapes.keyword(schema, EXPIRY)
            if declared is None:
                continue
            for expiry in declarations.expiries(declared):
                openers = tuple(filter(None, map(api.named, expiry.opened_by)))
                name = _url_in(schema, _sent(api, operation))
                if openers and name is not None:
                    yield Handout(operation, pointer, name, expiry, schema, openers)
                    break


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
    """One request to a URL that was handed out in the same walk."""

    handed: Exchange
    opened: Exchange
    handout: Handout
    holder: Mapping[str, Any]
    """The object that held the URL."""

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
    for opened in history:
        ref = opened.step.url
        if ref is None or opened.response is None:
            continue
        handed = next((one for one in history if one.index == ref.step), None)
        if handed is None or not handed.ok or handed.operation.key not in known:
            continue
        handout = known[handed.operation.key]
        if opened.operation.key not in {one.key for one in handout.opened_by}:
            continue
        pointer = ref.expression.partition("#")[2].rpartition("/")[0]
        try:
            holder = at(handed.answer, pointer) if handed.answer is not ABSENT else None
        except LookupError:
            continue
        if isinstance(holder, Mapping):
            yield Opening(handed, opened, handout, holder)
