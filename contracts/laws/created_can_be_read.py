"""What was created can be read back, under the key that it was given."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.history import History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from openapi.resources import Resource, Role

LIKELY = "The create answers before it has stored, or stores under another key than it tells."


def subjects(api: Api) -> Iterable[Resource]:
    """Resources whose items can be created and read."""
    return api.resources_with(Role.CREATE, Role.READ)


def provoke(stage: Stage, subject: Resource) -> None:
    """Create an item, and read it."""
    stage.read(stage.create(subject))


def check(history: History) -> Iterator[Chance]:
    """A read of what the same identity created finds it, as long as nothing else was done to it."""
    for created in history.chosen(Role.CREATE):
        if not created.ok or created.address is None:
            continue
        for read in history.of(created.address):
            if read.role is not Role.READ or read.who != created.who or read.index < created.index:
                continue
            if not read.asks_alike(created):
                continue
            if not history.quiet(created, read, created.address):
                break
            if read.status in {404, 410}:
                yield broken(
                    f"What was created is not found: {read.status} after {created.status}.",
                    created,
                    read,
                )
            elif read.ok:
                yield kept(created, read)
