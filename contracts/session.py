"""A whole run from beginning to end: walks, Schemathesis' phases, cleaning up, and the outcome."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from contracts import check, run
from contracts.api import Api
from contracts.causes import folded
from contracts.check import Run, Stand
from contracts.exchange import NoAnswer
from contracts.findings import Finding
from contracts.history import Exchange
from contracts.law import Law
from contracts.outcome import Coverage, Outcome
from openapi.description import Description, Operation

_WALKS_FIRST, _PHASES, _ALL = 0.35, 0.7, 0.93
"""Shares of the time that are over when the first round, Schemathesis' phases, and all walks end.

The first round comes before fuzzing: what that leaves behind on a target would hide from walks what
they look for. The rest of the time is for removing what was created.
"""
_EXPLAINED = 4
"""So many failures of one operation are looked into."""
_NOWHERE = {0, 404}


class Target(check.Target, Protocol):
    """What a run is pointed at."""

    @property
    def url(self) -> str:
        """Its base URL, without a slash at the end."""

    @property
    def app(self) -> Any:
        """An application to call in process; None: it is reached by its URL."""

    @property
    def is_mock(self) -> bool:
        """Whether it is given up with all that is created there."""

    def headers(self, operations: tuple[Operation, ...]) -> Mapping[str, str]:
        """What Schemathesis sends with every request: credentials, and what names the run."""

    def stand(self) -> AbstractContextManager[Stand]:
        """The stand of one walk."""


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
    rate_limit: str | None = None
    sought: str = ""
    """A law or check: the run goes for it, and ends once it is found broken."""


@dataclass
class _Seen:
    coverage: dict[str, tuple[set[int], set[tuple[str, str]], list[int]]] = field(
        default_factory=dict
    )

    def note(self, exchange: Exchange) -> None:
        """Take an exchange of a walk into account."""
        statuses, parameters, count = self.of(exchange.operation.name)
        statuses.add(exchange.status)
        parameters.update(exchange.values)
        count[0] += 1

    def of(self, name: str) -> tuple[set[int], set[tuple[str, str]], list[int]]:
        """What was seen of one operation."""
        return self.coverage.setdefault(name, (set(), set(), [0]))


def checked(
    plan: Plan, target: Target, progress: Callable[[str], None] = lambda _: None
) -> Outcome:
    """Test the target. Ends at Ctrl-C as well, with what was found until then.

    Raises Unusable, and NoAnswer where the target cannot be reached at all.
    """
    started, begun = datetime.now(UTC), time.monotonic()
    chosen = tuple(one for one in plan.description.operations if plan.includes(one))
    if not chosen:
        raise Unusable("No operation is left to test. Look at --include and --exclude.")
    api = Api(plan.description, chosen)
    seen = _Seen()
    walks = Run(
        api,
        plan.laws if plan.walks else (),
        target,
        check.Options(plan.seed, begun + plan.seconds, plan.read_only, plan.sought),
        progress,
        seen.note,
    )
    errors: list[str] = []
    interrupted = False
    try:
        _walk_and_fuzz(plan, target, walks, seen, errors, begun, progress)
    except KeyboardInterrupt:
        interrupted = True
    except NoAnswer as error:
        if not walks.exchanges:
            raise
        errors.append(f"The run ended early: {error}")
    if not (plan.keep or target.is_mock or interrupted):
        progress("removing what was created")
        walks.clean()
    if not interrupted:
        _demand_answers(seen, target)
    return Outcome(
        description=plan.description,
        source=plan.source,
        target=target.url,
        seed=plan.seed,
        run=plan.run_id,
        started=started,
        seconds=time.monotonic() - begun,
        findings=folded(walks.findings.ordered),
        tested=walks.tested.chances,
        laws=plan.laws if plan.walks else (),
        reasons=walks.tested.reasons,
        coverage={
            one.name: Coverage(frozenset(statuses), frozenset(parameters), count[0])
            for one in chosen
            for statuses, parameters, count in [seen.of(one.name)]
        },
        exchanges=sum(count[0] for _, _, count in seen.coverage.values()),
        remaining=[] if target.is_mock else [str(one) for one in walks.ledger.entries],
        notes=_once(errors),
        interrupted=interrupted,
        checks=run.SENTENCES if plan.phases else {},
    )


def _walk_and_fuzz(
    plan: Plan,
    target: Target,
    walks: Run,
    seen: _Seen,
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
    if plan.walks:
        walks.until = begun + _ALL * plan.seconds
        walks.rounds(0 if plan.sought and not is_law else 1, check.MOST_ROUNDS)


def _fuzz(
    plan: Plan,
    target: Target,
    walks: Run,
    seen: _Seen,
    errors: list[str],
    begun: float,
    progress: Callable[[str], None],
) -> None:
    def wanted(operation: Operation) -> bool:
        is_safe = operation.method in {"GET", "HEAD", "OPTIONS"}
        return plan.includes(operation) and (is_safe or not plan.read_only)

    by_key = {operation.key: operation for operation in plan.description.operations}
    share = _PHASES if plan.walks and not plan.sought else _ALL
    options = run.Options(
        headers=target.headers(plan.description.operations),
        phases=plan.phases,
        max_examples=plan.max_examples,
        seed=plan.seed,
        until=begun + share * plan.seconds,
        include=lambda key: wanted(by_key[key]),
        app=target.app,
        rate_limit=plan.rate_limit,
        sought=plan.sought,
    )
    fuzzed = run.run(
        plan.description, target.url, options, lambda name: progress(f"Schemathesis: {name}")
    )
    _add(fuzzed.findings, walks)
    errors += fuzzed.errors
    for name, statuses in fuzzed.reached.items():
        seen.of(name)[0].update(statuses)
    # How they spread over the operations is not told by Schemathesis.
    seen.of("")[2][0] += fuzzed.exchanges


def _add(found: Sequence[Finding], walks: Run) -> None:
    """Keep what the phases found; of a failure, the one value that it comes of, if there is one."""
    explained: Counter[str] = Counter()
    for finding in found:
        if finding.name != run.NO_FAILURE:
            walks.findings.add(finding)
        elif explained[finding.subject] < _EXPLAINED:
            explained[finding.subject] += 1
            if not walks.explain_request(finding.operations[0], finding.history[-1].request):
                walks.findings.add(finding)


def _demand_answers(seen: _Seen, target: Target) -> None:
    """Raise Unusable where the run met nothing but refusals that say: there is no such place."""
    statuses = set().union(*(statuses for statuses, _, _ in seen.coverage.values()))
    if statuses <= _NOWHERE:
        what = "answered" if 0 in statuses or not statuses else "answered with anything but 404"
        raise Unusable(
            f"Nothing at {target.url} was {what}. --url stands in the place of the description's "
            "first server URL: does it need that one's path, such as /v1, at its end?"
        )


def _once(texts: Iterable[str]) -> list[str]:
    return [" ".join(text.split())[:300] for text in dict.fromkeys(texts)]
