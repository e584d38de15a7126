"""A link that was handed out works until it expires."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.handouts import Handout, handouts, openings
from contracts.history import History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from contracts.steps import Ref

OVER_TIME = True


def subjects(api: Api) -> Iterable[Handout]:
    """Operations that hand out links whose end is declared."""
    return handouts(api)


def provoke(stage: Stage, subject: Handout) -> None:
    """Hand a link out, and open it at once and again, in every way that there is."""
    for opener in subject.opened_by:
        handed = stage.call_any(subject.operation)
        for _ in range(2):
            stage.open(opener, Ref(handed, subject.expression))


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
