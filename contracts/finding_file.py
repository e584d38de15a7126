"""A finding as a file: written by `check`, played again by `understudy replay`, and as a test."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.findings import Finding, Kind
from contracts.outcome import Outcome
from contracts.recorded import Unreadable, finding_from_json, finding_to_json, read_json
from contracts.report.telling import by_hand

VERSION = 1


@dataclass(frozen=True)
class FindingFile:
    """What a finding file holds."""

    finding: Finding
    source: str
    """The file or URL of the description, or the name of a built-in API."""
    target: str
    """The URL that was tested."""
    seed: int
    run: str


def file_name(finding: Finding) -> str:
    """The file of a finding: the same from run to run."""
    return f"finding-{finding.fingerprint}.json"


def written(outcome: Outcome, finding: Finding) -> str:
    """The file of a finding of an outcome without secrets."""
    return _dumped(
        {
            "version": VERSION,
            "description": outcome.source,
            "target": outcome.target,
            "seed": outcome.seed,
            "run": outcome.run,
            **finding_to_json(finding),
            "likely": outcome.likely(finding),
            "curl": by_hand(outcome, finding),
        }
    )


def read(path: Path) -> FindingFile:
    """The finding in a file. Raises Unreadable, which names the file, the place and the mend."""
    held = read_json(path)
    if held.get("version") != VERSION:
        problem = f"It is no finding of version {VERSION}. `understudy check` writes such files."
        raise Unreadable(path, "/version", problem)
    return FindingFile(
        finding=finding_from_json(path, "", held),
        source=str(held.get("description", "")),
        target=str(held.get("target", "")),
        seed=_number(held, "seed"),
        run=str(held.get("run", "")),
    )


def pytest_file(finding: Finding) -> str:
    """A test that is green once the finding is fixed; it stands beside the finding's file.

    It starts `understudy replay` as a process: whoever runs it needs Understudy installed, and no
    fixture.
    """
    return _PYTEST.format(
        docstring=ascii(_docstring(finding)),
        name=f"{_word(finding.name)}_{finding.fingerprint}",
        file=ascii(file_name(finding)),
    )


def pytest_name(finding: Finding) -> str:
    """The name of a finding's test file."""
    return f"test_finding_{finding.fingerprint}.py"


_PYTEST = """\
import os
import subprocess
import sys
from pathlib import Path

FINDING = Path(__file__).with_name({file})


def test_{name}():
    {docstring}
    command = [sys.executable, "-m", "understudy", "replay", str(FINDING)]
    if "UNDERSTUDY_URL" in os.environ:
        command += ["--url", os.environ["UNDERSTUDY_URL"]]
    replayed = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
"""


def _docstring(finding: Finding) -> str:
    kind = "" if finding.kind is Kind.FAULT else f" ({finding.kind})"
    return f"{finding.sentence} {finding.problem}{kind}"


def _word(name: str) -> str:
    return "".join(one if one.isascii() and one.isalnum() else "_" for one in name).lower()


def _number(held: Mapping[str, Any], name: str) -> int:
    value = held.get(name)
    return value if isinstance(value, int) else 0


def _dumped(value: Any) -> str:
    """JSON in ASCII: walks may hold halves of characters, which UTF-8 cannot."""
    return json.dumps(value, indent=2) + "\n"
