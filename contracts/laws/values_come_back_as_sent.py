"""Values come back as they were sent."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from contracts.api import Api, words
from contracts.edges import KINDS, Edges
from contracts.exchange import ABSENT
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.names import is_email, is_money, is_owner, is_restless, is_status, is_time_of_record
from contracts.samples import FULL
from contracts.stage import Stage
from contracts.values import differences, is_secret
from contracts.views import View, left_out, settable, views, writable
from openapi import shapes
from openapi.resources import Resource, Role, sent_schema
from openapi.schemas import Schema
from openapi.shapes import spelling

_WRITES = (Role.CREATE, Role.REPLACE, Role.MERGE)
_USUAL = "usual"
_MOST = 6
"""So many bodies are sent in one walk."""
_PENNY = 0.005 + 1e-9
_APPENDS = re.compile(r"\b(append|adds? to|added to)", re.IGNORECASE)
Subject = tuple[Resource, Role, str]


def subjects(api: Api) -> Iterable[Subject]:
    """Resources whose items can be seen, how they are written, and which values are special."""
    seen = [
        one for one in writable(api) if any(api.operation(r, one) for r in (Role.READ, Role.LIST))
    ]
    for kind in (_USUAL, *KINDS):
        for resource in seen:
            for role in _WRITES:
                operation = api.operation(role, resource)
                if operation is not None and operation.body is not None:
                    yield resource, role, kind


def provoke(stage: Stage, subject: Subject) -> None:
    """Write items with such values, and read and list them."""
    resource, role, kind = subject
    operation = stage.api.operation(role, resource)
    assert operation is not None
    can_read = stage.api.operation(Role.READ, resource) is not None
    schema = sent_schema(operation)
    if kind == _USUAL:
        _write_usual(stage, resource, role)
        return
    body = stage.body(operation, FULL)
    only = stage.choose([None, *settable(schema)])
    bodies = list(Edges(stage.api, schema, kind, only).bodies(body))
    if role is Role.MERGE:
        # What else a body may say, such as names of what is not there, may be refused.
        needed = shapes.required(schema)
        bodies = [_changed(one, body, needed) for one in bodies]
    start = stage.number % len(bodies) if bodies else 0
    item = stage.create(resource) if role is not Role.CREATE else None
    parents = item.parents if item is not None else None
    for one in (bodies[start:] + bodies[:start])[:_MOST]:
        if item is None or role is Role.CREATE:
            item = stage.create(resource, body=stage.anew(one), under=parents)
            parents = item.parents
        else:
            stage.do(operation, item, body=stage.anew(one))
        if can_read:
            stage.read(item)
    if item is not None:
        stage.list_all_if_possible(resource, parents)


def _changed(body: Any, usual: Any, needed: Collection[str]) -> Any:
    """What a body says that the usual one does not, and what it has to say."""
    if not isinstance(body, Mapping) or not isinstance(usual, Mapping):
        return body
    return {
        name: value
        for name, value in body.items()
        if name in needed or name not in usual or value != usual[name]
    }


def _write_usual(stage: Stage, resource: Resource, role: Role) -> None:
    item = stage.create(resource, form=FULL if role is Role.CREATE else None)
    if role is not Role.CREATE:
        stage.do(role, item, form=FULL)
    if stage.api.operation(Role.READ, resource) is not None:
        stage.read(item)
    stage.list_all_if_possible(resource, item.parents)


def check(history: History) -> Iterator[Chance]:
    """The answer of a write, and later reads and lists, show what was sent and is allowed."""
    for write in history.chosen(*_WRITES):
        if not write.ok or write.address is None or not isinstance(write.sent, Mapping):
            continue
        sent = _comparable(write)
        if not sent:
            continue
        for seen in views(history, write.address):
            if seen.exchange.index < write.index or seen.exchange.overlaps(write):
                continue
            if not history.quiet(write, seen.exchange, write.address):
                break
            if seen.exchange is not write and not seen.exchange.safe:
                break
            if _is_refused_between(history, write, seen.exchange):
                break  # `refused_requests_change_nothing` is of these
            if not seen.exchange.asks_alike(write):
                continue
            yield from _judged(write, sent, seen)


def _is_refused_between(history: History, write: Exchange, seen: Exchange) -> bool:
    """Whether another change of the item was refused in between, which may have been done."""
    return any(
        one.refused and not one.safe and one.address == write.address
        for one in history.between(write, seen)
    )


def _judged(write: Exchange, sent: Mapping[str, Any], seen: View) -> Iterator[Chance]:
    shown = tuple(dict.fromkeys((write, seen.exchange)))
    different = [
        (pointer, one, other)
        for pointer, one, other in differences(sent, seen.item, seen.schema)
        if not _is_fine(pointer, one, other, write, in_list=seen.in_list)
        and _may_be_shown(sent, pointer.split("/")[1], write, seen)
        and not (other in (ABSENT, None, [], {}) and left_out(seen, pointer.split("/")[1], one))
    ]
    for pointer, _, other in different:
        lost = "does not come back" if other is ABSENT else "comes back other than it was sent"
        yield broken(f"A value {lost}.", *shown, place=pointer)
    if not different:
        yield kept(*shown)


def _comparable(write: Exchange) -> dict[str, Any]:
    """What was sent of properties that are the client's, with values that are allowed."""
    offered = settable(sent_schema(write.operation))
    part = write.part
    # The path says which item is meant, whatever a body says; and most ids are the server's.
    named = (
        {"uuid", *(spelling(name) for name in (part.resource.key, part.key, *part.parents) if name)}
        if part
        else set()
    )
    return {
        name: value
        for name, value in write.sent.items()
        if name in offered
        and spelling(name) not in named
        and not (is_secret(name) or is_status(name) or is_owner(name) or _is_restless(name))
        and not is_time_of_record(name)
        and write.api.validator(offered[name]).is_valid(value)
        and _fits_format(value, offered[name])
        and not _may_be_filled_in(value, offered[name])
    }


def _may_be_shown(sent: Mapping[str, Any], name: str, write: Exchange, seen: View) -> bool:
    """Whether an answer that fits the description can hold a value that was sent."""
    part = shapes.properties(seen.schema).get(name, True)
    return write.api.validator(part).is_valid(sent[name])


def _is_restless(name: str) -> bool:
    """Whether a server may change what was sent; a URL that a client chose it may not."""
    return is_restless(name) and spelling(name) not in {"url", "href", "link"}


def _fits_format(value: Any, schema: Schema) -> bool:
    told = shapes.keyword(schema, "format")
    most = {"int32": 2**31 - 1, "int64": 2**63 - 1}.get(str(told))
    return most is None or not isinstance(value, int | float) or abs(value) <= most


def _may_be_filled_in(value: Any, schema: Schema) -> bool:
    """Whether a null is likely to stand for the default."""
    return value is None and shapes.keyword(schema, "default") is not None


def _is_fine(pointer: str, one: Any, other: Any, write: Exchange, *, in_list: bool) -> bool:
    """Whether a difference is no change of what was meant."""
    name = pointer.rstrip("/*").rpartition("/")[2]
    left_out = other is ABSENT and in_list
    # What was named by its key is shown whole.
    expanded = isinstance(other, Mapping) and not isinstance(one, Mapping)
    # What is within an item has ids of the server's, like the item itself.
    is_inner_id = pointer.count("/") > 1 and spelling(name) in {"id", "uuid"}
    if is_secret(name) or _is_restless(name) or left_out or expanded or is_inner_id:
        return True
    if isinstance(one, str) and isinstance(other, str):
        return is_email(name) and one.strip().lower() == other.strip().lower()
    if _numbers(one, other):
        return _same_number(name, one, other, write)
    if isinstance(one, list) and isinstance(other, list):
        return (
            _same_set(one, other)
            or _is_appended(name, one, other, write)
            or _is_added(one, other, write)
        )
    # An empty text is left out as often as it is kept.
    return (other is None and _empty(one)) or (other is ABSENT and one == "")


def _empty(value: Any) -> bool:
    return value in ([], {}) and not isinstance(value, bool)


def _numbers(one: Any, other: Any) -> bool:
    return all(
        isinstance(each, int | float) and not isinstance(each, bool) for each in (one, other)
    )


def _same_number(name: str, one: float, other: float, write: Exchange) -> bool:
    """Whether it was only rounded by good right: money to pennies, a `float` to its digits."""
    if is_money(name) and abs(one - other) <= _PENNY:
        return True
    part = settable(sent_schema(write.operation)).get(name, True)
    single = shapes.keyword(part, "format") == "float"
    return single and abs(one - other) <= 1e-6 * abs(one)


def _is_appended(name: str, one: list[Any], other: list[Any], write: Exchange) -> bool:
    """Whether a list was added to what was there, as the description says."""
    part = settable(sent_schema(write.operation)).get(name, True)
    told = f"{words(write.operation)} {shapes.keyword(part, 'description') or ''}"
    ending = other[len(other) - len(one) :]
    return bool(_APPENDS.search(told)) and not any(differences(one, ending, True))


def _is_added(one: list[Any], other: list[Any], write: Exchange) -> bool:
    """Whether a PATCH was added to what was there; only RFC 7396 says that it replaces a list."""
    if write.role is not Role.MERGE or "merge-patch" in (write.step.media_type or ""):
        return False
    plain = all(isinstance(each, str | int | float) for each in [*one, *other])
    return plain and set(one) < set(other)


def _same_set(one: list[Any], other: list[Any]) -> bool:
    """Whether two lists of plain values hold the same, as tags do whatever their order."""
    plain = all(isinstance(each, str | int | float) for each in [*one, *other])
    return plain and set(one) == set(other)
