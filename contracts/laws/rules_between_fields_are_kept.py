"""What the description says of two fields together is kept, not only what it says of each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.api import Api
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.samples import FULL
from contracts.stage import Handle, Stage
from contracts.steps import Fresh, Ref, bound
from contracts.views import makeable
from openapi import shapes
from openapi.description import Operation
from openapi.orders import Order
from openapi.resources import Resource, Role, sent_schema
from openapi.schemas import Schema

LIKELY = "Each field is looked at by itself, and not beside the other."
_WRITES = (Role.CREATE, Role.REPLACE, Role.MERGE)
_RULES = {
    *("dependentRequired", "dependentSchemas", "dependencies", "if", "then", "else"),
    *("oneOf", "anyOf", "not", "minProperties", "maxProperties"),
}
_DAYS = ("2031-03-09", "2031-03-02", "2001-01-01")
_NUMBERS = (10, 5, 100, 2, 1, 0)
_MOST = 4


@dataclass(frozen=True, eq=False)
class Subject:
    """An operation, and two properties of which one is never more than the other."""

    resource: Resource
    operation: Operation
    order: Order | None
    """None: what its schema says of several properties together."""


def subjects(api: Api) -> Iterable[Subject]:
    """Operations that take properties with a rule between them."""
    for resource in makeable(api):
        for role in _WRITES:
            for operation in api.operations(role, resource):
                for order in api.orders(operation):
                    yield Subject(resource, operation, order)
                if _has_rules(sent_schema(operation)):
                    yield Subject(resource, operation, None)


def _has_rules(schema: Schema) -> bool:
    return any(node.keys() & _RULES for node in shapes.holding(schema))


def provoke(stage: Stage, subject: Subject) -> None:
    """Send what keeps the rule, then what breaks it."""
    is_create = stage.api.part(subject.operation).role is Role.CREATE
    item = stage.create(subject.resource)
    bodies = list(_bodies(stage, subject))
    for body in bodies[:_MOST]:
        if is_create:
            stage.create(subject.resource, body=body, under=item.parents)
        else:
            _write(stage, subject, item, body)


def _write(stage: Stage, subject: Subject, item: Handle, body: Any) -> None:
    stage.do(subject.operation, item, body=body)
    if stage.api.operation(Role.READ, subject.resource) is not None:
        stage.read(item)


def _bodies(stage: Stage, subject: Subject) -> Iterator[Any]:
    usual = stage.body(subject.operation, FULL)
    if not isinstance(usual, Mapping):
        return
    schema = sent_schema(subject.operation)
    if subject.order is None:
        yield from _disagreeing(stage.api, schema, usual)
        return
    order = subject.order
    described = shapes.properties(schema)
    high = _values(stage.api, described[order.first])
    low = _values(stage.api, described[order.second])
    for one in high:
        for other in low:
            pair = {order.first: one, order.second: other}
            if order.is_broken(pair):
                yield {**usual, **pair}
                if stage.api.part(subject.operation).role is Role.MERGE:
                    yield pair
                    # One alone is beside what is there of the other.
                    yield {order.first: other, order.second: one}
                    yield {order.second: low[-1]}
                return


def _values(api: Api, schema: Schema) -> list[Any]:
    valid = api.validator(schema).is_valid
    told = shapes.keyword(schema, "format")
    if told in {"date", "date-time"}:
        return [one if told == "date" else f"{one}T10:00:00Z" for one in _DAYS]
    return [one for one in _NUMBERS if valid(one)]


def _disagreeing(api: Api, schema: Schema, usual: Mapping[str, Any]) -> Iterator[Any]:
    """Bodies of which each property is allowed, but not all of them together."""
    described = shapes.properties(schema)
    for name, part in described.items():
        if name in usual and name not in shapes.required(schema):
            without = {key: value for key, value in usual.items() if key != name}
            if disagrees(api, schema, _plain(without)):
                yield without
        choices = shapes.keyword(part, "enum")
        for choice in choices if isinstance(choices, list) else [True, False]:
            changed = {**usual, name: choice}
            if disagrees(api, schema, _plain(changed)):
                yield changed
    for name in described:
        if name in usual and disagrees(api, schema, _plain({name: usual[name]})):
            yield {name: usual[name]}


def _plain(body: Mapping[str, Any]) -> Any:
    """The body with texts in the place of what only a run can tell."""
    return bound(body, lambda one: str(one.value()) if isinstance(one, Fresh) else _ref(one))


def _ref(_: Ref) -> str:
    return "1"


def disagrees(api: Api, schema: Schema, body: Any) -> bool:
    """Whether only a rule between its properties forbids a body."""
    described = shapes.properties(schema)
    if not isinstance(body, Mapping) or body.keys() - described.keys():
        return False
    if shapes.required(schema) - body.keys():
        return False
    if not all(api.validator(described[name]).is_valid(value) for name, value in body.items()):
        return False
    faults = list(api.validator(schema).iter_errors(body))
    return bool(faults) and all(set(fault.absolute_schema_path) & _RULES for fault in faults)


def check(history: History) -> Iterator[Chance]:
    """What breaks a rule is refused, or not shown afterwards."""
    for write in history.chosen(*_WRITES):
        if not isinstance(write.sent, Mapping) or write.crashed:
            continue
        for order in history.api.orders(write.operation):
            yield from _ordered(write, order)
        schema = sent_schema(write.operation)
        if _has_rules(schema) and disagrees(history.api, schema, write.sent):
            if write.ok:
                yield broken("What no two fields may be together is accepted.", write)
            elif write.refused:
                yield kept(write)


def _ordered(write: Exchange, order: Order) -> Iterator[Chance]:
    place = f"{order.first}, {order.second}"
    if write.refused:
        if order.is_broken(write.sent):
            yield kept(write)
        return
    if not write.ok or not {order.first, order.second} & write.sent.keys():
        return
    shown = write.item
    known = shown is not None and {order.first, order.second} <= shown.keys()
    if order.is_broken(shown if known else write.sent):
        yield broken(
            "One field is more than the other, which is said never to be.", write, place=place
        )
