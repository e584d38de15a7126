"""Leaves steps out of a walk, and values out of its bodies, until the shortest is left."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from contracts.exchange import ABSENT
from contracts.history import History
from contracts.law import Chance, Law
from contracts.steps import Walk

Play = Callable[[Walk], History]


def shown(law: Law, history: History, like: Chance) -> Chance | None:
    """The chance by which a history breaks the law in the same way; None where it does not."""
    for chance in law.judge(history):
        if chance.problem == like.problem and chance.place == like.place:
            return chance
    return None


def shrunk(
    law: Law, walk: Walk, like: Chance, play: Play, most: int
) -> tuple[Walk, History, Chance] | None:
    """The shortest walk that still breaks the law in the same way, as it was played last.

    None where it does not break it again, not even whole. It is played at most `most` times.
    """
    needed = max(one.index for one in like.exchanges)
    walk = replace(walk, steps=walk.steps[: needed + 1])
    best = _tried(law, walk, like, play)
    if best is None:
        # Once more: what was sent together may come in another order.
        best = _tried(law, walk, like, play)
    if best is None:
        return None
    left = most - 2
    progress = True
    while progress and left > 0:
        progress = False
        for smaller in _smaller(best[0], best[2]):
            if left <= 0:
                break
            left -= 1
            tried = _tried(law, smaller, like, play)
            if tried is not None:
                best, progress = tried, True
                break
    return best


def _tried(law: Law, walk: Walk, like: Chance, play: Play) -> tuple[Walk, History, Chance] | None:
    history = play(walk)
    chance = shown(law, history, like)
    return None if chance is None else (walk, history, chance)


def _smaller(walk: Walk, chance: Chance) -> Iterator[Walk]:
    """Walks that are smaller by one thing, those likeliest to do first."""
    needed = {one.index for one in chance.exchanges}
    idle = [index for index in range(len(walk.steps)) if index not in needed]
    used = {ref for index in needed for ref in walk.steps[index].refs}
    idle = [index for index in reversed(idle) if index not in used]
    if len(idle) > 1:
        # From the end on, so that the numbers of those before stay what they are.
        shortest = walk
        for index in idle:
            shortest = shortest.without(index)
        yield shortest
    for index in idle:
        yield walk.without(index)
    for index, step in enumerate(walk.steps):
        if isinstance(step.body, dict) and len(step.body) > 1:
            for name in step.body:
                body = {key: value for key, value in step.body.items() if key != name}
                steps = list(walk.steps)
                steps[index] = replace(step, body=body or ABSENT)
                yield replace(walk, steps=tuple(steps))
