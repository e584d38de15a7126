"""Every answer is one that the description tells of."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.fitting import faults, shared_cause, undescribed
from contracts.history import History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from openapi.description import Operation


def subjects(api: Api) -> Iterable[Operation]:
    """Every operation."""
    return api.by_key.values()


def provoke(stage: Stage, subject: Operation) -> None:
    """Call it as it is meant."""
    stage.call_any(subject)


def check(history: History) -> Iterator[Chance]:
    """Status, media type, body and required headers are as described.

    Refusals that are not described are gaps of the description, and failures another law's.
    """
    for one in history:
        if one.response is None or one.crashed or not one.operation.responses:
            continue
        described = one.operation.response(one.status)
        if described is None:
            if not one.refused:
                problem = undescribed(one.status)
                yield broken(problem, one, cause=shared_cause(problem, "", one.status))
            continue
        found = list(faults(one.api, one.operation, one.response, described))
        for problem, place in found:
            cause = shared_cause(problem, place, one.status)
            yield broken(problem, one, place=place, cause=cause)
        if not found:
            yield kept(one)
