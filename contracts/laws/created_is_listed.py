"""What was created is in the list of its collection."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.names import may_hide
from contracts.pages import is_whole
from contracts.stage import Stage
from contracts.views import creations, lists, makeable, view
from openapi.resources import Resource, Role

_LATER = 202
"""It is created some time (RFC 9110 section 15.3.3)."""


def subjects(api: Api) -> Iterable[Resource]:
    """Resources whose items can be created and listed."""
    return makeable(api, Role.LIST)


def provoke(stage: Stage, subject: Resource) -> None:
    """Create two items, and list them all."""
    first = stage.create(subject)
    stage.create(subject, under=first.parents)
    stage.list_all(subject, first.parents, stage.longest_page(subject))
    stage.list_all(subject, first.parents)


def check(history: History) -> Iterator[Chance]:
    """A list that shows all there is shows what the same identity created."""
    for created in creations(history):
        address = created.address
        assert address is not None
        if created.status == _LATER or _may_be_hidden(created):
            continue
        for listing in history.after(created):
            if not lists(listing, address.collection) or listing.who != created.who:
                continue
            if not listing.asks_alike(created):
                continue
            if not history.quiet(created, listing, address):
                break
            if view(listing, address) is not None:
                yield kept(created, listing)
            elif is_whole(listing, created) and _shows_keys(listing):
                yield broken("What was created is not listed.", created, listing)


def _may_be_hidden(created: Exchange) -> bool:
    shown = created.item or {}
    sent = created.sent if isinstance(created.sent, dict) else {}
    return any(may_hide(*pair) for pair in [*shown.items(), *sent.items()])


def _shows_keys(listing: Exchange) -> bool:
    """Whether its items can be told apart; an empty list is meant to."""
    items = listing.listed or []
    return all(listing.key_of(item) is not None for item in items)
