"""The same idempotency key does not act twice."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contracts.api import Api
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.pages import total_of
from contracts.stage import Stage
from contracts.views import changes, looks, restless
from openapi import shapes
from openapi.description import Operation
from openapi.idempotency import idempotency_key
from openapi.resources import Role, sent_schema

OVER_RACES = True


def subjects(api: Api) -> Iterable[Operation]:
    """Operations that take an idempotency key, and create, change or act."""
    for role in (Role.CREATE, Role.MERGE, Role.ACT):
        for operation in api.operations(role):
            if idempotency_key(operation) is not None:
                yield operation


def provoke(stage: Stage, subject: Operation) -> None:
    """Send the same twice with one key, one behind the other and at the same time."""
    place, name = idempotency_key(subject) or ("", "")
    part = stage.api.part(subject)
    schema = next(
        (one.schema for one in subject.parameters if (one.place, one.name) == (place, name)), True
    )
    if place == "body":
        schema = shapes.properties(sent_schema(subject)).get(name, True)
    for number in range(2):
        key = stage.new_text(schema, f"once-{number}")
        how: dict[str, Any] = {"changes": {name: key}} if place == "body" else {place: {name: key}}
        if part.role is Role.CREATE:
            first = stage.create(part.resource, **how)
            assert first.step is not None
            again = stage.steps[first.step].body
            how = {} if place == "body" else how
            stage.list_all_if_possible(part.resource, first.parents)
            stage.create(
                part.resource, body=again, under=first.parents, together=bool(number), **how
            )
            stage.list_all_if_possible(part.resource, first.parents)
            continue
        item = stage.create(part.resource)
        step = stage.do(subject, item, **how)
        if stage.api.operation(Role.READ, part.resource) is not None:
            stage.read(item)
        stage.do(subject, item, body=stage.steps[step].body, **({} if place == "body" else how))
        if stage.api.operation(Role.READ, part.resource) is not None:
            stage.read(item)


def check(history: History) -> Iterator[Chance]:
    """Two equal requests with one key create one item, or change one once."""
    sent = [one for one in history if not one.safe and one.ok and _key_sent(one) is not None]
    for number, second in enumerate(sent):
        equal = (one for one in sent[:number] if second.repeats(one))
        # A key may be forgotten with the item that it created.
        first = next((one for one in equal if not history.removed(one, second)), None)
        if first is None or first.address is None or second.address is None:
            continue
        if second.role is Role.CREATE:
            lists = _lists_around(history, second)
            if first.address != second.address:
                yield broken("The same idempotency key created two items.", first, second)
            elif lists is not None and _grew(*lists):
                yield broken(
                    "The same idempotency key created an item beside the one that it tells of.",
                    *(first, lists[0], second, lists[1]),
                )
            else:
                yield kept(first, second)
        else:
            yield from _changed(history, first, second)


def _lists_around(history: History, second: Exchange) -> tuple[Exchange, Exchange] | None:
    """Two equal looks at the list, with nothing else in between."""
    before = next((one for one in history.before(second) if one.role is Role.LIST), None)
    after = next((one for one in history.after(second) if one.role is Role.LIST), None)
    if before is None or after is None or not (before.ok and after.ok):
        return None
    if before.operation is not after.operation or before.values != after.values:
        return None
    calm = history.undisturbed(before, second) and history.undisturbed(second, after)
    return (before, after) if calm else None


def _grew(before: Exchange, after: Exchange) -> bool:
    totals = total_of(before), total_of(after)
    if totals[0] is not None and totals[1] is not None:
        return totals[1] > totals[0]
    return len(after.listed or ()) > len(before.listed or ())


def _changed(history: History, first: Exchange, second: Exchange) -> Iterator[Chance]:
    assert second.address is not None
    seen = [one for one in looks(history, second.address) if not one.in_list]
    before = [one for one in seen if first.index <= one.exchange.index < second.index]
    after = [one for one in seen if one.exchange.index > second.index]
    if not before or not after or after[0].exchange.role is not Role.READ:
        return
    if not history.undisturbed(first, second):
        return
    if not history.undisturbed(second, after[0].exchange):
        return
    still = restless(history, second.address.collection.resource)
    acted = [name for name, *_ in changes(before[-1], after[0]) if name not in still]
    for name in acted:
        yield broken(
            "The same idempotency key acted twice.", first, second, after[0].exchange, place=name
        )
    if not acted:
        yield kept(first, second, after[0].exchange)


def _key_sent(one: Exchange) -> Any:
    found = idempotency_key(one.operation)
    if found is None:
        return None
    place, name = found
    if place == "body":
        return one.sent.get(name) if isinstance(one.sent, Mapping) else None
    return one.values.get((place, name))
