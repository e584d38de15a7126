"""An operation acts on the item that its path names, and on no other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from contracts.api import Api, flags
from contracts.history import Address, Exchange, History, text_of
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from contracts.views import addresses, changes, creations, makeable, restless, views
from openapi.description import Operation
from openapi.resources import Resource, Role

_SIBLINGS, _BODY, _PARENT = "siblings", "body", "parent"
_WRITES = {Role.REPLACE, Role.MERGE, Role.ACT, Role.REMOVE}
_FLAG = "?"
Subject = tuple[Resource, str]


def subjects(api: Api) -> Iterable[Subject]:
    """Resources with items to read: beside siblings, with an id in the body, below others."""
    for resource in makeable(api, Role.READ):
        yield resource, _SIBLINGS
        creating = api.operation(Role.CREATE, resource)
        for flag in flags(creating) if creating is not None else ():
            yield resource, f"{_SIBLINGS}{_FLAG}{flag}"
        if resource.key is not None and any(_writes(api, resource, Role.REPLACE, Role.MERGE)):
            yield resource, _BODY
        if resource.parent is not None and resource.parent in makeable(api):
            yield resource, _PARENT


def provoke(stage: Stage, subject: Subject) -> None:
    """Do all that can be done to an item, and look at others."""
    resource, how = subject
    if how == _BODY:
        _provoke_bodies(stage, resource)
    elif how == _PARENT:
        _provoke_parents(stage, resource)
    else:
        _provoke_siblings(stage, resource, how.partition(_FLAG)[2])


def _provoke_siblings(stage: Stage, resource: Resource, flag: str) -> None:
    """Do all to the second of three items: the first or the last may be taken for it."""
    asked = {flag: True} if flag else None
    first = stage.create(resource, query=asked)
    item = stage.create(resource, under=first.parents, query=asked)
    last = stage.create(resource, under=first.parents, query=asked)
    writes = list(_writes(stage.api, resource, Role.MERGE, Role.REPLACE, Role.ACT, Role.REMOVE))
    bodies = [stage.body(operation) for operation in writes]
    for one in (item, first, last):
        stage.read(one)
    for operation, body in zip(writes, bodies, strict=True):
        stage.do(operation, item, body=body)
        stage.read(first)
        stage.read(last)


def _provoke_bodies(stage: Stage, resource: Resource) -> None:
    """Change an item with the id of its sibling in the body."""
    item = stage.create(resource)
    other = stage.create(resource, under=item.parents)
    for operation in _writes(stage.api, resource, Role.MERGE, Role.REPLACE):
        body = stage.body(operation)
        if not isinstance(body, Mapping) or resource.key is None:
            continue
        stage.read(item)
        stage.read(other)
        stage.do(operation, item, body={**body, resource.key: other.key})
        stage.read(item)
        stage.read(other)


def _provoke_parents(stage: Stage, resource: Resource) -> None:
    """Ask for an item below one parent through the path of another."""
    assert resource.parent is not None
    parent = stage.one(resource.parent)
    other = stage.create(resource.parent, under=parent.parents)
    item = stage.create(resource, under=(*parent.parents, parent.key))
    wrong = replace(item, parents=(*other.parents, other.key))
    stage.read(item)
    stage.read(wrong)
    for operation in _writes(stage.api, resource, Role.MERGE, Role.REPLACE, Role.ACT, Role.REMOVE):
        stage.do(operation, wrong)
        stage.read(item)


def check(history: History) -> Iterator[Chance]:
    """Others are as before, what is shown is what was asked for, and no other parent has it."""
    yield from _answers(history)
    yield from _bystanders(history)
    yield from _renamed(history)
    yield from _wrong_parents(history)


def _answers(history: History) -> Iterator[Chance]:
    """An item that is shown has the key of the path."""
    for one in history.chosen(Role.READ, Role.REPLACE, Role.MERGE, Role.ACT):
        if one.item is None or one.address is None or one.part is None or one.part.key is None:
            continue
        shown = one.key_of(one.item)
        asked = one.address.key
        created = {made.address.key for made in creations(history) if made.address is not None}
        # Only what is known to be a key of another item is surely not this one's in other words.
        if shown is None or asked not in created:
            continue
        if shown == asked:
            yield kept(one)
        elif shown in created and not (one.role is Role.ACT and _mentions(one.sent, shown)):
            yield broken("It answers with another item than its path names.", one)


def _bystanders(history: History) -> Iterator[Chance]:
    """What was done to an item changes no other of its kind."""
    for address in addresses(history):
        reads = [one for one in views(history, address) if one.exchange.role is Role.READ]
        lost = [
            one
            for one in history.of(address)
            if one.role is Role.READ and one.status in {404, 410} and one.who == "first"
        ]
        still = restless(history, address.collection.resource)
        for before, after in pairwise(reads):
            deeds = _on_siblings(history, before.exchange, after.exchange, address)
            if not deeds:
                continue
            changed = [name for name, *_ in changes(before, after) if name not in still]
            for name in changed:
                yield broken(
                    f"It changes another item than its path names ({_told(deeds)}).",
                    before.exchange,
                    *deeds,
                    after.exchange,
                    place=name,
                )
            if not changed:
                yield kept(before.exchange, *deeds, after.exchange)
        for gone in lost:
            seen = [one for one in reads if one.exchange.index < gone.index]
            deeds = _on_siblings(history, seen[-1].exchange, gone, address) if seen else ()
            if deeds and seen[-1].exchange.asks_alike(gone):
                yield broken(
                    f"Another item than its path names is lost ({_told(deeds)}).",
                    seen[-1].exchange,
                    *deeds,
                    gone,
                )


def _on_siblings(
    history: History, before: Exchange, after: Exchange, address: Address
) -> tuple[Exchange, ...]:
    """The writes to siblings between two reads; none where something else was written as well."""
    deeds = [one for one in history.between(before, after) if not one.safe and not one.refused]
    only_siblings = all(
        one.ok
        and one.role in _WRITES
        and one.address is not None
        and one.address.collection == address.collection
        and one.address != address
        and not (one.role is Role.ACT and _mentions(one.sent, address.key))
        for one in deeds
    )
    return tuple(deeds) if only_siblings else ()


def _mentions(value: Any, key: str) -> bool:
    """Whether a body names an item, as the one to transfer to."""
    if isinstance(value, Mapping):
        return any(_mentions(one, key) for one in value.values())
    if isinstance(value, list):
        return any(_mentions(one, key) for one in value)
    return value is not None and text_of(value) == key


def _told(deeds: Iterable[Exchange]) -> str:
    return " and ".join(dict.fromkeys(one.operation.method for one in deeds))


def _renamed(history: History) -> Iterator[Chance]:
    """An item is where it was after a change whose body has the id of another."""
    for write in history.chosen(Role.REPLACE, Role.MERGE):
        name = write.part.resource.key if write.part is not None else None
        if not write.ok or not isinstance(write.sent, Mapping) or name not in write.sent:
            continue
        others = {
            made.address
            for made in creations(history)
            if made.address is not None and made.address.collection == write.collection
        }
        meant = write.key_of(write.sent)
        if write.address not in others or meant == write.address.key:
            continue
        if all(one.key != meant for one in others):
            continue
        for read in history.of(write.address):
            if read.role is not Role.READ or read.index < write.index:
                continue
            if not history.undisturbed(write, read):
                break
            if read.status in {404, 410}:
                yield broken(
                    "The id in a body moves an item away from its path.",
                    write,
                    read,
                    place=name or "",
                )
            elif read.ok:
                yield kept(write, read)


def _wrong_parents(history: History) -> Iterator[Chance]:
    """What was created below one item is not found below another."""
    made = {one.address: one for one in creations(history)}
    parents = {address.key for address in made if address is not None}
    for one in history.chosen(Role.READ, Role.REPLACE, Role.MERGE, Role.ACT, Role.REMOVE):
        if one.address is None or one.address in made or not one.address.collection.parents:
            continue
        twin = next((each for each in made.values() if _elsewhere(each.address, one.address)), None)
        if (
            twin is None
            or twin.index > one.index
            or one.address.collection.parents[-1] not in parents
        ):
            continue
        if one.refused:
            yield kept(twin, one)
        elif one.ok and _is_that(history, twin, one):
            yield broken(f"{one.operation.method} finds an item below another parent.", twin, one)


def _elsewhere(one: Address | None, other: Address) -> bool:
    """Whether two addresses differ in their parents only."""
    return (
        one is not None
        and one.key == other.key
        and one.collection.resource == other.collection.resource
        and one.collection.parents != other.collection.parents
    )


def _is_that(history: History, twin: Exchange, one: Exchange) -> bool:
    """Whether it found that item, and not one of the other parent's own with the same number."""
    below = [
        each
        for each in creations(history)
        if one.collection is not None and each.collection == one.collection
    ]
    if below:
        return False
    if one.role is Role.REMOVE:
        reads = [
            each
            for each in history.of(twin.address)
            if each.role is Role.READ and each.index > one.index
        ]
        return bool(reads) and reads[0].status in {404, 410} and history.undisturbed(one, reads[0])
    return one.item is not None and one.key_of(one.item) in {None, one.address and one.address.key}


def _writes(api: Api, resource: Resource, *roles: Role) -> Iterator[Operation]:
    for role in roles:
        yield from api.operations(role, resource)
