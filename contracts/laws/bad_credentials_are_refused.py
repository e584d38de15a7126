"""Who shows no credentials, or such as were forged or have had their time, is refused."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contracts.api import Api
from contracts.history import Exchange, History
from contracts.identity.credentials import protects
from contracts.identity.forgery import FORGERIES
from contracts.law import Chance, broken, kept
from contracts.stage import Handle, Impossible, Stage
from contracts.steps import FIRST, FORGED, NOBODY, OUTDATED
from contracts.trust import doors, is_about_trust
from openapi.description import Operation
from openapi.resources import Role
from openapi.synthesis import Unsatisfiable

LIKELY = "The signature or lifetime of a token is not looked at, or one operation is not guarded."

_SAMPLES = 2
"""So many operations are tried with all that can be forged; as a rule one place judges for all."""
_FEW = 2
"""So many forgeries are tried with each of the others."""
_SOON, _LATE = 3, 100_000
"""Seconds after which a token ends that was asked to be short, and any usual one."""
_REFUSALS = {401, 403}
_PROBLEMS = {
    "unsigned": "A token without a signature is accepted.",
    "null": "The text null is accepted as credentials.",
    "empty": "Empty credentials are accepted.",
    "truncated": "One half of the credentials is accepted.",
}
_ALTERED = "Credentials that were altered are accepted."
"""Whatever was altered, it is the signature that was not looked at."""


@dataclass(frozen=True)
class Subject:
    """An operation, and who asks for it without the right to."""

    operation: Operation
    whole: bool = False
    """Whether everything is tried that can be forged."""
    outdated: bool = False
    """Whether it is asked for with a token that has had its time."""


def subjects(api: Api) -> Iterable[Subject]:
    """The operations that need credentials, those that are the easiest to ask for first.

    Those that would change the credentials themselves are left out.
    """
    guarded = [one for one in api.by_key.values() if protects(one) and not is_about_trust(api, one)]
    easiest = sorted(guarded, key=lambda one: (len(one.path_pieces), one.method != "GET"))
    for operation in easiest[:_SAMPLES]:
        yield Subject(operation, whole=True)
    for operation in easiest[:1]:
        yield Subject(operation, outdated=True)
    for operation in easiest[_SAMPLES:]:
        yield Subject(operation)


def provoke(stage: Stage, subject: Subject) -> None:
    """Do it as the first identity, and ask for the same of a like item as all the others."""
    operation = subject.operation
    stage.call_any(operation)
    if subject.outdated:
        # Whoever can choose how long a token lasts asks for a short one the first time.
        waits = (0, _SOON, _LATE) if stage.number == 0 else (0, _LATE)
        for wait in waits:
            stage.call_any(operation, who=OUTDATED, wait=wait)
        return
    other = _other(stage, operation)
    start = stage.number
    ways = range(len(FORGERIES)) if subject.whole else range(start, start + _FEW)
    for who, variant in ((NOBODY, 0), *((FORGED, way % len(FORGERIES)) for way in ways)):
        if other is None:
            stage.call_any(operation, who=who, variant=variant)
        else:
            stage.do(operation, other, who=who, variant=variant)
    if other is not None and stage.api.operation(Role.READ, other.resource) is not None:
        stage.read(other)


def _other(stage: Stage, operation: Operation) -> Handle | None:
    """Another item for an operation that may leave none, or none that it can be done to again."""
    part = stage.api.parts[operation.key]
    if part is None or part.key is None or operation.method == "GET":
        return None
    try:
        return stage.create(part.resource)
    except (Impossible, Unsatisfiable):
        return None


def check(history: History) -> Iterator[Chance]:
    """What is done for the first identity is done for nobody with bad credentials."""
    opening = doors(history.api)
    done: dict[str, Exchange] = {}
    for one in history:
        if one.who == FIRST and one.ok and protects(one.operation):
            done.setdefault(one.operation.key, one)
    open_to_all: set[str] = set()
    for one in history:
        good = done.get(one.operation.key)
        if good is None or one.who not in {NOBODY, FORGED, OUTDATED} or one.operation in opening:
            continue
        shown = tuple(sorted((good, one), key=lambda each: each.index))
        if one.status in _REFUSALS:
            yield kept(*shown)
        elif _is_same_kind(good, one) and one.operation.key not in open_to_all:
            # Who asks for credentials reads them in one place; whether to ask is told for each.
            problem = _problem(one)
            yield broken(problem, *shown, cause=problem if one.who != NOBODY else "")
            if one.who == NOBODY:
                # Where nobody is asked, what is forged tells nothing more.
                open_to_all.add(one.operation.key)


def _is_same_kind(good: Exchange, bad: Exchange) -> bool:
    """Whether both were carried out, and neither answer is a page that asks to sign in."""
    if not bad.ok or good.response is None or bad.response is None:
        return False
    return good.response.media_type == bad.response.media_type


def _problem(bad: Exchange) -> str:
    if bad.who == NOBODY:
        return "It is done without credentials, which it needs."
    if bad.who == OUTDATED:
        return "A token is accepted that has had its time."
    return _PROBLEMS.get(FORGERIES[bad.step.variant], _ALTERED)
