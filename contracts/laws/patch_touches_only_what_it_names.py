"""A PATCH touches only what it names."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contracts.api import Api
from contracts.history import History
from contracts.law import Chance, broken, kept
from contracts.names import is_status
from contracts.samples import FULL
from contracts.stage import Stage
from contracts.values import is_secret
from contracts.views import View, changes, looks, restless, settable, writable
from openapi import shapes
from openapi.resources import Resource, Role, sent_schema
from openapi.shapes import spelling

_SOME = 3
"""So many properties are changed one after the other."""


def subjects(api: Api) -> Iterable[Resource]:
    """Resources whose items can be created, changed in part, and read."""
    return writable(api, Role.MERGE, Role.READ)


def provoke(stage: Stage, subject: Resource) -> None:
    """Create a full item, change single properties of it, then nothing, and read each time."""
    operation = stage.api.operation(Role.MERGE, subject)
    assert operation is not None
    schema = sent_schema(operation)
    whole = stage.body(operation, FULL)
    names = [name for name in settable(schema) if isinstance(whole, Mapping) and name in whole]
    item = stage.create(subject, form=FULL)
    stage.read(item)
    first = names.index(stage.choose(names)) if names else 0
    needed = shapes.required(schema)
    bodies: list[dict[str, Any]] = [
        {key: one for key, one in whole.items() if key == name or key in needed}
        for name in (names[first:] + names[:first])[:_SOME]
    ]
    for body in [*bodies, {}]:
        stage.do(operation, item, body=body)
        stage.read(item)


def check(history: History) -> Iterator[Chance]:
    """What a client may set, and a PATCH did not name, is the same before and after."""
    for patch in history.chosen(Role.MERGE):
        if not patch.ok or patch.address is None or not isinstance(patch.sent, Mapping):
            continue
        around = _around(history, patch)
        if around is None:
            continue
        before, after = around
        named = {spelling(name) for name in patch.sent}
        still = restless(history, patch.address.collection.resource)
        theirs = _of_clients(history.api, patch.part.resource) if patch.part is not None else set()
        touched = [
            name
            for name, *_ in changes(before, after)
            if name in theirs and name not in still and not _goes_with(name, named)
        ]
        shown = tuple(dict.fromkeys((before.exchange, patch, after.exchange)))
        for name in touched:
            yield broken("A PATCH changes what it does not name.", *shown, place=name, at=patch)
        if not touched:
            yield kept(*shown)


def _around(history: History, patch: Any) -> tuple[View, View] | None:
    """The nearest views of the item before and after, with nothing else in between."""
    seen = [one for one in looks(history, patch.address) if not one.in_list]
    before = [one for one in seen if one.exchange.index < patch.index]
    reads = [
        one for one in seen if one.exchange.index > patch.index and one.exchange.role is Role.READ
    ]
    if not before or not reads:
        return None
    calm = history.quiet(before[-1].exchange, patch, patch.address) and history.quiet(
        patch, reads[0].exchange, patch.address
    )
    return (before[-1], reads[0]) if calm else None


def _of_clients(api: Api, resource: Resource) -> set[str]:
    """The properties that clients set when they create or change an item."""
    found: set[str] = set()
    for role in (Role.CREATE, Role.REPLACE, Role.MERGE):
        for operation in api.operations(role, resource):
            found |= settable(sent_schema(operation)).keys()
    return {name for name in found if not is_status(name) and not is_secret(name)} - {resource.key}


def _goes_with(name: str, named: set[str]) -> bool:
    """Whether a server may derive it from what was named, as a slug from a name."""
    called = spelling(name)
    if called in named:
        return True
    return bool(named) and called in {"slug", "handle", "displayname", "fullname", "total"}
