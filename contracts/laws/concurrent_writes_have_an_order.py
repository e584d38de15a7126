"""Requests that are sent at the same time end as if they had been sent one after another."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

from contracts.api import Api, about, canonical
from contracts.differing import differing, differing_objects, offered
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.samples import FULL
from contracts.stage import Handle, Impossible, Stage
from contracts.steps import Fresh, Ref, bound
from contracts.values import differences
from contracts.views import View, makeable, restless, settable, view
from openapi import shapes
from openapi.description import Operation
from openapi.resources import Resource, Role, sent_schema
from openapi.schemas import Schema
from openapi.shapes import spelling

OVER_RACES = True
LIKELY = "What is read is not locked until it is written: two requests read the same."
_TOGETHER = 4
"""So many equal requests are sent at the same time."""
_LIMITS = {
    *("stock", "quantity", "capacity", "available", "seats", "remaining", "inventory", "copies"),
    *("limit", "balance", "instock", "availablequantity", "slots", "places", "spots", "maxguests"),
}
"""Properties of which others take away."""
_TAKES = {"quantity", "amount", "count", "seats", "guests", "units", "qty", "tickets", "places"}


@dataclass(frozen=True, eq=False)
class Subject:
    """What is done at the same time, to the items of which resource."""

    resource: Resource | None
    """None: nothing is known of what the operation creates."""
    operation: Operation
    limited: Resource | None = None
    """The resource of whose items the new ones take something."""


def subjects(api: Api) -> Iterable[Subject]:
    """Creations, also of what there is only one of, and all that changes or deletes an item."""
    for resource in makeable(api):
        create = api.operation(Role.CREATE, resource)
        if create is not None:
            yield Subject(resource, create)
            for other in api.resources_with(Role.CREATE):
                if _limit_of(api, other) is not None and _refers(create, other, api):
                    yield Subject(resource, create, other)
        for role in (Role.ACT, Role.MERGE, Role.REPLACE, Role.REMOVE):
            for operation in api.operations(role, resource):
                can_read = api.operation(Role.READ, resource) is not None
                if can_read or role in {Role.ACT, Role.REMOVE}:
                    yield Subject(resource, operation)
    for operation in api.by_key.values():
        if _must_differ(api, operation):
            yield Subject(None, operation)


def _must_differ(api: Api, operation: Operation) -> bool:
    """Whether an operation that is about no resource turns down what is there already."""
    documented = any(one.status == "409" for one in operation.responses)
    return operation.method == "POST" and documented and api.parts[operation.key] is None


def _limit_of(api: Api, resource: Resource) -> str | None:
    for name, part in offered(api, resource).items():
        if spelling(name) in _LIMITS and api.validator(part).is_valid(1):
            return name
    return None


def _refers(create: Operation, other: Resource, api: Api) -> bool:
    """Whether a body names an item of another resource, or its path does."""
    part = api.part(create)
    if any(about(name, [other]) for name in part.parents):
        return True
    waiting = [sent_schema(create)]
    for _ in range(3):
        inner = []
        for schema in waiting:
            for name, one in shapes.properties(schema).items():
                if about(name.removesuffix("s"), [other]) or about(name, [other]):
                    return True
                inner += [one, shapes.items(one)]
        waiting = inner
    return False


def provoke(stage: Stage, subject: Subject) -> None:
    """The same one after another with one item, and at the same time with another."""
    if subject.resource is None:
        for together in (False, True):
            body = stage.body(subject.operation)
            stage.call_with(subject.operation, body)
            for _ in range(_TOGETHER - 1 if together else 1):
                stage.call_with(subject.operation, body, together=together)
        return
    role = stage.api.part(subject.operation).role
    if role is Role.CREATE:
        _create_twice(stage, subject)
    elif role in {Role.MERGE, Role.REPLACE}:
        _write_twice(stage, subject)
    else:
        for together in (False, True):
            stage.begin_anew()
            item = stage.create(subject.resource)
            body = stage.body(subject.operation)
            stage.do(subject.operation, item, body=body)
            for _ in range(_TOGETHER - 1 if together else 1):
                stage.do(subject.operation, item, body=body, together=together)


def _create_twice(stage: Stage, subject: Subject) -> None:
    assert subject.resource is not None
    for together in (False, True):
        stage.begin_anew()
        if subject.limited is not None:
            name = _limit_of(stage.api, subject.limited)
            assert name is not None
            stage.need(stage.create(subject.limited, changes={name: 1}))
        form = FULL if stage.api.uniqueness(subject.operation).names else None
        body = stage.body(subject.operation, form)
        if subject.limited is not None:
            body = _taking_one(body)
        first = stage.create(subject.resource, body=body)
        for _ in range(_TOGETHER - 1 if together else 1):
            stage.create(subject.resource, body=body, under=first.parents, together=together)


def _taking_one(value: Any) -> Any:
    """A body that takes one of what there is."""
    if isinstance(value, list):
        return [_taking_one(one) for one in value[:1]]
    if not isinstance(value, Mapping):
        return value
    return {
        name: 1
        if spelling(name) in _TAKES and isinstance(one, int) and not isinstance(one, bool)
        else _taking_one(one)
        for name, one in value.items()
    }


def _write_twice(stage: Stage, subject: Subject) -> None:
    """Two writes of different properties, or of all properties with other values."""
    resource, operation = subject.resource, subject.operation
    assert resource is not None
    fits = settable(sent_schema(operation))
    # What is bound to another property may be refused when it changes alone: it comes last.
    bound_together = {
        name for one in stage.api.orders(operation) for name in (one.first, one.second)
    }
    fits = dict(sorted(fits.items(), key=lambda pair: pair[0] in bound_together))
    named = {
        name: values
        for name in fits
        if name != resource.key and (values := _values(stage, resource, name, fits[name]))
    }
    if len(named) < 2:  # noqa: PLR2004 - one for each of two
        raise Impossible(f"{operation.key} changes too little.")
    names = list(named)
    one, other = names[:2] if stage.number == 0 else [stage.choose(names), names[-1]]
    for bodies in _pairs(stage, operation, named, (one, other), bound_together):
        for together in (False, True):
            item: Handle = stage.create(resource)
            stage.do(operation, item, body=bodies[0])
            stage.do(operation, item, body=bodies[1], together=together)
            stage.read(item)


def _pairs(
    stage: Stage,
    operation: Operation,
    named: Mapping[str, list[Any]],
    chosen: tuple[str, str],
    bound_together: set[str],
) -> Iterator[list[Any]]:
    """Two bodies each: of one property by itself, and of several with other values."""
    one, other = chosen
    is_patch = stage.api.part(operation).role is Role.MERGE
    if is_patch:
        yield [{one: named[one][1]}, {other: named[other][1]}]
    free = [name for name in named if name in chosen or name not in bound_together]
    usual = {} if is_patch else stage.body(operation, FULL)
    yield [{**usual, **{name: named[name][number] for name in free}} for number in range(2)]


def _values(stage: Stage, resource: Resource, name: str, schema: Schema) -> list[Any]:
    if about(name, stage.api.resources_with(Role.CREATE)) is not None:
        return []
    if shapes.types(schema) - {"null"} == {"object"}:
        return differing_objects(stage, name, schema)
    return differing(stage, resource, name)


def check(history: History) -> Iterator[Chance]:
    """What was done at the same time could have been done in some order."""
    for group in groups(history):
        if any(one.response is None for one in group):
            continue
        first = group[0]
        if all(one.repeats(first) for one in group[1:]):
            yield from _equals(history, group)
        elif len({one.address for one in group}) == 1 and first.address is not None:
            yield from _mixed(history, group)


def groups(history: History) -> Iterator[list[Exchange]]:
    """The exchanges that were sent together."""
    group: list[Exchange] = []
    for one in history:
        if group and not one.step.together:
            yield from [group] if len(group) > 1 else []
            group = []
        group.append(one)
    yield from [group] if len(group) > 1 else []


def _equals(history: History, group: list[Exchange]) -> Iterator[Chance]:
    """Equal requests: no more of them are carried out than one after another."""
    done = [one for one in group if one.ok]
    if not done or done[0].safe:
        return
    for first, second in _one_by_one(history, group[0]):
        if not first.ok or second.ok or second.response is None:
            continue
        if len(done) == 1:
            yield kept(first, second, *group)
        else:
            problem = "More is carried out at the same time than one after another."
            yield broken(problem, first, second, *group, place=group[0].operation.name)
        return


def _one_by_one(history: History, like: Exchange) -> Iterator[tuple[Exchange, Exchange]]:
    """Pairs of equal requests of the same form that were sent one after another before."""
    alike = [
        one
        for one in history
        if one.index < like.index
        and one.operation is like.operation
        and one.who == like.who
        and _form(one) == _form(like)
    ]
    for first, second in pairwise(alike):
        if second.repeats(first) and history.undisturbed(first, second):
            yield first, second


def _form(one: Exchange) -> Any:
    """What was asked, but for what only answers or chance can tell."""

    def blank(_: Ref | Fresh) -> str:
        return ""

    return bound(one.step.body, blank)


def _mixed(history: History, group: list[Exchange]) -> Iterator[Chance]:
    """Other writes of one item: each of them leaves its mark, or one of them is the last."""
    roles = {one.role for one in group}
    if not all(one.ok and isinstance(one.sent, Mapping) for one in group):
        return
    seen = _read_after(history, group[-1])
    if seen is None or len(roles) != 1:
        return
    whole = roles == {Role.REPLACE} or len({frozenset(one.sent) for one in group}) == 1
    if roles - {Role.REPLACE, Role.MERGE} or not (whole or _disjoint(group)):
        return
    if not _shown_in_order(history, group, whole=whole):
        return
    sent = [one.sent for one in group] if whole else [_together(group)]
    if any(_holds(history, seen, one) for one in sent):
        yield kept(*group, seen.exchange)
        return
    problem = (
        "Two writes at the same time are mixed."
        if whole
        else "One of two changes at the same time is lost."
    )
    yield broken(problem, *group, seen.exchange, at=group[-1])


def _read_after(history: History, last: Exchange) -> View | None:
    """The item as it is read after a write and those sent with it, with no other in between."""
    for one in history.after(last):
        if one.role is Role.READ and one.address == last.address and one.who == last.who:
            assert last.address is not None
            return view(one, last.address)
        if not one.safe and not one.refused:
            return None
    return None


def _disjoint(group: list[Exchange]) -> bool:
    return all(not one.sent.keys() & other.sent.keys() for one, other in combinations(group, 2))


def _together(group: list[Exchange]) -> dict[str, Any]:
    return {name: value for one in group for name, value in one.sent.items()}


def _shown_in_order(history: History, group: list[Exchange], *, whole: bool) -> bool:
    """Whether the same writes one after another, to another item, are seen to be made."""
    names = [set(one.sent) for one in group]
    writes = [
        one
        for one in history
        if one.index < group[0].index
        and one.operation is group[0].operation
        and one.ok
        and isinstance(one.sent, Mapping)
    ]
    for first, second in pairwise(writes):
        if first.address != second.address or [set(first.sent), set(second.sent)] != names[:2]:
            continue
        seen = _read_after(history, second)
        sent = second.sent if whole else _together([first, second])
        if seen is not None and _holds(history, seen, sent):
            return True
    return False


def _holds(history: History, seen: View, sent: Mapping[str, Any]) -> bool:
    """Whether a view of an item shows what was sent, but for what only the server sets."""
    part = seen.exchange.part
    assert part is not None
    resource = canonical(part.resource)
    still = restless(history, resource.name) | {resource.key}
    written = {
        name
        for role in (Role.MERGE, Role.REPLACE)
        for operation in history.api.operations(role, resource)
        for name in settable(sent_schema(operation))
    }
    meant = {name: value for name, value in sent.items() if name in written - still}
    return not any(differences(meant, seen.item, seen.schema))
