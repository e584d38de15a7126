"""A link that has expired does nothing any more, and says so."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from contracts.api import Api
from contracts.handouts import Handout, handouts, openings
from contracts.history import History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from contracts.steps import Ref
from openapi import shapes
from openapi.durations import Duration

_USUAL = timedelta(days=40).total_seconds()
"""Seconds after which a link is taken to be over where only its answer tells its end."""
_LEEWAY = 5


def subjects(api: Api) -> Iterable[Handout]:
    """Operations that hand out links whose end is declared."""
    return handouts(api)


def provoke(stage: Stage, subject: Handout) -> None:
    """Hand links out, with the shortest life that can be asked for, and open them after it."""
    changes, wait = {}, _lifetime(subject)
    if isinstance(subject.expiry.after, str):
        asked = shapes.properties(subject.schema).get(subject.expiry.after, True)
        least = shapes.keyword(asked, "minimum")
        wait = least if isinstance(least, int) and least > 0 else 1
        changes = {subject.expiry.after: wait}
    handed = [stage.call_any(subject.operation, changes) for _ in subject.opened_by]
    for index, opener in enumerate(subject.opened_by):
        url = Ref(handed[index], subject.expression)
        stage.open(opener, url, wait=0 if index else wait + _LEEWAY)


def _lifetime(subject: Handout) -> float:
    after = subject.expiry.after
    if isinstance(after, Duration):
        return after.months * 31 * 86_400 + after.seconds
    return _USUAL if after is None or isinstance(after, str) else float(after)


def check(history: History) -> Iterator[Chance]:
    """After its end a link is refused, with the status that is declared."""
    for opening in openings(history):
        if not opening.late:
            continue
        handed, opened = opening.handed, opening.opened
        if opened.status in opening.refusals:
            yield kept(handed, opened)
        elif opened.response is not None and not opened.crashed:
            yield broken(
                f"A link is answered {opened.status} after its time is over.", handed, opened
            )
