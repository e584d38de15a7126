"""Reports of several runs, such as the shards of one, become one outcome."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from contracts.branches import Branch
from contracts.findings import Finding, Findings
from contracts.law import Law, all_laws
from contracts.outcome import Coverage, Outcome
from contracts.recorded import Unreadable, finding_from_json, read_json
from contracts.report.json_report import VERSION
from openapi.description import read
from openapi.loading import find


def read_report(path: Path) -> Outcome:
    """The outcome that a JSON report tells, with the description read anew.

    Raises Unreadable, and UnusableDescription where the description is not there any more.
    """
    held = read_json(path)
    if held.get("version") != VERSION:
        problem = f"It is no report of version {VERSION}. `check --report json=FILE` writes one."
        raise Unreadable(path, "/version", problem)
    try:
        return _outcome(path, held)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        problem = f"It is no whole report: {error!r}. Take it as `understudy check` wrote it."
        raise Unreadable(path, "", problem) from error


def merged(outcomes: Sequence[Outcome]) -> Outcome:
    """One outcome of several of the same description, at least one."""
    first = min(outcomes, key=lambda one: one.started)
    findings = Findings()
    for finding in (finding for one in outcomes for finding in one.findings):
        findings.add(finding)
    found = {one.fingerprint for one in findings}
    ended = max(one.started + timedelta(seconds=one.seconds) for one in outcomes)
    laws = {law.name: law for one in outcomes for law in one.laws}
    return replace(
        first,
        run=", ".join(dict.fromkeys(one.run for one in outcomes)),
        seconds=(ended - first.started).total_seconds(),
        findings=findings.ordered,
        tested={name: sum(one.tested.get(name, 0) for one in outcomes) for name in laws},
        laws=[laws[name] for name in sorted(laws)],
        reasons={name: why for one in outcomes for name, why in one.reasons.items()},
        coverage=_covered(outcomes),
        exchanges=sum(one.exchanges for one in outcomes),
        remaining=_once(text for one in outcomes for text in one.remaining),
        notes=_once(text for one in outcomes for text in one.notes),
        interrupted=any(one.interrupted for one in outcomes),
        checks={name: told for one in outcomes for name, told in one.checks.items()},
        known={key: note for one in outcomes for key, note in one.known.items()},
        # What one shard no longer sees may still show in another.
        fixed={
            key: told for one in outcomes for key, told in one.fixed.items() if key not in found
        },
    )


def _outcome(path: Path, held: Mapping[str, Any]) -> Outcome:
    source = held["description"]["source"]
    laws = {law.name: law for law in all_laws()}
    findings = held["findings"]
    return Outcome(
        description=read(find(source)),
        source=source,
        target=held["target"],
        seed=held["seed"],
        run=held["run"],
        started=datetime.fromisoformat(held["started"]),
        seconds=held["seconds"],
        findings=list(_findings(path, findings)),
        tested={law["name"]: law["chances"] for law in held["laws"]},
        laws=[_law(law, laws) for law in held["laws"]],
        reasons={law["name"]: law["reason"] for law in held["laws"] if law["reason"]},
        coverage={
            name: Coverage(
                frozenset(one["statuses"]),
                frozenset((each["in"], each["name"]) for each in one["parameters"]),
                one["exchanges"],
                {
                    Branch(each["of"], each["at"], each["is"]): each["seen"]
                    for each in one.get("branches", ())
                },
            )
            for name, one in held["coverage"].items()
        },
        exchanges=held["exchanges"],
        remaining=held["remaining"],
        notes=held["notes"],
        interrupted=held["interrupted"],
        checks={one["name"]: one["sentence"] for one in held["checks"]},
        known={one["fingerprint"]: one["note"] for one in findings if one["known"]},
        fixed={one["fingerprint"]: one["told"] for one in held["fixed"]},
    )


def _findings(path: Path, held: Sequence[Any]) -> Iterator[Finding]:
    for number, one in enumerate(held):
        yield finding_from_json(path, f"/findings/{number}", one)


def _law(held: Mapping[str, Any], laws: Mapping[str, Law]) -> Law:
    """The law of that name as the report tells it: another version may have written it."""
    known = laws.get(held["name"])
    likely = known.likely if known is not None else ""
    return Law(held["name"], held["sentence"], lambda _: iter(()), likely=likely)


def _covered(outcomes: Sequence[Outcome]) -> dict[str, Coverage]:
    together: dict[str, Coverage] = {}
    for name, one in (pair for outcome in outcomes for pair in outcome.coverage.items()):
        known = together.get(name, Coverage())
        together[name] = Coverage(
            known.statuses | one.statuses,
            known.parameters | one.parameters,
            known.exchanges + one.exchanges,
            {
                branch: known.branches.get(branch, False) or one.branches.get(branch, False)
                for branch in {**known.branches, **one.branches}
            },
        )
    return together


def _once(texts: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(texts))
