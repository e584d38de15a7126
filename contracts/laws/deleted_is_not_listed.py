"""What was deleted is in no list any more."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.history import History
from contracts.law import Chance, broken, kept
from contracts.names import says_gone
from contracts.stage import Stage
from contracts.views import lists, makeable, view
from openapi.resources import Resource, Role

_LATER = 202
"""It is deleted some time (RFC 9110 section 15.3.3)."""


def subjects(api: Api) -> Iterable[Resource]:
    """Resources whose items can be created, listed and deleted."""
    return makeable(api, Role.LIST, Role.REMOVE)


def provoke(stage: Stage, subject: Resource) -> None:
    """Create an item, list it, delete it, and list again."""
    item = stage.create(subject)
    query = stage.longest_page(subject)
    stage.list_all(subject, item.parents, query)
    stage.remove(item)
    stage.list_all(subject, item.parents, query)


def check(history: History) -> Iterator[Chance]:
    """A list that showed an item does not show it after it was deleted."""
    for removed in history.chosen(Role.REMOVE):
        address = removed.address
        if not removed.ok or removed.status == _LATER or address is None:
            continue
        listing = [one for one in history if lists(one, address.collection)]
        was_listed = any(
            view(one, address) is not None for one in listing if one.index < removed.index
        )
        for after in listing:
            if after.index < removed.index or after.who != removed.who:
                continue
            if not history.quiet(removed, after, address):
                break
            shown = view(after, address)
            if shown is None:
                if was_listed:
                    yield kept(removed, after)
            elif not any(says_gone(*pair) for pair in shown.item.items()):
                yield broken("What was deleted is still listed.", removed, after)
