"""Annotations of GitHub Actions."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given, settings

from contracts.outcome import Outcome
from contracts.report import github
from tests.contracts.report.outcomes import LOST, OUTCOMES, ROOT, broken, outcome


def test_it_is_wanted_there_only() -> None:
    """The variable that GitHub sets decides."""
    assert github.wanted({"GITHUB_ACTIONS": "true"})
    assert not github.wanted({"GITHUB_ACTIONS": "false"})
    assert not github.wanted({})


def test_findings_become_annotations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults are errors at their line, unclear ones warnings, gaps and untested laws notices."""
    monkeypatch.chdir(ROOT)
    lines = github.written(broken()).splitlines()
    assert lines[0] == (
        "::error file=tests/examples/shop.yaml,line=37,title=broken%3A created_can_be_read::"
        "What was created is not found: 404 after 201.%0A"
        "What was created can be read back, under the key that it was given.%0AAt readOrder."
    )
    assert [line.split()[0] for line in lines] == [
        "::error",
        "::error",
        "::warning",
        "::notice",
        "::notice",
    ]
    assert "totals_agree: No list shows a total." in lines[-1]


def test_known_findings_are_not_annotated() -> None:
    """What the baseline lets pass is no error."""
    assert "::error" not in github.written(outcome(LOST, known={LOST.fingerprint: ""}))


@settings(max_examples=25, deadline=None)
@given(OUTCOMES)
def test_nothing_becomes_another_command(whole: Outcome) -> None:
    """Each line is one annotation, whatever its texts hold."""
    lines = github.written(whole).splitlines()
    told = [*whole.broken, *whole.unclear, *whole.gaps]
    assert len(lines) == len(told) + bool(whole.untested)
    for line, finding in zip(lines, told, strict=False):
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        assert match, line
        properties = dict(one.split("=", 1) for one in match[2].split(","))
        assert set(properties) <= {"file", "line", "title"}
        if finding.name.isprintable():
            assert unquote(properties["title"]).endswith(finding.name)
