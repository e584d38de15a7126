"""What depends on an ETag is done where the ETag is that of the item, and only there."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from contracts.api import Api, about
from contracts.differing import differing
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.samples import FULL
from contracts.stage import Handle, Stage
from contracts.steps import Ref
from contracts.views import View, addresses, changes, makeable, restless, settable, views
from openapi.description import Operation
from openapi.resources import Resource, Role, sent_schema

LIKELY = "The ETag is not made anew when the item changes, or is not compared."
_NOT_MODIFIED, _FAILED = 304, 412
_NEVER = '"understudy-never-was"'
_WRITES = (Role.MERGE, Role.REPLACE)
_MATCH, _NONE_MATCH = "if-match", "if-none-match"


def subjects(api: Api) -> Iterable[Resource]:
    """Resources that are said to have ETags, or to look at those that are sent."""
    for resource in makeable(api, Role.READ):
        roles = (Role.READ, *_WRITES, Role.REMOVE)
        if any(_is_conditional(one) for role in roles for one in api.operations(role, resource)):
            yield resource


def _is_conditional(operation: Operation) -> bool:
    headers = {one.name.lower() for each in operation.responses for one in each.headers}
    statuses = {one.status for one in operation.responses}
    return "etag" in headers or bool(
        _takes(operation) or statuses & {str(_NOT_MODIFIED), str(_FAILED)}
    )


def _takes(operation: Operation) -> set[str]:
    names = {one.name.lower() for one in operation.parameters if one.place == "header"}
    return names & {_MATCH, _NONE_MATCH}


def provoke(stage: Stage, subject: Resource) -> None:
    """Read with an ETag that holds, change the item, and use the old ETag and others."""
    item, other = stage.create(subject), stage.create(subject)
    first, _ = stage.read(item), stage.read(other)
    old = Ref(first, "$response.header.ETag")
    stage.read(item, header={"If-None-Match": old})
    write = next((one for role in _WRITES for one in stage.api.operations(role, subject)), None)
    if write is not None:
        _provoke_writes(stage, item, write, old)
    remove = stage.api.operation(Role.REMOVE, subject)
    if remove is not None and _checks(remove):
        stage.remove(item, header={"If-Match": _NEVER})
        stage.read(item)


def _provoke_writes(stage: Stage, item: Handle, write: Operation, old: Ref) -> None:
    required = any(one.required for one in write.parameters if one.name.lower() == _MATCH)

    values = _values(stage, item.resource, write)

    def change(etag: Any) -> None:
        header = None if etag is None else {"If-Match": etag}
        values.insert(0, values.pop())
        stage.do(write, item, form=FULL, changes=values[0], header=header)

    change(old if required else None)
    last = stage.read(item)
    stage.read(item, header={"If-None-Match": old})
    if _checks(write):
        for etag in (old, _NEVER, Ref(last, "$response.header.ETag")):
            change(etag)
            stage.read(item)


def _values(stage: Stage, resource: Resource, write: Operation) -> list[dict[str, Any]]:
    """Changes of an item, each with another value than the one before."""
    for name in settable(sent_schema(write)):
        if about(name, stage.api.resources_with(Role.CREATE)) is None and name != resource.key:
            values = differing(stage, resource, name)
            if values:
                return [{name: value} for value in values]
    return [{}]


def _checks(operation: Operation) -> bool:
    """Whether an operation is said to look at `If-Match`."""
    return _MATCH in _takes(operation) or any(
        one.status == str(_FAILED) for one in operation.responses
    )


def check(history: History) -> Iterator[Chance]:
    """ETags change with their items, and requests with old ones find that out."""
    if not _are_real(history):
        return
    for address in addresses(history):
        yield from _changing(history, list(views(history, address)))
    for one in history:
        sent = _sent(one, _NONE_MATCH if one.safe else _MATCH)
        known = _current(history, one)
        if sent is None or known is None or one.response is None:
            continue
        if one.role is Role.READ:
            yield from _reading(one, sent, known)
        elif not one.safe and _checks(one.operation):
            yield from _writing(one, sent, known)


def _are_real(history: History) -> bool:
    """Whether a server makes ETags at all, and does not send always the same."""
    return len({tag for one in history if (tag := _etag(one)) is not None}) > 1


def _etag(one: Exchange) -> str | None:
    told = one.response.header("etag") if one.response is not None and one.ok else None
    return told.removeprefix("W/") if told is not None else None


def _sent(one: Exchange, name: str) -> str | None:
    for (place, called), value in one.values.items():
        if place == "header" and called.lower() == name:
            return str(value)
    return None


def _current(history: History, one: Exchange) -> Exchange | None:
    """The last exchange that showed the ETag of the item, with nothing done to it since."""
    for each in history.before(one):
        if each.address == one.address and one.address is not None and _etag(each) is not None:
            return each if history.undisturbed(each, one) else None
    return None


def _changing(history: History, seen: list[View]) -> Iterator[Chance]:
    reads = [one for one in seen if one.exchange.role is Role.READ and _etag(one.exchange)]
    still: set[str] = set()
    if reads and reads[0].exchange.address is not None:
        still = restless(history, reads[0].exchange.address.collection.resource)
    for before, after in pairwise(reads):
        changed = [name for name, *_ in changes(before, after) if name not in still]
        shown = (before.exchange, after.exchange)
        writes = [one for one in history.between(*shown) if not one.safe and one.ok]
        if changed and writes:
            if _etag(before.exchange) == _etag(after.exchange):
                whole = sorted({*shown, *writes}, key=lambda one: one.index)
                yield broken("The ETag stays although the item has changed.", *whole)
            else:
                yield kept(*shown)


def _reading(one: Exchange, sent: str, known: Exchange) -> Iterator[Chance]:
    holds = sent.removeprefix("W/") == _etag(known)
    if one.status == _NOT_MODIFIED and not holds:
        yield broken("What has another ETag now is said to be as it was.", known, one)
    elif one.status == _NOT_MODIFIED or (one.ok and not holds):
        yield kept(known, one)
    elif one.ok and _documents(one.operation, _NOT_MODIFIED) and _etag(one) == _etag(known):
        yield broken("What has the ETag that was sent is sent again.", known, one)


def _writing(one: Exchange, sent: str, known: Exchange) -> Iterator[Chance]:
    if sent.startswith("W/") or sent == "*":
        # A weak ETag matches nothing here (RFC 9110 section 13.1.1).
        return
    holds = sent == _etag(known)
    if one.status == _FAILED and holds:
        yield broken("A change is refused although its ETag is that of the item.", known, one)
    elif one.ok and not holds:
        yield broken("A change is made although its ETag is not that of the item.", known, one)
    elif one.ok or one.status == _FAILED:
        yield kept(known, one)


def _documents(operation: Operation, status: int) -> bool:
    return any(one.status == str(status) for one in operation.responses)
