"""What is not there is not found, and cannot be changed or acted on."""

import re
from collections.abc import Iterable, Iterator

from contracts.api import Api, words
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.stage import Impossible, Stage
from contracts.unknown import is_unknown, unknown_keys
from contracts.views import creations, makeable
from openapi.description import Operation
from openapi.resources import Resource, Role

_ON_ITEM = (Role.READ, Role.REPLACE, Role.MERGE, Role.REMOVE, Role.ACT, Role.BELOW)
_LATER = 202
_CREATES = re.compile(r"\b(creat|upsert|insert|sav|stor)", re.IGNORECASE)
"""How descriptions say that a PUT may be the first."""


def subjects(api: Api) -> Iterable[Operation | Resource]:
    """Every operation on an item, and resources whose items can be deleted."""
    for role in _ON_ITEM:
        for operation in api.operations(role):
            if api.part(operation).key is not None:
                yield operation
    yield from makeable(api, Role.REMOVE)


def provoke(stage: Stage, subject: Operation | Resource) -> None:
    """Ask for items that never were, or for one that is deleted."""
    if isinstance(subject, Resource):
        _provoke_deleted(stage, subject)
        return
    part = stage.api.part(subject)
    keys = unknown_keys(stage.api, subject, part.key or "")
    stage.choose(keys)
    path = dict(zip(part.parents, stage.parents(part.resource), strict=False))
    if part.resource in makeable(stage.api):
        # Where there is nothing at all, nothing can be taken for it.
        path = stage.path(subject, stage.one(part.resource))
    for key in keys:
        stage.call(subject, path={**path, part.key or "": key}, body=stage.body(subject))


def _provoke_deleted(stage: Stage, subject: Resource) -> None:
    item = stage.create(subject)
    bodies = {
        operation.key: stage.body(operation)
        for role in (Role.REPLACE, Role.MERGE, Role.ACT)
        for operation in stage.api.operations(role, subject)
    }
    stage.remove(item)
    for key, body in bodies.items():
        stage.do(stage.api.by_key[key], item, body=body)
    if not bodies:
        raise Impossible(f"Nothing changes an item of {subject.name}.")


def check(history: History) -> Iterator[Chance]:
    """An operation on an item that nobody has, or that was deleted, is not carried out."""
    for one in history.chosen(*_ON_ITEM):
        if one.part is None or one.part.key is None or one.status == _LATER:
            continue
        if is_unknown(one) and not _was_made(history, one):
            if one.refused:
                yield kept(one)
            elif one.ok and _must_be_there(one):
                yield broken(f"{_told(one)} an item that never was: {one.status}.", one)
        elif one.role in {Role.REPLACE, Role.MERGE, Role.ACT}:
            removed = _removed(history, one)
            if removed is not None and one.refused:
                yield kept(removed, one)
            elif removed is not None and one.ok and _must_be_there(one):
                yield broken(f"{_told(one)} an item that was deleted: {one.status}.", removed, one)


def _told(one: Exchange) -> str:
    deeds = {
        Role.READ: "It reads",
        Role.REPLACE: "It replaces",
        Role.MERGE: "It changes",
        Role.REMOVE: "It deletes",
        Role.ACT: "It acts on",
    }
    return deeds.get(one.role, "It finds something below") if one.role is not None else ""


def _must_be_there(one: Exchange) -> bool:
    """Whether the operation needs the item: PUT may create one, a DELETE may be content."""
    documented = {response.status for response in one.operation.responses}
    if one.role is Role.REPLACE:
        creates = "201" in documented or bool(_CREATES.search(words(one.operation)))
        return one.status != 201 and not creates  # noqa: PLR2004
    if one.role in {Role.REMOVE, Role.BELOW} or not _come_and_go(one):
        return "404" in documented
    return True


def _come_and_go(one: Exchange) -> bool:
    """Whether the items are made or deleted, and not there by whatever name is asked for."""
    assert one.part is not None
    roles = (Role.CREATE, Role.REMOVE, Role.LIST)
    return any(one.api.operation(role, one.part.resource) is not None for role in roles)


def _was_made(history: History, one: Exchange) -> bool:
    """Whether the walk itself gave an item that key, as PUT may."""
    return any(
        other.ok and not other.safe and other.index < one.index for other in history.of(one.address)
    )


def _removed(history: History, one: Exchange) -> Exchange | None:
    """The exchange that deleted its item, if that was there before and nothing else followed."""
    if one.address is None or all(made.address != one.address for made in creations(history)):
        return None
    for removed in history.before(one):
        if removed.address == one.address and removed.role is Role.REMOVE:
            gone = removed.ok and removed.status != _LATER
            return removed if gone and history.quiet(removed, one, one.address) else None
    return None
