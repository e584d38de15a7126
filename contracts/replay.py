"""Plays a finding again: whether it is still broken, fixed, or cannot be told."""

from dataclasses import replace
from enum import StrEnum
from urllib.parse import urlsplit

from contracts.api import Api
from contracts.check import Stand, Target
from contracts.exchange import NoAnswer, Response
from contracts.findings import Finding, Told
from contracts.law import Law
from contracts.play import NotPossible, Player
from contracts.steps import FIRST, NOBODY

_TRIES = 3
"""So often is a walk played that does not show the finding: what was sent together may race."""
_WITHOUT = {"ignored_auth"}
"""Checks whose requests had no credentials, or wrong ones."""
_CREDENTIALS = {"authorization", "cookie", "host", "content-length"}


class Verdict(StrEnum):
    """What came of playing a finding again."""

    BROKEN = "still broken"
    FIXED = "fixed"
    UNCLEAR = "unclear"


def replayed(finding: Finding, api: Api, target: Target, law: Law | None) -> Verdict:
    """Play a finding of a law again, or send the requests of a check again.

    A law is fixed when the walk puts it to the test and does not break it; a check, when the last
    answer has another kind of status. Raises NoAnswer where the target cannot be reached.
    """
    if finding.walk is None or law is None:
        with target.stand() as stand:
            return _sent_again(finding, api, stand)
    verdict = Verdict.UNCLEAR
    for _ in range(_TRIES):
        with target.stand() as stand:
            player = Player(api, stand.sender, stand.clock, stand.headers)
            chances = list(law.judge(player.play(finding.walk)))
        if any((one.problem, one.place) == (finding.problem, finding.place) for one in chances):
            return Verdict.BROKEN
        if chances and not any(one.problem for one in chances):
            verdict = Verdict.FIXED
    return verdict


def _sent_again(finding: Finding, api: Api, stand: Stand) -> Verdict:
    last: Response | None = None
    for told in finding.history:
        try:
            last = _answer(told, finding, api, stand)
        except NotPossible:
            return Verdict.UNCLEAR
        except NoAnswer as error:
            if error.unreachable:
                raise
            last = None
    then = finding.history[-1].response if finding.history else None
    if last is None or then is None:
        return Verdict.BROKEN if last is then else Verdict.UNCLEAR
    if last.status // 100 != then.status // 100:
        return Verdict.FIXED
    return Verdict.BROKEN if last.status == then.status else Verdict.UNCLEAR


def _answer(told: Told, finding: Finding, api: Api, stand: Stand) -> Response:
    operation = api.named(told.operation)
    if operation is None:
        raise NotPossible(f"There is no operation {told.operation} any more.")
    sent = urlsplit(told.request.url)
    base = urlsplit(stand.sender.url)
    headers = [one for one in told.request.headers if one[0].lower() not in _CREDENTIALS]
    request = replace(
        told.request,
        url=sent._replace(scheme=base.scheme, netloc=base.netloc).geturl(),
        headers=(*headers, *stand.headers),
    )
    who = NOBODY if finding.name in _WITHOUT else FIRST
    return stand.sender.send(request, operation, who, 0)
