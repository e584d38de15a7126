"""What only the server sets stays as it is when a client sends it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contracts.api import Api, shown_schema
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from contracts.steps import Fresh
from contracts.unknown import unknown_keys
from contracts.values import same
from contracts.views import View, makeable, settable, views
from openapi import shapes
from openapi.description import Operation
from openapi.resources import Resource, Role, offered, sent_schema
from openapi.schemas import Schema
from openapi.shapes import spelling

_WRITES = (Role.CREATE, Role.MERGE, Role.REPLACE)
_ALL = ""
Subject = tuple[Resource, str]
_NUMBER = 876_543_210
_LONG_AGO = "2001-02-03T04:05:06Z"


def subjects(api: Api) -> Iterable[Subject]:
    """Resources with properties that no client may set: all of them at once, then each alone."""
    for resource in makeable(api):
        names = dict.fromkeys(
            name
            for role in _WRITES
            for operation in api.operations(role, resource)
            for name in of_server(api, operation, resource)
        )
        if names:
            yield resource, _ALL
        if len(names) > 1:
            yield from ((resource, name) for name in names)


def provoke(stage: Stage, subject: Subject) -> None:
    """Create an item as usual, then one with the server's properties; change it with them, too."""
    resource, name = subject
    usual = stage.create(resource)
    can_read = stage.api.operation(Role.READ, resource) is not None

    def look(handle: Any) -> None:
        if can_read:
            stage.read(handle)
        else:
            stage.list_all_if_possible(resource, handle.parents)

    look(usual)
    for role in _WRITES:
        for operation in stage.api.operations(role, resource):
            changes = {
                one: value
                for one, values in _forged(stage.api, operation, resource).items()
                if name in {_ALL, one}
                for value in values[:1]
            }
            if not changes:
                continue
            if role is Role.CREATE:
                # What the first one took of others, such as a stock, may leave too little.
                stage.begin_anew()
                look(stage.create(resource, under=usual.parents, changes=changes))
                second = _others(stage.api, operation, resource, name)
                if second:
                    look(stage.create(resource, under=usual.parents, changes=second))
            else:
                stage.do(operation, usual, changes=changes)
                look(usual)


def _others(api: Api, operation: Operation, resource: Resource, name: str) -> dict[str, Any]:
    """Second values for what has few: the first may be what the server would give anyway."""
    return {
        one: values[1]
        for one, values in _forged(api, operation, resource).items()
        if name in {_ALL, one} and len(values) > 1
    }


def of_server(api: Api, operation: Operation, resource: Resource) -> dict[str, Schema]:
    """The properties that an item shows, and that no body of a request for it offers."""
    if not shapes.properties(sent_schema(operation)):
        return {}
    known = {
        spelling(name)
        for role in _WRITES
        for writing in api.operations(role, resource)
        for name in {*settable(sent_schema(writing)), *_wrapped(writing, resource)}
    }
    shown = {**shapes.properties(resource.item_schema)}
    shown |= shapes.properties(shown_schema(operation, resource))
    return {
        name: part
        for name, part in shown.items()
        if spelling(name) not in known
        and not shapes.types(part) & {"object", "array"}
        and (name != resource.key or operation.method == "POST")
    }


def _wrapped(operation: Operation, resource: Resource) -> set[str]:
    """The properties of an item that a body wraps."""
    return offered(operation, resource) - shapes.properties(sent_schema(operation)).keys()


def _forged(api: Api, operation: Operation, resource: Resource) -> dict[str, list[Any]]:
    """Values that a client might try to set, which fit what is described."""
    found = {}
    for name, part in of_server(api, operation, resource).items():
        valid = api.validator(part).is_valid
        values = [
            one
            for one in _values(api, name, part, resource)
            if valid(one.value() if isinstance(one, Fresh) else one)
        ]
        if values:
            found[name] = values
    return found


def _values(api: Api, name: str, schema: Schema, resource: Resource) -> list[Any]:
    choices = shapes.keyword(schema, "enum")
    if isinstance(choices, list):
        return [*reversed(choices)]
    kinds = shapes.types(schema)
    if "boolean" in kinds:
        return [True, False]
    if name == resource.key:
        read = api.operation(Role.READ, resource)
        key = api.part(read).key if read is not None else None
        keys = unknown_keys(api, read, key) if read is not None and key is not None else []
        # Another number than the one that nobody has: it would be there from now on.
        keys = [_NUMBER if isinstance(one, int) else one for one in keys]
        return [one for one in keys if not kinds or ("string" in kinds) != isinstance(one, int)]
    if kinds & {"integer", "number"}:
        return [424_242, 42, 4]
    return [_LONG_AGO, "2001-02-03", "admin", "11111111-2222-4333-8444-555555555555"]


def check(history: History) -> Iterator[Chance]:
    """No view of an item shows what a client sent for a property that is the server's."""
    for write in history.chosen(*_WRITES):
        if not write.ok or write.part is None or not isinstance(write.sent, Mapping):
            continue
        names = of_server(history.api, write.operation, write.part.resource)
        forged = {name: write.sent[name] for name in names if name in write.sent}
        if not forged or write.address is None:
            continue
        after = _after(history, write)
        if after is None:
            continue
        shown = tuple(dict.fromkeys((write, after.exchange)))
        for name, value in forged.items():
            if name not in after.item:
                continue
            if not same(after.item[name], value):
                yield kept(*shown)
            elif _was_other(history, write, name, value):
                yield broken(
                    f"A client sets what only the server may set, by {write.operation.method}.",
                    *shown,
                    place=name,
                )


def _after(history: History, write: Exchange) -> View | None:
    """The item as it shows next, best as a read shows it: an answer may only repeat what came."""
    assert write.address is not None
    seen = [
        one
        for one in views(history, write.address)
        if one.exchange.index >= write.index and history.quiet(write, one.exchange, write.address)
    ]
    reads = [one for one in seen if one.exchange.safe]
    return next(iter([*reads, *seen]), None)


def _was_other(history: History, write: Exchange, name: str, value: Any) -> bool:
    """Whether the server would have put something else there: as it did before, or for others."""
    assert write.address is not None
    if write.role is not Role.CREATE:
        before = [one for one in views(history, write.address) if one.exchange.index < write.index]
        return bool(before) and not same(before[-1].item.get(name), value)
    for other in history.chosen(Role.CREATE):
        comparable = other is not write and other.ok and other.collection == write.collection
        if not comparable or other.address is None or other.address == write.address:
            continue
        sent = other.sent if isinstance(other.sent, Mapping) else {}
        for one in views(history, other.address):
            if name in one.item and not same(one.item[name], value) and name not in sent:
                return True
            break
    return False
