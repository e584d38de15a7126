"""What was deleted cannot be read any more."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.history import History
from contracts.law import Chance, broken, kept
from contracts.names import says_gone
from contracts.stage import Stage
from contracts.views import makeable
from openapi.resources import Resource, Role

_LATER = 202
"""It is deleted some time (RFC 9110 section 15.3.3)."""


def subjects(api: Api) -> Iterable[Resource]:
    """Resources whose items can be created, read and deleted."""
    return makeable(api, Role.READ, Role.REMOVE)


def provoke(stage: Stage, subject: Resource) -> None:
    """Create an item, read it, delete it, and read it again."""
    item = stage.create(subject)
    stage.read(item)
    stage.remove(item)
    stage.read(item)


def check(history: History) -> Iterator[Chance]:
    """A read of what was deleted finds nothing, or an item that says that it was deleted."""
    for removed in history.chosen(Role.REMOVE):
        address = removed.address
        if not removed.ok or removed.status == _LATER or address is None:
            continue
        for read in history.of(address):
            if read.index < removed.index or read.role is not Role.READ:
                continue
            if not read.asks_alike(removed):
                continue
            if not history.quiet(removed, read, address) or read.who != removed.who:
                break
            if read.ok and not any(says_gone(*pair) for pair in (read.item or {}).items()):
                yield broken(f"What was deleted can still be read: {read.status}.", removed, read)
            elif read.refused:
                yield kept(removed, read)
