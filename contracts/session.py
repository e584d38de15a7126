"""A whole run from beginning to end: walks, Schemathesis' phases, cleaning up, and the outcome."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from contracts import check, run
from contracts.api import Api
from contracts.check import Run, Stand
from contracts.deadline import Deadline
from contracts.exchange import SAFE, NoAnswer, OutOfTime, Request, Response
from contracts.findings import Finding
from contracts.folding import folded
from contracts.history import Exchange
from contracts.identity.credentials import LOGIN, variables
from contracts.identity.sign_in import login_of
from contracts.law import Law
from contracts.outcome import Outcome
from contracts.seen import Seen
from contracts.shut_out import told_of_all, told_of_some
from openapi.description import Description, Operation

_WALKS_FIRST, _PHASES, _ALL = 0.35, 0.7, 0.93
"""Shares of the time that are over when the first round, Schemathesis' phases, and all walks end.

The first round comes before fuzzing: what that leaves behind on a target would hide from walks what
they look for. The rest of the time is for removing what was created.
"""
_EXPLAINED = 4
"""So many failures of one operation are looked into."""
_CLEANING = 4.0
"""Seconds for removing what was created, at least: more where the run is a long one."""


class Target(check.Target, Protocol):
    """What a run is pointed at."""

    @property
    def url(self) -> str:
        """Its base URL, without a slash at the end."""

    @property
    def deadline(self) -> Deadline:
        """When nothing is waited for any more; a run moves it."""

    @property
    def is_mock(self) -> bool:
        """Whether it is given up with all that is created there."""

    def headers(self, operations: tuple[Operation, ...]) -> Mapping[str, str]:
        """What Schemathesis sends with every request: credentials, and what names the run."""

    def stand(self) -> AbstractContextManager[Stand]:
        """The stand of one walk."""

    def send(self, request: Request) -> Response:
        """The answer to a request. Raises NoAnswer."""


class Unusable(Exception):  # noqa: N818 - what was given is what is wrong
    """Nothing could be tested; the message says why, and what to do."""


@dataclass(frozen=True)
class Plan:
    """What a run is to do."""

    description: Description
    source: str
    """The file or URL of the description, as it was given."""
    laws: Sequence[Law]
    run_id: str
    seed: int = 1
    seconds: float = 45
    """How long it may take."""
    max_examples: int = 20
    """Examples of each operation in Schemathesis' phases."""
    walks: bool = True
    phases: Sequence[str] = run.ALL_PHASES
    """Schemathesis' phases."""
    read_only: bool = False
    keep: bool = False
    """Whether what was created stays."""
    includes: Callable[[Operation], bool] = lambda _: True
    sought: str = ""
    """A law or check: the run goes for it, and ends once it is found broken."""


def checked(
    plan: Plan, target: Target, progress: Callable[[str], None] = lambda _: None
) -> Outcome:
    """Test the target. Ends at Ctrl-C as well, with what was found until then.

    Raises Unusable, and NoAnswer where the target cannot be reached at all.
    """
    started, begun = datetime.now(UTC), time.monotonic()
    wanted = tuple(one for one in plan.description.operations if plan.includes(one))
    chosen = tuple(one for one in wanted if not _is_unreachable(one))
    if not chosen:
        told = " ".join(_told_of_unreachable(wanted))
        mend = told or "Look at --include and --exclude."
        raise Unusable(f"No operation is left to test. {mend}")
    api = Api(plan.description, chosen)
    seen = Seen()
    walks = Run(
        api,
        plan.laws if plan.walks else (),
        target,
        check.Options(plan.seed, begun + plan.seconds, plan.read_only, plan.sought),
        progress,
        seen.note,
    )
    errors: list[str] = []
    target.deadline.begin(begun + plan.seconds)
    try:
        _walk_and_fuzz(plan, target, walks, seen, errors, begun, progress)
    except OutOfTime:
        pass  # What was found until then is what there is to tell.
    except NoAnswer as error:
        if not seen.exchanges:
            raise
        errors.append(f"The run ended early: {error}")
    if not (plan.keep or target.is_mock):
        progress("removing what was created")
        _clean(walks, target.deadline, plan.seconds)
    interrupted = target.deadline.interrupted
    # A mock that has nothing is no door that stays shut.
    is_open = interrupted or target.is_mock
    login = [LOGIN] if login_of(plan.description) is not None else []
    keys = [*variables(plan.description), *login]
    nothing = "" if is_open else told_of_all(seen, target.url, chosen, keys)
    if nothing:
        raise Unusable(nothing)
    return Outcome(
        description=plan.description,
        source=plan.source,
        target=target.url,
        seed=plan.seed,
        run=plan.run_id,
        started=started,
        seconds=time.monotonic() - begun,
        # Who seeks one check wants to see it, whatever law says more of its cause.
        findings=walks.findings.ordered if plan.sought else folded(walks.findings.ordered),
        tested=walks.tested.chances,
        laws=plan.laws if plan.walks else (),
        reasons=walks.tested.reasons,
        coverage={one.name: seen.of(one.name).coverage for one in chosen},
        exchanges=seen.exchanges,
        remaining=[] if target.is_mock else [str(one) for one in walks.ledger.entries],
        notes=_once([*_told_of_unreachable(wanted), *told_of_some(seen, chosen, keys), *errors]),
        interrupted=interrupted,
        checks=run.SENTENCES if plan.phases else {},
    )


def _is_unreachable(operation: Operation) -> bool:
    """Whether no path of a URL is like its own: for a fragment or a query in it (RFC 3986)."""
    return "#" in operation.path or "?" in operation.path


def _told_of_unreachable(operations: Sequence[Operation]) -> list[str]:
    names = [one.name for one in operations if _is_unreachable(one)]
    if not names:
        return []
    told = "for the `#` or `?` in their paths, which the path of no request has"
    return [f"Not tested, {told}: {', '.join(names)}."]


def _clean(walks: Run, deadline: Deadline, seconds: float) -> None:
    """Remove what was created, as far as there is time: little where the run is interrupted."""
    if not deadline.interrupted:
        deadline.begin(time.monotonic() + max(_CLEANING, (1 - _ALL) * seconds))
        walks.clean()
    if deadline.interrupted:
        deadline.begin(time.monotonic() + _CLEANING)
        walks.clean()


def _walk_and_fuzz(
    plan: Plan,
    target: Target,
    walks: Run,
    seen: Seen,
    errors: list[str],
    begun: float,
    progress: Callable[[str], None],
) -> None:
    is_law = any(one.name == plan.sought for one in plan.laws)
    if plan.walks and (is_law or not plan.sought):
        walks.until = begun + _WALKS_FIRST * plan.seconds
        walks.reach()
        walks.rounds(0, 1)
    if plan.phases and not walks.found_what_was_sought:
        walks.until = begun + _ALL * plan.seconds
        _fuzz(plan, target, walks, seen, errors, begun, progress)
    if plan.walks and not target.deadline.over:
        walks.until = begun + _ALL * plan.seconds
        walks.rounds(0 if plan.sought and not is_law else 1, check.MOST_ROUNDS)


def _fuzz(
    plan: Plan,
    target: Target,
    walks: Run,
    seen: Seen,
    errors: list[str],
    begun: float,
    progress: Callable[[str], None],
) -> None:
    def wanted(key: str) -> bool:
        operation = walks.api.by_key.get(key)
        is_safe = operation is not None and operation.method in SAFE
        return operation is not None and (is_safe or not plan.read_only)

    def watch(exchange: Exchange) -> None:
        seen.note(exchange)
        walks.ledger.note(exchange)
        walks.findings.taken.note(exchange)

    share = _PHASES if plan.walks and not plan.sought else _ALL
    options = run.Options(
        headers=target.headers(plan.description.operations),
        phases=plan.phases,
        max_examples=plan.max_examples,
        seed=plan.seed,
        until=begun + share * plan.seconds,
        deadline=target.deadline,
        include=wanted,
        sought=plan.sought,
    )
    fuzzed = run.run(
        walks.api, target, options, lambda name: progress(f"Schemathesis: {name}"), watch
    )
    _add(plan, fuzzed.findings, walks)
    errors += fuzzed.errors


def _add(plan: Plan, found: Sequence[Finding], walks: Run) -> None:
    """Keep what the phases found; of a failure, the one value that it comes of, if there is one."""
    explained: Counter[str] = Counter()
    for finding in found:
        if finding.name != run.NO_FAILURE or plan.sought == run.NO_FAILURE:
            walks.findings.add(finding)
        elif explained[finding.subject] < _EXPLAINED:
            explained[finding.subject] += 1
            if not walks.explain_request(finding.operations[0], finding.history[-1].request):
                walks.findings.add(finding)


def _once(texts: Iterable[str]) -> list[str]:
    return [" ".join(text.split())[:300] for text in dict.fromkeys(texts)]
