"""`Location` leads to what was created."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from contracts.api import Api, shown_schema
from contracts.exchange import ABSENT
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.stage import Impossible, Stage
from contracts.steps import Ref
from openapi import shapes
from openapi.resources import Resource, Role

_MADE = 201
_LOCATION = "$response.header.Location"


def subjects(api: Api) -> Iterable[Resource]:
    """Resources whose items can be created by POST, and read."""
    return api.resources_with(Role.CREATE, Role.READ)


def provoke(stage: Stage, subject: Resource) -> None:
    """Create an item, and follow `Location`; there may be one that is not described."""
    item = stage.create(subject)
    operation = stage.api.operation(Role.READ, subject)
    if operation is None or item.step is None:
        raise Impossible(f"Nothing reads an item of {subject.name}.")
    stage.create(subject, under=item.parents)
    stage.call(operation, path=stage.path(operation, item), url=Ref(item.step, _LOCATION))


def check(history: History) -> Iterator[Chance]:
    """Who follows the `Location` of a 201 finds an item with the id that was given."""
    created = {one.index: one for one in history.chosen(Role.CREATE) if one.status == _MADE}
    for read in history:
        url = read.step.url
        if url is None or url.expression != _LOCATION or url.step not in created:
            continue
        origin = created[url.step]
        if not _is_plain(origin) or not history.quiet_for(origin, read) or read.response is None:
            continue
        key = origin.key_of(origin.item)
        shown = read.key_of(read.item)
        if read.status in {404, 405, 410} or read.crashed:
            yield broken(f"`Location` leads nowhere: {read.status}.", origin, read)
        elif read.ok and key is not None and _shows_key(read) and key != shown:
            yield broken("`Location` leads to something else.", origin, read)
        elif read.ok:
            yield kept(origin, read)


def _shows_key(read: Exchange) -> bool:
    """Whether it is described to show the key of an item, and is JSON at all."""
    if read.part is None or read.answer is ABSENT:
        return False
    described = shapes.properties(shown_schema(read.operation, read.part.resource))
    return read.part.resource.key in described


def _is_plain(origin: Exchange) -> bool:
    """Whether it is a whole URL or path: what a relative one is relative to is seen differently."""
    location = origin.response.header("location") if origin.response is not None else None
    return location is not None and (location.startswith("/") or bool(urlsplit(location).scheme))
