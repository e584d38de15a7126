"""What belongs to whoever created it is shown to nobody else."""

from collections.abc import Iterable, Iterator, Mapping

from contracts.api import Api
from contracts.exchange import ABSENT
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.stage import Handle, Stage
from contracts.steps import SECOND
from contracts.strangers import (
    Act,
    asks_who,
    hidings,
    in_order,
    is_right_below,
    listed_by_both,
    own,
    personal,
    proof,
    refusals,
    scopes,
    watched,
)
from contracts.views import creations, lists, view
from openapi.description import Operation
from openapi.resources import Resource, Role
from openapi.shapes import singular, spelling

LIKELY = "An item is looked up by its id alone, without whose it is."

_READS_BELOW = "Another identity reads what is below what one created."
_MOST = 4
"""So many filters of a list are tried."""


def subjects(api: Api) -> Iterable[Resource]:
    """Resources whose items one identity creates, and another could see."""
    read, listed = (list(personal(api, role)) for role in (Role.READ, Role.LIST))
    return dict.fromkeys([*read, *listed])


def provoke(stage: Stage, subject: Resource) -> None:
    """Create an item, and look for it as somebody else, in lists with filters, too."""
    own(stage, subject)
    item = watched(stage, subject)
    for query in _filters(stage, item):
        listed_by_both(stage, subject, item, query)
    for below in stage.api.operations(Role.BELOW, subject):
        if below.method == "GET" and stage.api.part(below).key is not None:
            stage.do(below, item)
            for scope in scopes(stage, below):
                stage.do(below, item, who=SECOND, **scope)
    for below in _below(stage.api, subject):
        path = dict(zip(stage.api.part(below).parents, (*item.parents, item.key), strict=False))
        stage.call(below, path=path)
        for scope in scopes(stage, below):
            stage.call(below, path=path, who=SECOND, **scope)
    if stage.api.operation(Role.READ, subject) is not None:
        stage.read(item)


def _below(api: Api, subject: Resource) -> Iterator[Operation]:
    """The lists, and what there is once, right below the items of a resource."""
    for role in (Role.LIST, Role.READ):
        for operation in api.operations(role):
            part = api.part(operation)
            if part.resource.parent is subject and part.key is None:
                yield operation


def _filters(stage: Stage, item: Handle) -> Iterator[Mapping[str, object]]:
    """What a list can be asked for so that it finds the item, one thing at a time."""
    operation = stage.api.operation(Role.LIST, item.resource)
    body = stage.steps[item.step].body if item.step is not None else ABSENT
    sent = body if isinstance(body, Mapping) else {}
    by_spelling = {singular(spelling(name)): value for name, value in sent.items()}
    queried = [one for one in operation.parameters if one.place == "query"] if operation else []
    found = 0
    for parameter in queried:
        value = by_spelling.get(singular(spelling(parameter.name)))
        if isinstance(value, list):
            value = value[0] if value else None
        if value is not None and not isinstance(value, Mapping) and found < _MOST:
            found += 1
            yield {parameter.name: value}


def check(history: History) -> Iterator[Chance]:
    """A stranger is refused, and gets lists without what is not theirs."""
    for made in creations(history):
        if made.address is None:
            continue
        for one in (*refusals(history, made), *hidings(history, made)):
            if asks_who(history.api, one.operation):
                yield kept(made, one)
        for one in history.after(made):
            if one.who != SECOND or not asks_who(history.api, one.operation):
                continue
            problem = _problem(made, one)
            told = proof(history, made, one, Act.SEE) if problem else None
            if told is not None:
                yield broken(problem, *in_order(made, *told, one), at=one)


def _problem(made: Exchange, one: Exchange) -> str:
    """What a stranger is shown of an item."""
    if one.role is Role.BELOW and one.ok and one.safe and one.address == made.address:
        return _READS_BELOW
    is_whole = one.part is not None and one.part.key is None
    if one.ok and one.safe and is_whole and is_right_below(one, made):
        return _READS_BELOW
    if made.address is None or view(one, made.address) is None:
        return ""
    if one.role is Role.READ and one.ok:
        return "Another identity reads what one created."
    if lists(one, made.address.collection):
        return "A list shows to another identity what one created."
    return ""
