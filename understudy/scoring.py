"""The command `score`: every liar is let loose, and the laws have to notice."""

import argparse
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from contracts import score as scores
from contracts.api import Api
from contracts.control import Control
from contracts.deadline import Deadline
from contracts.findings import Finding
from contracts.identity.identities import Identities
from contracts.law import Law, all_laws
from contracts.liar import Asgi, all_liars
from contracts.outcome import Outcome
from contracts.session import Plan, checked
from contracts.stands import Stands
from contracts.targets.app import in_process
from openapi.description import read
from openapi.loading import built_in_names, find
from understudy.checking import mock_credentials
from understudy.progress import Progress


def score(options: argparse.Namespace, mock: Callable[[str], Any]) -> int:
    """Print the score of each API; returns 0 where no honest mock raised a false alarm, else 1.

    Raises UnusableDescription.
    """
    caught = total = alarms = 0
    wanted = [one for one in all_liars() if not options.liar or one.name in options.liar]
    broken = {one.law for one in wanted}
    for source in options.apis or built_in_names():
        api = Api(read(find(source), options.overlay, remote=options.allow_remote_refs))
        progress = Progress()
        try:
            result = scores.score(
                mock(source),
                api,
                [one for one in all_laws() if not options.liar or one.name in broken],
                wanted,
                tried(options, source),
                alone=tried(options, source, walks=False) if options.alone else None,
                progress=progress,
            )
        finally:
            progress.end()
        *told, _ = scores.lines(result)
        print(f"{api.description.name}\n", *told, "", sep="\n")
        caught, total = caught + result.caught, total + len(result.tried)
        alarms += len(result.honest)
    print(f"caught {caught} of {total}")
    return 1 if alarms else 0


def tried(
    options: argparse.Namespace,
    source: str,
    *,
    laws: Sequence[Law] = all_laws(),
    walks: bool = True,
) -> Callable[[Asgi, Api, str], Sequence[Finding]]:
    """Tests an application; with a name, until the law or check of that name is found broken."""

    def test(app: Asgi, api: Api, sought: str) -> Sequence[Finding]:
        plan = Plan(
            description=api.description,
            source=source,
            laws=laws,
            run_id="score",
            seed=options.seed,
            seconds=options.max_time,
            max_examples=options.max_examples,
            walks=walks,
            sought=sought,
        )
        if sought in {one.name for one in laws} and walks:
            plan = replace(plan, phases=())
        return played(app, api, plan).findings

    return test


def played(app: Asgi, api: Api, plan: Plan) -> Outcome:
    """What comes of a run before a mock in process, with credentials that it takes."""
    deadline = Deadline()
    target = in_process(app, deadline=deadline)
    try:
        identities = Identities(api, (), mock_credentials(api))
        control = Control(target, f"{target.url}/_understudy")
        run_id = secrets.token_hex(4)
        stands = Stands(target, identities, run_id, control=control, deadline=deadline)
        return checked(plan, stands)
    finally:
        target.close()
