"""No request makes the server fail."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.api import Api
from contracts.exchange import ABSENT
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.laws import (
    conflicts_are_refused,
    delete_is_idempotent,
    refused_requests_poison_no_record,
)
from contracts.samples import FULL
from contracts.spoiled import faults
from contracts.stage import Impossible, Stage
from contracts.steps import Fresh, Ref, bound
from contracts.views import settable
from openapi import shapes
from openapi.description import Operation, Parameter
from openapi.resources import Role, sent_schema
from openapi.schemas import Schema

_MOST = 16
"""So many odd values are sent in one walk."""
_FEW = 4
"""And so many in a place inside of one that is tried itself."""
_KEYS: tuple[Any, ...] = (
    "9" * 30,
    "-1",
    "0",
    "1.5",
    "'\"`;--",
    "\u0000",
    "a" * 2000,
    "%",
    "../..",
    "Ünïcödé 🎈",
    "nan",
    " ",
)
"""Keys that no item has, and that often go wrong."""
_BODIES: tuple[Any, ...] = (ABSENT, {}, [], None, "text", b"{", [{}], {"": ""})
"""Bodies that are none of those that are meant."""


@dataclass(frozen=True)
class _Body:
    operation: Operation
    name: str


@dataclass(frozen=True)
class _Value:
    operation: Operation
    parameter: Parameter


Subject = _Body | _Value | Operation


def subjects(api: Api) -> Iterable[Subject]:
    """Every operation as it is, every property of its body, and every parameter."""
    for operation in api.by_key.values():
        yield operation
    for operation in api.by_key.values():
        for name in settable(sent_schema(operation)):
            yield _Body(operation, name)
        for parameter in operation.parameters:
            if parameter.place in {"path", "query"}:
                yield _Value(operation, parameter)


def provoke(stage: Stage, subject: Subject) -> None:
    """Send odd values in one place, each alone, and look at what is there afterwards."""
    if isinstance(subject, _Body):
        _provoke_body(stage, subject)
    elif isinstance(subject, _Value):
        _provoke_parameter(stage, subject)
    else:
        _provoke_plain(stage, subject)
        return
    operation = subject.operation
    part = stage.api.parts[operation.key]
    if part is not None and operation.method != "GET":
        parents = stage.one(part.resource).parents if part.key is not None else None
        stage.list_all_if_possible(part.resource, parents)


def _provoke_plain(stage: Stage, operation: Operation) -> None:
    """The operation as it is meant, again when it was done, and without a body."""
    body = stage.body(operation)
    part = stage.api.parts[operation.key]
    stage.call_any(operation)
    if part is not None and part.role in {Role.ACT, Role.MERGE, Role.REPLACE}:
        stage.call_any(operation)
        for other in stage.api.operations(Role.ACT, part.resource):
            stage.call_any(other)
            stage.call_any(operation)
    for odd in _BODIES if body is not ABSENT else ():
        stage.call_with(operation, odd)


def _provoke_body(stage: Stage, subject: _Body) -> None:
    operation, name = subject.operation, subject.name
    body = stage.body(operation, FULL)
    if not isinstance(body, Mapping):
        raise Impossible(f"No body of {operation.key} is an object.")
    part = settable(sent_schema(operation))[name]
    values = _odd(stage, part)
    if isinstance(body.get(name), Ref):
        # It names another item: one that is not there is odd enough.
        values = ["nobody", 987_654_321, *values]
    for value in _some(stage, values):
        stage.call_with(operation, {**stage.anew(body), name: value})
    usual = body.get(name)
    if isinstance(usual, Mapping):
        for below, schema in shapes.properties(part).items():
            for value in _some(stage, _odd(stage, schema))[:_FEW]:
                stage.call_with(operation, {**stage.anew(body), name: {**usual, below: value}})
    items = shapes.items(part)
    for value in _some(stage, _odd(stage, items))[:_FEW] if "array" in shapes.types(part) else ():
        stage.call_with(operation, {**stage.anew(body), name: [value]})


def _provoke_parameter(stage: Stage, subject: _Value) -> None:
    operation, parameter = subject.operation, subject.parameter
    values = _odd(stage, parameter.schema)
    if parameter.place == "path":
        values = [*_KEYS, *values]
    values = [one for one in values if not isinstance(one, dict | list) and one not in (None, "")]
    if operation.method == "DELETE":
        values = [one for one in values if not _may_mean_all(one)]
    body = stage.body(operation)
    for value in _some(stage, values):
        stage.call_with(operation, body, **{parameter.place: {parameter.name: value}})


def _may_mean_all(key: Any) -> bool:
    """Whether a server that trims a key may take it for all that is there."""
    return isinstance(key, str) and not key.strip(" ./")


def _odd(stage: Stage, schema: Schema) -> list[Any]:
    """Values at the edges of what is allowed, and beyond."""
    inner = stage.samples.boundaries
    plain = ["x" * 5000] if "string" in shapes.types(schema) else []
    found = [*faults(stage.api, schema), *inner.of(schema), *plain]
    return [one for number, one in enumerate(found) if one not in found[:number] or one is None]


def _some(stage: Stage, values: list[Any]) -> list[Any]:
    """As many as go into a walk: the first ones, or others by chance."""
    start = stage.number % len(values) if values else 0
    return (values[start:] + values[:start])[:_MOST]


def narrow(
    stage: Stage, operation: Operation, body: Any, query: Mapping[str, Any] | None = None
) -> None:
    """Send each value of a request that made the server fail alone, beside what is accepted."""
    usual = stage.body(operation)
    stage.call_with(operation, usual)
    for name, value in list((query or {}).items())[:_MOST]:
        stage.call_with(operation, usual, query={name: value})
    if not (isinstance(usual, Mapping) and isinstance(body, Mapping)):
        return
    for name, value in list(body.items())[:_MOST]:
        stage.call_with(operation, {**stage.anew(usual), name: value})


def check(history: History) -> Iterator[Chance]:
    """Every request is answered, and none with a failure of the server's own."""
    told = _told_by_others(history)
    for one in history:
        if one in told:
            continue
        if one.response is not None and (not one.crashed or _is_described(one)):
            yield kept(one)
            continue
        problem = f"The server fails: {one.status}." if one.status else "No usable answer comes."
        place = odd_place(one)
        other, differing = (None, "") if place else _compared(history, one)
        shown = sorted(filter(None, (other, one)), key=lambda each: each.index)
        yield broken(problem, *shown, place=place or differing, at=one)


def _compared(history: History, failed: Exchange) -> tuple[Exchange | None, str]:
    """A request that differs in one place only and made nothing fail, and that place."""
    for other in history:
        if other.operation is failed.operation and other.response is not None and not other.crashed:
            differing = list(_differing(other, failed))
            if len(differing) == 1:
                return other, differing[0]
    return None, ""


def _differing(one: Exchange, other: Exchange) -> Iterator[str]:
    """Where two requests of one operation differ: whole bodies, properties, parameters."""
    for place, name in dict.fromkeys((*one.values, *other.values)):
        if place != "path" and one.values.get((place, name)) != other.values.get((place, name)):
            yield f"{place} {name}"
    first, second = (_template(each.step.body) for each in (one, other))
    if not (isinstance(first, Mapping) and isinstance(second, Mapping)):
        yield from ["/"] if first != second else []
        return
    for name in dict.fromkeys((*first, *second)):
        if first.get(name, ABSENT) != second.get(name, ABSENT):
            yield f"/{name}"


def _template(body: Any) -> Any:
    """A body without what tells it from others that were made in the same way."""
    return bound(body, lambda one: one.form if isinstance(one, Fresh) else "")


def _is_described(one: Exchange) -> bool:
    named = {response.status for response in one.operation.responses}
    return one.status != 500 and str(one.status) in named  # noqa: PLR2004


def _told_by_others(history: History) -> set[Exchange]:
    """Failures that a law about what went before tells more of."""
    if not any(one.crashed for one in history):
        return set()
    laws = (conflicts_are_refused, delete_is_idempotent, refused_requests_poison_no_record)
    chances = (chance for law in laws for chance in law.check(history))
    return {chance.exchanges[-1] for chance in chances if chance.problem}


def odd_place(one: Exchange) -> str:
    """The property or parameter with the only odd value of a request; empty: none, or several."""
    found = [f"{place} {name}" for (place, name), value in one.values.items() if is_odd(value)]
    found += list(_odd_within(one.sent, ""))
    return found[0] if len(found) == 1 else ""


def _odd_within(value: Any, pointer: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _odd_within(inner, f"{pointer}/{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _odd_within(inner, f"{pointer}/*")
    elif is_odd(value):
        yield pointer


def is_odd(value: Any) -> bool:
    """Whether a value is one of those that are sent because they often go wrong."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return value <= 0 or value >= 2**31 - 1
    if isinstance(value, str):
        return value.strip() in {"", *_KEYS, "no number", "perhaps"} or len(value) > 250  # noqa: PLR2004
    return value is None
