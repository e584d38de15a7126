"""Annotations of GitHub Actions: lines on standard output that it shows beside the code.

The form is that of its workflow commands (`::error file=…,line=…::message`).
"""

from collections.abc import Mapping

from contracts.findings import Kind
from contracts.outcome import Outcome
from contracts.report.places import places
from contracts.report.telling import LABELS, reason, shown, where

_LEVELS = {Kind.FAULT: "error", Kind.UNCLEAR: "warning", Kind.GAP: "notice"}


def wanted(environment: Mapping[str, str]) -> bool:
    """Whether it runs there."""
    return environment.get("GITHUB_ACTIONS") == "true"


def written(outcome: Outcome) -> str:
    """One line a finding that is not known, and one for what was not tested."""
    lines = []
    for finding in (*outcome.broken, *outcome.unclear, *outcome.gaps):
        place = next(places(outcome, finding), None)
        properties = {"title": f"{LABELS[finding.kind]}: {finding.name}"}
        if place is not None and place.line:
            properties = {"file": place.file, "line": str(place.line), **properties}
        message = f"{finding.problem}\n{finding.sentence}\nAt {where(finding)}."
        lines.append(_line(_LEVELS[finding.kind], properties, message))
    if outcome.untested:
        told = "\n".join(f"{law}: {reason(outcome, law)}" for law in outcome.untested)
        lines.append(_line("notice", {"title": "Laws that were not tested"}, told))
    return "".join(f"{line}\n" for line in lines)


def _line(level: str, properties: Mapping[str, str], message: str) -> str:
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {told}::{_escaped(message)}"


def _escaped(text: str) -> str:
    plain = shown(text, "\n")
    return plain.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
