"""Whether what one identity creates is kept from another: as a description tells, or as it shows.

Much is shared by all who may use an API, so a stranger who reaches an item is no proof of a fault:
something has to tell that the item is its creator's alone.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from contracts.api import Api
from contracts.exchange import first
from contracts.history import Exchange, History
from contracts.identity.credentials import protects
from contracts.identity.sign_in import login_of
from contracts.names import is_owner
from contracts.pages import shows_all_found
from contracts.samples import FULL, Recipe
from contracts.stage import Handle, Impossible, Stage
from contracts.steps import FIRST, SECOND
from contracts.views import creations, lists, view
from openapi import shapes
from openapi.description import Operation
from openapi.resources import Resource, Role
from openapi.shapes import spelling

REFUSALS = {401, 403, 404, 410}
"""Statuses that say to a stranger that an item is not theirs, or not there."""
_HIDDEN = {404, 410}
_MOCK = "Understudy-Sandbox"
_PUBLIC = re.compile(r"(is)?(public|shared|sharing|visibility|access|published|permissions?)")
"""Properties that may open an item to others."""

_SCOPES = re.compile(
    r"x?(organi[sz]ation|org|tenant|account|workspace|company|team|customer)(id|key|slug|name)?"
)
"""Names of parameters that say for whom one acts."""

_OWN = re.compile(
    r"\b(one's|your|their|his|her|my|the (caller|user|customer)'s) own\b"
    r"|\bowned by\b|\bown \w+ only\b"
    r"|\bbelong(s|ing)? to (you\b|(the|another|an?other) (caller|user|customer|account|owner))"
    r"|\bonly (be \w+ )?(by |to |for )?(the|its|their|his) (owner|author|creator|writer)"
    r"|\b(some(body|one)|anybody|anyone) else\b"
    r"|\bof (another|other) (user|customer|account|tenant|person)"
    r"|\b(another|other) (user|customer|account|tenant|person|owner)s?'"
    r"|\b(is|it's) (another's|not yours)|\b(not|only) (the |its )?owner\b",
    re.IGNORECASE,
)
"""How descriptions say that something is somebody's own."""
_SHARED = re.compile(
    r"\b(share[sd]?|sharing|public(ly)?|invite[ds]?|every(body|one) can)\b", re.IGNORECASE
)


class Act(StrEnum):
    """What a stranger may not do to an item."""

    SEE = "see"
    CHANGE = "change"
    DELETE = "delete"


_VERBS = {
    Act.SEE: r"\b(see[sn]?|reads?|lists?|views?|finds?|gets?|visible|shown?)\b",
    Act.CHANGE: r"\b(chang|edit|writ|updat|modif|alter)",
    Act.DELETE: r"\b(delet|remov|cancel)",
}
"""The words of each."""


def keeps_apart(operation: Operation) -> bool:
    """Whether it asks who is there, and refuses some of them or needs to know whose items they are.

    What it needs to know is a required parameter beside the path's, as `organization_id`.
    """
    refuses = any(one.status == "403" for one in operation.responses)
    parameters = operation.parameters
    asks = any(one.required and one.place in {"query", "header"} for one in parameters)
    return bool(operation.security) and (refuses or asks)


def asks_who(api: Api, operation: Operation) -> bool:
    """Whether an operation tells identities apart, so that a second one is a stranger."""
    if protects(operation):
        return True
    told = any(one.security for one in api.description.operations)
    return not told and login_of(api.description) is not None


# Walks


def personal(api: Api, *roles: Role) -> Iterator[Resource]:
    """The resources whose items are created by somebody, and to which all of that can be done."""
    for resource in api.resources_with(Role.CREATE, *roles):
        operation = api.operation(Role.CREATE, resource)
        if operation is not None and asks_who(api, operation):
            yield resource


def watched(stage: Stage, resource: Resource) -> Handle:
    """An item of the first identity, and looks that tell whether the second one can see it."""
    item = stage.create(resource)
    above = stage.needed[-1:] if item.parents else []
    for one in (*above, item):
        read = stage.api.operation(Role.READ, one.resource)
        if read is not None:
            stage.read(one)
            for scope in scopes(stage, read):
                stage.read(one, who=SECOND, **scope)
    listed_by_both(stage, resource, item, stage.longest_page(resource))
    return item


def listed_by_both(
    stage: Stage, resource: Resource, item: Handle, query: Mapping[str, Any]
) -> None:
    """List what stands beside an item, if anything lists it, as both identities."""
    listing = stage.api.operation(Role.LIST, resource)
    if listing is None:
        return
    stage.list_all(resource, item.parents, query)
    for scope in scopes(stage, listing):
        asked = {**query, **scope["query"]}
        stage.list_all(resource, item.parents, asked, who=SECOND, header=scope["header"])


def own(stage: Stage, resource: Resource) -> None:
    """An item that the second identity creates, if it has what that needs."""
    create = stage.api.operation(Role.CREATE, resource)
    scope = scopes(stage, create)[0] if create is not None else {}
    try:
        stage.create(resource, who=SECOND, **scope)
    except Impossible:
        return


def scopes(stage: Stage, operation: Operation) -> list[dict[str, Any]]:
    """Parameters by which a stranger asks: for an organization of their own, and for the other's.

    Where none is asked for, there is one way only.
    """
    same: dict[str, Any] = {"query": {}, "header": {}}
    other: dict[str, Any] = {"query": {}, "header": {}}
    for one in operation.parameters:
        if one.required and one.place in other and _SCOPES.fullmatch(spelling(one.name)):
            usual = stage.samples.parameter(one, Recipe(FULL))
            more = (stage.samples.parameter(one, Recipe(FULL, number)) for number in range(1, 6))
            other[one.place][one.name] = next((value for value in more if value != usual), usual)
    return [same] if other == same else [other, same]


# Proof


def in_order(*exchanges: Exchange) -> tuple[Exchange, ...]:
    """The exchanges as they came."""
    return tuple(sorted(exchanges, key=lambda one: one.index))


def proof(
    history: History, made: Exchange, used: Exchange, act: Act
) -> tuple[Exchange, ...] | None:
    """What tells that no stranger may do with an item what one did; None: nothing does.

    It is empty where the description says so.
    """
    if any(_opens(name) for name in made.item or {}):
        return None
    kept_back = (*_kept_back(history, made, used, act), *_kept_back_above(history, made))
    # What is kept from one organization may be for all in another.
    shown = [one for one in kept_back if _scope(one) == _scope(used)]
    if _documents_refusal(used.operation):
        shown += _of_other_owners(history, made)
    if shown:
        return (shown[0],)
    return () if not on_mock(made) and _is_told(history.api, used, act) else None


def _scope(one: Exchange) -> dict[tuple[str, str], Any]:
    """For whom it was asked, as its parameters say."""
    return {key: value for key, value in one.values.items() if _SCOPES.fullmatch(spelling(key[1]))}


def _kept_back(history: History, made: Exchange, used: Exchange, act: Act) -> Iterator[Exchange]:
    """Where the stranger was not shown the item, and its creator was."""
    in_list = used.role is Role.LIST
    below = used.role is Role.BELOW
    yield from (one for one in hidings(history, made) if one is not used)
    if act is not Act.SEE or in_list or below:
        # Of what can be read by few, lists may show a part to many; what is hidden is no such.
        statuses = _HIDDEN if in_list or below else REFUSALS
        yield from (one for one in refusals(history, made) if one.status in statuses)


def refusals(history: History, made: Exchange) -> Iterator[Exchange]:
    """The reads of an item that a stranger was refused, and its creator was not."""
    reads = [one for one in history.of(made.address) if one.role is Role.READ]
    if any(one.who == FIRST and one.ok and one.index > made.index for one in reads):
        for one in reads:
            if one.who == SECOND and one.index > made.index and one.status in REFUSALS:
                yield one


def hidings(history: History, made: Exchange) -> Iterator[Exchange]:
    """The lists that show an item to its creator, and leave it out for a stranger."""
    address = made.address
    if address is None:
        return
    lasting = _lasting(history, made)
    for one in lasting:
        if one.who != SECOND or not lists(one, address.collection) or not shows_all_found(one):
            continue
        shown = any(
            other.who == FIRST
            and other.operation is one.operation
            and other.values == one.values
            and view(other, address) is not None
            for other in lasting
        )
        if shown and view(one, address) is None:
            yield one


def _lasting(history: History, made: Exchange) -> list[Exchange]:
    """What came after an item was created, until something was done to it."""
    found = []
    for one in history.after(made):
        if one.address == made.address and not one.safe and not one.refused:
            break
        found.append(one)
    return found


def _kept_back_above(history: History, made: Exchange) -> Iterator[Exchange]:
    """Where the stranger was not shown what the item is below."""
    above = made.collection.parents[-1:] if made.collection is not None else ()
    for parent in creations(history):
        is_above = parent.address is not None and (parent.address.key,) == above
        if is_above and parent.index < made.index:
            yield from refusals(history, parent)
            yield from hidings(history, parent)


def _of_other_owners(history: History, made: Exchange) -> Iterator[Exchange]:
    """The stranger's own items, where the server writes to each whose it is."""
    for other in creations(history, SECOND):
        if other.collection is None or made.collection is None or other.item is None:
            continue
        if other.collection.resource != made.collection.resource:
            continue
        sent = made.sent if isinstance(made.sent, dict) else {}
        for name, value in (made.item or {}).items():
            theirs = other.item.get(name)
            if is_owner(name) and name not in sent and value and theirs and value != theirs:
                yield other


def _documents_refusal(operation: Operation) -> bool:
    return any(one.status == "403" for one in operation.responses)


def _opens(name: str) -> bool:
    return _PUBLIC.fullmatch(spelling(name)) is not None


def is_right_below(one: Exchange, made: Exchange) -> bool:
    """Whether an exchange is about the collections, or what there is once, of a created item."""
    if made.address is None or made.part is None or one.part is None or one.collection is None:
        return False
    above = (*made.address.collection.parents, made.address.key)
    return one.part.resource.parent is made.part.resource and one.collection.parents == above


def on_mock(exchange: Exchange) -> bool:
    """Whether a mock answered: what it makes up by a description does not know whose it is."""
    return first(exchange.request.headers, _MOCK) is not None


def _is_told(api: Api, used: Exchange, act: Act) -> bool:
    """Whether the description says in words that it is its creator's alone."""
    operation = used.operation
    texts = [operation.raw.get(name) for name in ("summary", "description")]
    texts += [one.description for one in operation.responses if one.status in {"403", "404"}]
    if any(_says_own(one) for text in texts for one in _sentences(text)):
        return True
    word = shapes.singular(spelling(used.part.resource.word)) if used.part is not None else ""
    info = api.description.source.get("info")
    general = info.get("description") if isinstance(info, dict) else None
    return bool(word) and any(
        word in map(shapes.singular, map(spelling, one.split()))
        and _says_own(one)
        and _is_about(one, act)
        for one in _sentences(general)
    )


def _sentences(text: object) -> list[str]:
    return re.split(r"[.;!?]\s+|\n\s*\n", text) if isinstance(text, str) else []


def _says_own(sentence: str) -> bool:
    return bool(_OWN.search(sentence)) and not _SHARED.search(sentence)


def _is_about(sentence: str, act: Act) -> bool:
    """Whether a sentence says nothing of what may be done, or names this."""
    named = [one for one, verbs in _VERBS.items() if re.search(verbs, sentence, re.IGNORECASE)]
    return not named or act in named
