"""A status that nothing may follow stays, whatever is tried."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.history import History
from contracts.law import Chance, broken, kept
from contracts.lifecycles import Sight, life_of, lives, move, sights
from contracts.stage import Impossible, Stage
from openapi.resources import Resource, Role

OVER_TIME = True


def subjects(api: Api) -> Iterable[tuple[Resource, str]]:
    """Resources with a lifecycle, with each final status that an item can be brought to."""
    for resource, life in lives(api):
        starts = [str(one) for one in life.declared.starts[:1]]
        for status in life.statuses:
            if life.is_final(status) and starts and life.way(starts[0], status):
                yield resource, status


def provoke(stage: Stage, subject: tuple[Resource, str]) -> None:
    """Bring an item to its end by declared moves, then try to move it on, in every way."""
    resource, status = subject
    life = life_of(resource)
    assert life is not None
    handle = stage.create(resource)
    for step in life.way(str(life.declared.starts[0]), status) or []:
        move(stage, handle, life, step)
    stage.read(handle)
    for other in life.statuses:
        if other != status:
            move(stage, handle, life, other)
    for operation in stage.api.operations(Role.ACT, resource):
        try:
            stage.do(operation, handle)
        except Impossible:
            continue
    stage.read(handle)


def check(history: History) -> Iterator[Chance]:
    """Once an item was seen in a final status, it is never seen in another."""
    ends: dict[str, Sight] = {}
    for sight in sights(history):
        end = ends.get(str(sight.address))
        if end is None:
            if sight.life.is_final(sight.status):
                ends[str(sight.address)] = sight
        elif sight.status == end.status:
            if any(not one.safe for one in history.between(end.exchange, sight.exchange)):
                yield kept(end.exchange, sight.exchange)
        else:
            yield broken(
                f"'{end.status}' is final, and became {sight.status}.",
                end.exchange,
                *[one for one in history.between(end.exchange, sight.exchange) if not one.safe],
                sight.exchange,
                place=sight.life.name,
            )
