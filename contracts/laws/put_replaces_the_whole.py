"""A PUT leaves nothing of the old item that the new one omits."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from contracts.api import Api, words
from contracts.history import Address, Exchange, History
from contracts.law import Chance, broken, kept
from contracts.names import is_owner, is_restless, is_status, is_time_of_record
from contracts.samples import FULL, LEAST, Recipe
from contracts.stage import Stage
from contracts.values import is_secret, same
from contracts.views import View, settable, view, views, writable
from openapi import shapes
from openapi.resources import Resource, Role, sent_schema
from openapi.schemas import Schema
from openapi.synthesis import Unsatisfiable

_PARTIAL = re.compile(
    r"partial|merge|only the (given|sent|provided|fields|properties|supplied)"
    r"|(provided|given|supplied|sent|specified) (fields|properties|values) (only|are)",
    re.IGNORECASE,
)
"""How descriptions say that their PUT is a patch."""


def subjects(api: Api) -> Iterable[Resource]:
    """Resources whose items can be created, replaced, and read."""
    return writable(api, Role.REPLACE, Role.READ)


def provoke(stage: Stage, subject: Resource) -> None:
    """Create an item with all that can be said, and replace it by one with the least."""
    operation = stage.api.operation(Role.REPLACE, subject)
    assert operation is not None
    schema = sent_schema(operation)
    full, least = stage.body(operation, FULL), stage.body(operation, LEAST)
    if isinstance(full, Mapping) and isinstance(least, Mapping):
        full = {**full, **_beside_defaults(stage, schema, full)}
        least = {name: one for name, one in least.items() if name in shapes.required(schema)}
    item = stage.create(subject, form=FULL)
    stage.read(item)
    for body in (full, least):
        stage.do(operation, item, body=body)
        stage.read(item)


def _beside_defaults(stage: Stage, schema: Schema, body: Mapping[str, Any]) -> dict[str, Any]:
    """Values for what the body has as a server would have it by itself."""
    found = {}
    for name, part in settable(schema).items():
        if name not in body or not isinstance(part, dict):
            continue
        if body[name] is not None and body[name] != shapes.keyword(part, "default"):
            continue
        telling = {word: value for word, value in part.items() if word not in {"default", "type"}}
        telling["type"] = sorted(shapes.types(part) - {"null"})
        with suppress(Unsatisfiable):
            found[name] = stage.samples.value(telling, Recipe(FULL, 1), name)
    return found


def check(history: History) -> Iterator[Chance]:
    """What a PUT did not name, and a client had set, does not show any more."""
    for put in history.chosen(Role.REPLACE):
        if not put.ok or put.address is None or not isinstance(put.sent, Mapping):
            continue
        if _PARTIAL.search(words(put.operation)):
            continue
        set_before = _set_before(history, put)
        before = _last_view(history, put)
        omitted = [
            name
            for name in _telling(put, set_before)
            if before is not None and same(before.item.get(name), set_before[name])
        ]
        if before is None or not omitted:
            continue
        for after in _views_after(history, put, put.address):
            left = [name for name in omitted if same(after.item.get(name), set_before[name])]
            shown = tuple(dict.fromkeys((before.exchange, put, after.exchange)))
            for name in left:
                yield broken(
                    "A PUT that leaves a property out does not take it away.", *shown, place=name
                )
            if not left:
                yield kept(*shown)


def _views_after(history: History, put: Exchange, address: Address) -> Iterator[View]:
    """What the PUT and the reads after it show, up to the next change."""
    for after in views(history, address):
        if after.exchange.index < put.index or after.in_list:
            continue
        if not history.quiet(put, after.exchange, address):
            return
        if after.exchange is not put and not after.exchange.safe:
            return
        yield after


def _set_before(history: History, put: Exchange) -> Mapping[str, Any]:
    """What clients sent of the item before, as it was last."""
    found: dict[str, Any] = {}
    for one in reversed(list(history.before(put))):
        writes = one.role in {Role.CREATE, Role.REPLACE, Role.MERGE}
        if one.address == put.address and writes and one.ok and isinstance(one.sent, Mapping):
            found |= one.sent
    return found


def _last_view(history: History, put: Exchange) -> View | None:
    for one in history.before(put):
        if one.who == put.who and put.address is not None:
            if one.address == put.address and not one.safe and not one.refused:
                return view(one, put.address)
            seen = view(one, put.address)
            if seen is not None and not seen.in_list:
                return seen
    return None


def _telling(put: Exchange, set_before: Mapping[str, Any]) -> Iterator[str]:
    """The properties that it could have named and did not, with values that no default has."""
    schema = sent_schema(put.operation)
    required = shapes.required(schema)
    for name, part in settable(schema).items():
        value = set_before.get(name)
        if name in put.sent or name in required or not _tells(value, part):
            continue
        if is_restless(name) or is_status(name) or is_owner(name) or is_secret(name):
            continue
        if put.part is not None and name == put.part.resource.key:
            continue
        if not is_time_of_record(name):
            yield name


def _tells(value: Any, schema: Schema) -> bool:
    """Whether a value is one that a server would hardly put there by itself."""
    if isinstance(value, bool) or value in (None, "", 0, 1, [], {}):
        return False
    if shapes.keyword(schema, "enum") is not None:
        return False
    return not same(value, shapes.keyword(schema, "default"))
