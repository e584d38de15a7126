"""What a history proves of whose an item is: what one identity created, and another met."""

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.history import Address, Exchange, History
from contracts.names import is_owner
from contracts.steps import FIRST, SECOND
from contracts.values import same
from contracts.views import creations, lists, view
from openapi.resources import Role

_DENIALS = {403, 404}
_WRITES = (Role.MERGE, Role.REPLACE, Role.ACT, Role.REMOVE)


@dataclass(frozen=True)
class Owned:
    """An item that the first identity created, and what shows that it is nobody else's."""

    created: Exchange
    address: Address
    unread: Exchange | None
    """A read that was denied to the second identity."""
    unlisted: Exchange | None
    """A list of the second identity's, in which the item is not although it is in the first's."""
    unwritten: Exchange | None
    """A change or deletion that was denied to the second identity."""
    named: tuple[Exchange, ...]
    """Creations of both that show that the server keeps in a property who created an item."""

    def proofs(self, but: Exchange) -> tuple[Exchange, ...]:
        """What shows that the item is the first identity's alone, without regard to one of it."""
        denials = (self.unread, self.unlisted, self.unwritten)
        proof = next((one for one in denials if one is not None and one is not but), None)
        return self.named if proof is None else (proof,)


def owned(history: History) -> Iterator[Owned]:
    """The items that the first identity created while a second one was there, too."""
    if not any(one.who == SECOND for one in history):
        return
    for created in creations(history, FIRST):
        assert created.address is not None
        if created.operation.security:
            yield _owned(history, created, created.address)


def _owned(history: History, created: Exchange, address: Address) -> Owned:
    theirs = [one for one in history if one.who == SECOND and one.index > created.index]
    denied = [
        one
        for one in theirs
        if one.address == address
        and one.status in _DENIALS
        and _is_there(history, created, one, address)
    ]
    return Owned(
        created,
        address,
        next((one for one in denied if one.role is Role.READ), None),
        next((one for one in theirs if _lacks(history, one, address)), None),
        next((one for one in denied if one.role in _WRITES), None),
        _is_named(history, created),
    )


def _is_there(history: History, created: Exchange, one: Exchange, address: Address) -> bool:
    """Whether the item was there for the first identity, as far as can be known."""
    return all(
        each.safe or each.refused or each.address != address or each.role is not Role.REMOVE
        for each in history.between(created, one)
    )


def _lacks(history: History, listing: Exchange, address: Address) -> bool:
    """Whether a list of the second's lacks an item that the same list of the first's shows."""
    if not listing.ok or not lists(listing, address.collection):
        return False
    if view(listing, address) is not None:
        return False
    for own in history:
        if own.operation is not listing.operation or own.values != listing.values:
            continue
        one, other = sorted((own, listing), key=lambda each: each.index)
        if own.who == FIRST and view(own, address) and history.quiet(one, other, address):
            return True
    return False


def _is_named(history: History, created: Exchange) -> tuple[Exchange, ...]:
    """The creations by which a property of the server's tells the identities' items apart."""
    sent = created.sent if isinstance(created.sent, dict) else {}
    like = [one for one in history if one.operation is created.operation and one.item]
    mine = [one.item or {} for one in like if one.who == FIRST]
    theirs = [one.item or {} for one in like if one.who == SECOND]
    for name in created.item or {}:
        if not is_owner(name) or name in sent or len(mine) < 2 or not theirs:  # noqa: PLR2004
            continue
        value = mine[0].get(name)
        alike = value is not None and all(same(value, one.get(name)) for one in mine)
        if alike and not any(same(value, one.get(name)) for one in theirs):
            return tuple(like)
    return ()
