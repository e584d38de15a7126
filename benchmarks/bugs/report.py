"""What a tool found, read from its report: JSON with `findings`, or JUnit XML."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

Named = Callable[[str], str | None]
"""The operationId of an operationId, a `METHOD /path` or a `METHOD URL`; None: of nothing."""

_SAID = ("law", "check", "name", "sentence", "title", "message", "problem")
"""The members of a finding that say what is wrong."""


@dataclass(frozen=True)
class Finding:
    """One finding, as far as it matters here."""

    operations: frozenset[str]
    """OperationIds."""
    said: str
    """The law or check with its message, in lower case."""
    whole: str
    """All of it, with the requests and answers."""


def findings_of(report: Path, named: Named) -> list[Finding]:
    """The findings of a report. Raises OSError, or ValueError where it cannot be read."""
    text = report.read_text()
    return _of_junit(text, named) if text.lstrip().startswith("<") else _of_json(text, named)


def _of_json(text: str, named: Named) -> list[Finding]:
    """Findings that have some of: law, check, name, message, problem; and operations."""
    return [_finding(told, named) for told in json.loads(text)["findings"]]


def _finding(told: dict[str, Any], named: Named) -> Finding:
    operations = told.get("operations") or [told.get("operation", "")]
    said = " ".join(str(told[key]) for key in _SAID if key in told).replace("_", " ")
    return Finding(_known(operations, named), said.lower(), json.dumps(told))


def _of_junit(text: str, named: Named) -> list[Finding]:
    """A test case is of an operation, or else the last request of its failure tells it."""
    try:
        root = ET.fromstring(text)  # noqa: S314 - from a tool that was started here
    except ET.ParseError as error:
        raise ValueError(f"The report is no XML: {error}") from error
    found = []
    for case in root.iter("testcase"):
        for failure in case.iter("failure"):
            told = failure.text or ""
            requests = re.findall(r"curl -X (\w+) .*?(https?://[^\s']+)", told)
            last = " ".join(requests[-1]) if requests else ""
            label = case.get("name", "")
            operations = _known([label if named(label) else last], named)
            said = re.split(r"^\[\d{3}\]", told, maxsplit=1, flags=re.MULTILINE)[0]
            found.append(Finding(operations, said.lower(), told))
    return found


def _known(operations: list[str], named: Named) -> frozenset[str]:
    return frozenset(id for id in map(named, operations) if id is not None)
