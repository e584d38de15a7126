"""What belongs to whoever created it is changed by nobody else."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from contracts.steps import FIRST, SECOND
from contracts.strangers import (
    REFUSALS,
    Act,
    asks_who,
    in_order,
    is_right_below,
    own,
    personal,
    proof,
    scopes,
    watched,
)
from contracts.views import View, changes, creations, restless, view
from openapi.description import Operation
from openapi.resources import Resource, Role

LIKELY = "An item is looked up by its id alone, without whose it is."

_WRITES = (Role.MERGE, Role.REPLACE, Role.ACT)
_CREATED = 201
Subject = tuple[Resource, Operation]


def subjects(api: Api) -> Iterable[Subject]:
    """Operations that change items which one identity creates, or create something below them."""
    for resource in personal(api):
        for role in _WRITES:
            for operation in api.operations(role, resource):
                if asks_who(api, operation):
                    yield resource, operation
        for below in api.resources_with(Role.CREATE):
            create = api.operation(Role.CREATE, below)
            if below.parent is resource and create is not None and asks_who(api, create):
                yield resource, create


def provoke(stage: Stage, subject: Subject) -> None:
    """Create an item, change it as somebody else, and look at it."""
    resource, operation = subject
    own(stage, resource)
    item = watched(stage, resource)
    part = stage.api.part(operation)
    if part.role is Role.CREATE:
        under = (*item.parents, item.key)
        for scope in scopes(stage, operation):
            stage.create(part.resource, under=under, who=SECOND, **scope)
        return
    for scope in scopes(stage, operation):
        stage.do(operation, item, who=SECOND, **scope)
        if stage.api.operation(Role.READ, resource) is not None:
            stage.read(item)
        else:
            stage.list_all_if_possible(resource, item.parents)


def check(history: History) -> Iterator[Chance]:
    """After a stranger's attempt the item is as it was, and the attempt was refused."""
    for made in creations(history):
        for one in history.of(made.address):
            if one.who != SECOND or one.role not in _WRITES or one.index < made.index:
                continue
            if asks_who(history.api, one.operation):
                yield from _judged(history, made, one)
        yield from _created_below(history, made)


def _created_below(history: History, made: Exchange) -> Iterator[Chance]:
    """What a stranger created below an item."""
    for one in history.after(made):
        if one.who != SECOND or one.role is not Role.CREATE or not is_right_below(one, made):
            continue
        if one.status in REFUSALS:
            yield kept(made, one)
        elif one.ok and (told := proof(history, made, one, Act.CHANGE)) is not None:
            problem = "Another identity creates something below what one created."
            yield broken(problem, *in_order(made, *told, one), at=one)


def _judged(history: History, made: Exchange, one: Exchange) -> Iterator[Chance]:
    around = _around(history, made, one)
    changed = []
    if around is not None:
        still = restless(history, made.collection.resource) if made.collection is not None else ()
        changed = [name for name, *_ in changes(*around) if name not in still]
    after = (around[1].exchange,) if around is not None else ()
    if one.refused and changed:
        problem = "Another identity is refused, and changes what one created."
        yield broken(problem, made, one, *after, at=one)
    elif one.status in REFUSALS and after:
        yield kept(made, one, *after)
    # Under a key of their own choice, a stranger may have created something else.
    elif one.ok and (changed or (one.role is Role.ACT and one.status != _CREATED)):
        told = proof(history, made, one, Act.CHANGE)
        if told is not None:
            problem = "Another identity changes what one created."
            shown = in_order(made, *told, one, *(after if changed else ()))
            yield broken(problem, *shown, at=one)


def _around(history: History, made: Exchange, one: Exchange) -> tuple[View, View] | None:
    """How the first identity sees the item before and after, with nothing else in between."""
    assert made.address is not None
    seen = [
        found
        for each in history
        if each.who == FIRST and (found := view(each, made.address)) is not None
    ]
    before = [each for each in seen if each.exchange.index < one.index]
    after = [each for each in seen if each.exchange.index > one.index]
    if not before or not after:
        return None
    calm = all(
        each.safe or each.refused or each is one
        for each in history.between(before[-1].exchange, after[0].exchange)
    )
    return (before[-1], after[0]) if calm else None
