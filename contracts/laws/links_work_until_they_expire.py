"""A link that was handed out works until it expires."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.handouts import A_MINUTE, Handout, handouts, openings
from contracts.history import History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage

_SECONDS = 6
"""How long a link is asked to live: so long that clocks may differ, and no longer."""
_LATE = 0.6


OVER_TIME = True


def subjects(api: Api) -> Iterable[Handout]:
    """Operations that hand out links whose end is declared."""
    return handouts(api)


def provoke(stage: Stage, subject: Handout) -> None:
    """Hand a link out, and open it at once and again, in every way that there is.

    Where its lifetime can be asked for, it is opened late in it, too.
    """
    for opener in subject.opened_by:
        handed = stage.call_any(subject.operation, subject.lasting(A_MINUTE))
        for _ in range(2):
            subject.open(stage, opener, handed)
    lifetime = subject.lasting(_SECONDS)
    for seconds in lifetime.values():
        handed = stage.call_any(subject.operation, lifetime)
        subject.open(stage, subject.opened_by[0], handed, wait=_LATE * seconds)


def check(history: History) -> Iterator[Chance]:
    """Before its end a link is not answered as one that has ended, if nothing else was done."""
    for opening in openings(history):
        handed, opened = opening.handed, opening.opened
        others = [
            one
            for one in history.between(handed, opened)
            if not (one.safe or one.refused or one.request.url == opened.request.url)
        ]
        if not opening.early or others:
            continue
        if opened.status in opening.refusals | {404, 410}:
            yield broken(
                f"A link is answered {opened.status} before its time is over.", handed, opened
            )
        elif not opened.refused and not opened.crashed:
            yield kept(handed, opened)
