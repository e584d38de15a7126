"""Findings as files: written, read, and run as tests."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from contracts.finding_file import file_name, pytest_file, pytest_name, read, written
from contracts.findings import Finding
from contracts.recorded import Unreadable
from tests.contracts.report.outcomes import CRASH, FINDINGS, LOST, SHOP, TARGET, outcome


@settings(max_examples=25, deadline=None)
@given(finding=FINDINGS)
def test_what_is_written_can_be_read(
    finding: Finding, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A finding comes back from its file as it was, whatever its texts and bytes are."""
    path = tmp_path_factory.getbasetemp() / file_name(finding)
    path.write_text(written(outcome(), finding), encoding="ascii")
    held = read(path)
    assert held.finding == finding
    assert (held.source, held.target, held.seed, held.run) == (SHOP, TARGET, 1, "5eed1234")


def test_the_file_tells_people_too() -> None:
    """Whoever opens it finds problem, likely reason, and lines to run it by hand."""
    held = json.loads(written(outcome(LOST), LOST))
    assert held["version"] == 1
    assert held["problem"] == LOST.problem
    assert held["likely"].startswith("The create answers before")
    assert held["curl"][1].startswith("curl http://127.0.0.1:8000/v1/orders/7 ")
    assert held["fingerprint"] == LOST.fingerprint


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 2}, "/version: It is no finding of version 1."),
        ({"walk": {"steps": 7}}, "/: It holds no finding:"),
        ({"history": [{}]}, "/: It holds no finding:"),
        ({"kind": "odd"}, "/: It holds no finding:"),
    ],
)
def test_what_is_no_finding_is_refused(
    change: dict[str, object], told: str, tmp_path: Path
) -> None:
    """The file and the place in it are named."""
    path = tmp_path / "finding.json"
    path.write_text(json.dumps(json.loads(written(outcome(), LOST)) | change))
    with pytest.raises(Unreadable) as refused:
        read(path)
    assert str(refused.value).startswith(f"{path}: {told}")


STAND_IN = """\
import json, sys
print("called with", json.dumps(sys.argv[1:]))
sys.exit(1)
"""


def test_the_test_of_a_finding_replays_it(tmp_path: Path) -> None:
    """It calls replay with the finding's file, and is red with what replay printed.

    In the place of Understudy stands a module that tells its arguments: what the test is made for
    is the command line.
    """
    hostile = replace(CRASH, problem='"""\\ {x} \u202e \ud800 \x00', name="a-b.c d")
    (tmp_path / "understudy.py").write_text(STAND_IN)
    (tmp_path / pytest_name(hostile)).write_text(pytest_file(hostile), encoding="ascii")
    replays = {
        "UNDERSTUDY_URL": "http://[::1]:1",
        "PYTHONPATH": str(tmp_path),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        env=os.environ | replays,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    called = ["replay", str(tmp_path / file_name(hostile)), "--url", "http://[::1]:1"]
    assert run.returncode == 1
    assert f"called with {json.dumps(called)}" in run.stdout


@settings(max_examples=25, deadline=None)
@given(FINDINGS)
def test_the_test_of_any_finding_can_be_compiled(finding: Finding) -> None:
    """No text breaks out of the test."""
    compile(pytest_file(finding), pytest_name(finding), "exec")
