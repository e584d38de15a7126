"""Schemathesis' phases against a target: examples, coverage, fuzzing, stateful, and its checks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder

from openapi.description import Description, read

_ACCEPTED = ("2xx", "3xx", "401", "403", "404", "409", "429", "5xx")
"""Statuses that Schemathesis lets valid data have; `x-refuses` adds to them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that did not hold, with the request that shows it."""

    check: str
    operation: str
    title: str
    message: str
    reproduce: str
    """A curl command."""

    def __str__(self) -> str:
        return f"{self.operation}: {self.title}\n{self.message}\n{self.reproduce}"


@dataclass(slots=True)
class Outcome:
    """What a run has seen."""

    findings: list[Finding] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """What kept Schemathesis from testing something."""
    reached: dict[str, set[int]] = field(default_factory=dict)
    """Statuses by operation."""
    exchanges: int = 0


def run(
    path: Path,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    max_examples: int = 25,
    seed: int = 1,
) -> Outcome:
    """Test the target at `url` against the description in a file, in all phases, with all checks.

    The same seed sends the same requests to a fresh target. Raises UnusableDescription.
    """
    description = read(path)
    config = SchemathesisConfig.from_dict(
        _configuration(description, url, headers or {}, max_examples, seed)
    )
    schema = schemathesis.openapi.from_path(str(path), config=config)
    names = {
        f"{operation.method} {operation.path}": operation.name
        for operation in description.operations
    }
    outcome = Outcome(reached={operation.name: set() for operation in description.operations})
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished | events.FuzzScenarioFinished):
            _note(event.recorder, names, outcome)
        elif isinstance(event, events.NonFatalError):
            outcome.errors.append(f"{event.label}: {event.value}")
        elif isinstance(event, events.FatalError):
            outcome.errors.append(str(event.exception))
    return outcome


def _configuration(
    description: Description, url: str, headers: Mapping[str, str], max_examples: int, seed: int
) -> dict[str, Any]:
    return {
        "seed": seed,
        "base-url": url,
        "headers": dict(headers),
        "max-redirects": 0,  # a link may lead anywhere; only where it leads is tested
        "continue-on-failure": True,
        "request-timeout": 10,
        "generation": {"max-examples": max_examples, "database": "none"},
        "operations": [
            {
                # Two filters of one entry are alternatives; the name holds method and path.
                "include-name": f"{operation.method} {operation.path}",
                "checks": {
                    "positive_data_acceptance": {
                        "expected-statuses": [*_ACCEPTED, *map(str, operation.refuses)]
                    }
                },
            }
            for operation in description.operations
            if operation.refuses
        ],
    }


def _note(recorder: ScenarioRecorder, names: Mapping[str, str], outcome: Outcome) -> None:
    for case_id, node in recorder.cases.items():
        case = node.value
        label = f"{case.operation.method.upper()} {case.operation.path}"
        operation = names.get(label, label)
        interaction = recorder.interactions.get(case_id)
        if interaction is not None and interaction.response is not None:
            outcome.exchanges += 1
            outcome.reached.setdefault(operation, set()).add(interaction.response.status_code)
        outcome.findings.extend(_findings(recorder, case_id, operation))


def _findings(recorder: ScenarioRecorder, case_id: str, operation: str) -> Iterator[Finding]:
    for check in recorder.checks.get(case_id, ()):
        if check.status is Status.FAILURE and check.failure_info is not None:
            failure = check.failure_info.failure
            yield Finding(
                check=check.name,
                operation=operation,
                title=failure.title,
                message=failure.message,
                reproduce=check.failure_info.code_sample,
            )
