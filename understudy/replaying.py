"""The command `replay`: a finding is played again."""

import argparse
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contracts import finding_file
from contracts.api import Api
from contracts.law import all_laws
from contracts.redactor import Redactor
from contracts.replay import Verdict, replayed
from openapi.description import read
from openapi.loading import find
from understudy.checking import BROKEN, UNUSABLE, standing

_IN_PROCESS = "http://testserver"


def replay(options: argparse.Namespace, mock: Callable[[str], Any]) -> int:
    """Play a finding again; returns 0 where it is fixed, 1 still broken, 2 unclear.

    Raises UnusableDescription, UnusableTarget, Unreadable, NoAnswer.
    """
    held = finding_file.read(Path(options.finding))
    options.api = held.source
    if options.url is None and options.app is None:
        options.url = "mock" if held.target == _IN_PROCESS else held.target
    api = Api(read(find(held.source), options.overlay, remote=options.allow_remote_refs))
    law = next((one for one in all_laws() if one.name == held.finding.name), None)
    redactor = Redactor(api.description)
    with standing(options, api, mock, redactor, secrets.token_hex(4)) as (stands, _):
        verdict = replayed(held.finding, api, stands, law)
    print(f"{verdict}: {held.finding.name}: {redactor.text(held.finding.problem)}")
    return {Verdict.FIXED: 0, Verdict.BROKEN: BROKEN, Verdict.UNCLEAR: UNUSABLE}[verdict]
