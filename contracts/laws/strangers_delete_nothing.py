"""What belongs to whoever created it is deleted by nobody else."""

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
    own,
    personal,
    proof,
    scopes,
    watched,
)
from contracts.views import creations, view
from openapi.resources import Resource, Role

LIKELY = "An item is looked up by its id alone, without whose it is."

_GONE = {404, 410}


def subjects(api: Api) -> Iterable[Resource]:
    """Resources whose items one identity creates, and another could delete."""
    return list(personal(api, Role.REMOVE, Role.READ))


def provoke(stage: Stage, subject: Resource) -> None:
    """Create an item, delete it as somebody else, and look for it."""
    own(stage, subject)
    item = watched(stage, subject)
    remove = stage.api.operation(Role.REMOVE, subject)
    assert remove is not None
    for scope in scopes(stage, remove):
        stage.do(remove, item, who=SECOND, **scope)
        stage.read(item)


def check(history: History) -> Iterator[Chance]:
    """After a stranger's attempt the item is still there, and the attempt was refused."""
    for made in creations(history):
        assert made.address is not None
        for one in history.of(made.address):
            if one.who != SECOND or one.role is not Role.REMOVE or one.index < made.index:
                continue
            after = _read_after(history, made, one)
            if after is None or not asks_who(history.api, one.operation):
                continue
            if view(after, made.address) is not None:
                if one.status in REFUSALS:
                    yield kept(made, one, after)
            elif after.status in _GONE and one.refused:
                problem = "Another identity is refused, and deletes what one created."
                yield broken(problem, made, one, after, at=one)
            elif after.status in _GONE and one.ok:
                told = proof(history, made, one, Act.DELETE)
                if told is not None:
                    problem = "Another identity deletes what one created."
                    yield broken(problem, *in_order(made, *told, one, after), at=one)


def _read_after(history: History, made: Exchange, one: Exchange) -> Exchange | None:
    """The first read by its creator, where nobody else did anything to the item since it was."""
    for each in history.after(made):
        if each.who == FIRST and each.role is Role.READ and each.address == made.address:
            if each.index > one.index:
                return each
        elif each is not one and not each.safe and not each.refused:
            return None
    return None
