"""Credentials that are missing, forged or outdated are refused."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.history import Exchange, History
from contracts.identity.forgery import FORGERIES
from contracts.law import Chance, broken, kept
from contracts.stage import Impossible, Stage
from contracts.steps import FIRST, FORGED, NOBODY, OUTDATED
from contracts.trust import is_about_trust
from openapi.description import Operation
from openapi.resources import Role

LIKELY = "The operation does not ask for credentials, or a token's signature is not looked at."
_REFUSALS = {401, 403}
_LONG = 100_000
"""Seconds after which most tokens have had their time."""
_SPENT = (Role.ACT, Role.REMOVE)
"""What is done to an item once only."""
_TELLING = {number for number, name in enumerate(FORGERIES) if name != "empty"}
"""Forgeries that only a server refuses which knows the good from the bad."""
_PROBLEMS = {
    NOBODY: "A request without credentials is carried out.",
    OUTDATED: "Credentials that have had their time are accepted.",
    "unsigned": "A token without a signature is accepted.",
    "null": "Credentials that say nothing are accepted.",
    "empty": "Credentials that say nothing are accepted.",
}
_FORGED = "Credentials that were altered are accepted."


def subjects(api: Api) -> Iterable[Operation]:
    """Operations that ask for credentials, but for those that would change these."""
    for operation in api.by_key.values():
        if _asks(operation) and not is_about_trust(api, operation):
            yield operation


def _asks(operation: Operation) -> bool:
    return bool(operation.security) and all(operation.security)


def provoke(stage: Stage, subject: Operation) -> None:
    """The same request with good credentials, with none, and with every kind of bad ones."""
    part = stage.api.parts[subject.key]
    stage.call_any(subject)
    if part is not None and part.role in _SPENT:
        # What was done to that item cannot be done to it again.
        stage.begin_anew()
    senders = [(NOBODY, 0), *((FORGED, number) for number in range(len(FORGERIES)))]
    for who, variant in senders:
        stage.call_any(subject, who=who, variant=variant)
    if subject.method == "GET":
        try:
            stage.call_any(subject, who=OUTDATED, wait=_LONG)
        except Impossible:
            return


def check(history: History) -> Iterator[Chance]:
    """Where good credentials are accepted, bad ones are refused, or find nothing."""
    good = {
        one.operation.key: one for one in reversed(list(history)) if one.who == FIRST and one.ok
    }
    telling = {
        one.operation.key: one
        for one in history
        if one.who == FORGED and one.step.variant in _TELLING and one.status in _REFUSALS
    }
    for one in history:
        usual = good.get(one.operation.key)
        if usual is None or not _asks(one.operation) or one.who not in {NOBODY, FORGED, OUTDATED}:
            continue
        shown = sorted((usual, one), key=lambda each: each.index)
        if one.status in _REFUSALS:
            yield kept(*shown)
        elif one.ok and one.who == NOBODY:
            yield broken(_problem(one), *shown, at=one)
        elif one.ok and one.operation.key in telling:
            # Who takes any credentials, as a mock may, is not told what bad ones are.
            shown = sorted((*shown, telling[one.operation.key]), key=lambda each: each.index)
            yield broken(_problem(one), *shown, at=one)


def _problem(one: Exchange) -> str:
    if one.who == FORGED:
        return _PROBLEMS.get(FORGERIES[one.step.variant], _FORGED)
    return _PROBLEMS[one.who]
