"""What one created for themselves nobody else deletes."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.owners import Owned, owned
from contracts.stage import Stage
from contracts.steps import FIRST, SECOND
from contracts.views import makeable, view
from openapi.resources import Resource, Role

LIKELY = "The item is found by its key alone, whoever wants to delete it."
_GONE = {404, 410}


def subjects(api: Api) -> Iterable[Resource]:
    """Resources whose items are created, read and deleted with credentials."""
    for resource in makeable(api, Role.READ, Role.REMOVE):
        remove = api.operation(Role.REMOVE, resource)
        if remove is not None and remove.security:
            yield resource


def provoke(stage: Stage, subject: Resource) -> None:
    """Create an item, have it deleted by another identity, and read it."""
    mine = stage.create(subject)
    stage.create(subject, under=mine.parents)
    stage.create(subject, who=SECOND, under=mine.parents)
    if stage.api.operation(Role.LIST, subject) is not None:
        long = stage.longest_page(subject)
        stage.list_all(subject, mine.parents, long)
        stage.list_all(subject, mine.parents, long, who=SECOND)
    stage.read(mine, who=SECOND)
    stage.read(mine)
    stage.remove(mine, who=SECOND)
    stage.read(mine)


def check(history: History) -> Iterator[Chance]:
    """What is the first identity's alone can be read after a deletion of the second's."""
    for one in owned(history):
        for remove in history.after(one.created):
            if remove.who != SECOND or remove.address != one.address:
                continue
            if remove.role is not Role.REMOVE:
                continue
            read = next(
                (
                    each
                    for each in history.after(remove)
                    if each.address == one.address
                    and each.role is Role.READ
                    and each.who == FIRST
                    and history.undisturbed(remove, each)
                ),
                None,
            )
            if read is None or not history.quiet(one.created, remove, one.address):
                continue
            yield from _judged(history, one, remove, read)


def _judged(history: History, one: Owned, remove: Exchange, read: Exchange) -> Iterator[Chance]:
    before = next(
        (each for each in history.before(remove) if each.who == FIRST and view(each, one.address)),
        None,
    )
    if before is None or not before.safe:
        return
    shown = tuple(dict.fromkeys((one.created, before, remove, read)))
    proofs = one.proofs(remove)
    if remove.refused and read.status in _GONE:
        yield broken("Another identity's deletion is refused, and done.", *shown, at=remove)
    elif remove.refused and read.ok:
        yield kept(*shown)
    elif remove.ok and read.status in _GONE and proofs:
        whole = sorted({*shown, *proofs}, key=lambda each: each.index)
        yield broken("Another identity deletes what one created for itself.", *whole, at=remove)
