"""What is created begins in a status in which it may begin."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.history import History
from contracts.law import Chance, broken, kept
from contracts.lifecycles import life_of, lives, status_of
from contracts.samples import FULL, LEAST
from contracts.stage import Stage
from openapi.resources import Resource, Role


def subjects(api: Api) -> Iterable[tuple[Resource, str]]:
    """Resources with a lifecycle whose items can be created: with little and with all."""
    for resource, life in lives(api):
        if life.declared.starts and api.operation(Role.CREATE, resource) is not None:
            yield resource, ""
            yield resource, LEAST
            yield resource, FULL


def provoke(stage: Stage, subject: tuple[Resource, str]) -> None:
    """Create an item, and read it."""
    resource, form = subject
    assert life_of(resource) is not None
    handle = stage.create(resource, form=form or None)
    if stage.api.operation(Role.READ, resource) is not None:
        stage.read(handle)


def check(history: History) -> Iterator[Chance]:
    """The status in the answer to the creation is one that an item may begin in."""
    for created in history.chosen(Role.CREATE):
        life = status_of(created)
        if life is None or not life.declared.starts or created.item is None:
            continue
        status = created.item.get(life.name)
        if status is None:
            continue
        if str(status) in map(str, life.declared.starts):
            yield kept(created)
        else:
            allowed = ", ".join(map(str, life.declared.starts))
            yield broken(
                f"A new item is {status}; it may begin as {allowed}.", created, place=life.name
            )
