"""The report for programs: JSON, as `report.schema.json` beside this file describes it."""

import json
from datetime import UTC
from importlib.metadata import version
from typing import Any

from contracts.findings import Finding
from contracts.outcome import Coverage, Outcome
from contracts.recorded import finding_to_json
from contracts.report.telling import by_hand, reason

VERSION = 1
"""Grows when what a reader relies on changes its meaning or goes; new members may come before."""


def written(outcome: Outcome) -> str:
    """The report, as JSON in ASCII."""
    return json.dumps(report(outcome), indent=2) + "\n"


def report(outcome: Outcome) -> dict[str, Any]:
    """The report, as a JSON value."""
    return {
        "version": VERSION,
        "understudy": version("understudy"),
        "description": {
            "name": outcome.description.name,
            "title": outcome.description.title,
            "source": outcome.source,
        },
        "target": outcome.target,
        "seed": outcome.seed,
        "run": outcome.run,
        "started": outcome.started.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "seconds": round(outcome.seconds, 3),
        "exchanges": outcome.exchanges,
        "verdict": "broken" if outcome.broken else "kept",
        "interrupted": outcome.interrupted,
        "laws": [
            {
                "name": law.name,
                "sentence": law.sentence,
                "result": result_of(outcome, law.name),
                "chances": outcome.tested.get(law.name, 0),
                "reason": reason(outcome, law.name) if law.name in outcome.untested else "",
            }
            for law in outcome.laws
        ],
        "checks": [
            {"name": name, "sentence": sentence} for name, sentence in outcome.checks.items()
        ],
        "findings": [_finding(outcome, one) for one in outcome.findings],
        "fixed": [
            {"fingerprint": fingerprint, "told": told}
            for fingerprint, told in outcome.fixed.items()
        ],
        "coverage": {name: _coverage(one) for name, one in outcome.coverage.items()},
        "remaining": list(outcome.remaining),
        "notes": list(outcome.notes),
    }


def result_of(outcome: Outcome, law: str) -> str:
    """What became of a law: `kept`, `broken`, `known`, `unclear` or `untested`."""
    own = outcome.of(law, is_law=True)
    if own.broken:
        return "broken"
    if own.passed:
        return "known"
    if own.unclear:
        return "unclear"
    return "untested" if law in outcome.untested else "kept"


def _finding(outcome: Outcome, finding: Finding) -> dict[str, Any]:
    known = finding.fingerprint in outcome.known
    return {
        **finding_to_json(finding),
        "known": known,
        "note": outcome.known.get(finding.fingerprint, ""),
        "likely": outcome.likely(finding),
        "curl": by_hand(outcome, finding),
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "exchanges": coverage.exchanges,
        "statuses": sorted(coverage.statuses),
        "parameters": [{"in": place, "name": name} for place, name in sorted(coverage.parameters)],
        "branches": [
            {"of": one.side, "at": one.at, "is": one.is_, "seen": seen}
            for one, seen in coverage.branches.items()
        ],
    }
