"""A link stays usable when another one is handed out for the same thing."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.handouts import A_MINUTE, Handout, handouts, openings
from contracts.history import History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage

OVER_TIME = True


def subjects(api: Api) -> Iterable[Handout]:
    """Operations that hand out links whose end is declared."""
    return handouts(api)


def provoke(stage: Stage, subject: Handout) -> None:
    """Hand two links out, and open the first one."""
    first = stage.call_any(subject.operation, subject.lasting(A_MINUTE))
    stage.call_any(subject.operation)
    subject.open(stage, subject.opened_by[0], first)


def check(history: History) -> Iterator[Chance]:
    """A link that was handed out before another one works before its end."""
    for opening in openings(history):
        handed, opened = opening.handed, opening.opened
        between = list(history.between(handed, opened))
        later = [one for one in between if one.operation.key == handed.operation.key and one.ok]
        others = [one for one in between if not one.safe and not one.refused and one not in later]
        same = [one for one in later if one.request.url == handed.request.url]
        if not opening.early or not same or others:
            continue
        if opened.status in {404, 410}:
            yield broken(
                f"An earlier link is answered {opened.status} once a later one was made.",
                handed,
                same[0],
                opened,
            )
        elif not opened.refused and not opened.crashed:
            yield kept(handed, same[0], opened)
