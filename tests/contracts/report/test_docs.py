"""The examples of docs/reports.md are what the writers write."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from contracts import baseline, finding_file
from contracts.baseline import Baseline
from contracts.redaction import redacted
from contracts.redactor import Redactor
from contracts.report import WRITERS, github, terminal
from tests.contracts.report.outcomes import ROOT, broken, shop

DOCS = (ROOT / "docs/reports.md").read_text(encoding="utf-8")


def examples() -> dict[str, list[str]]:
    """The fenced blocks by their heading."""
    found = {}
    for section in re.split(r"^## ", DOCS, flags=re.MULTILINE)[1:]:
        blocks = re.findall(r"^```\w+\n(.*?)^```", section, flags=re.DOTALL | re.MULTILINE)
        found[section.partition("\n")[0]] = blocks
    return found


def written() -> Iterator[tuple[str, list[str]]]:
    """What is written of the run that the page tells of, by heading."""
    whole = redacted(broken(), Redactor(shop()))
    lost = whole.findings[0]
    (entry, *_) = baseline.updated(Baseline(), whole).entries
    note = "Ticket 12: written behind a queue."
    entry = replace(entry, note=note, until=date(2026, 12, 31))
    yield "On the terminal", [terminal.written(whole, terminal.Look(100, folder=".understudy"))]
    yield "JUnit XML", [WRITERS["junit"](whole)]
    yield "JSON", [WRITERS["json"](whole)]
    yield "SARIF", [WRITERS["sarif"](whole)]
    yield "GitHub annotations", [github.written(whole)]
    yield (
        "Findings as files and as tests",
        [finding_file.written(whole, lost), finding_file.pytest_file(lost)],
    )
    yield "A baseline", [baseline.written(Baseline((entry,)))]


def test_every_example_is_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """To the letter, but for what `…` stands for."""
    monkeypatch.chdir(ROOT)
    shown = examples()
    for heading, texts in written():
        assert len(shown[heading]) == len(texts)
        for example, text in zip(shown[heading], texts, strict=True):
            pieces = re.split(r"^…\n", example, flags=re.MULTILINE)
            pattern = ".*?".join(map(re.escape, pieces))
            assert re.search(pattern, text, flags=re.DOTALL), (heading, text)


def test_no_example_goes_untested() -> None:
    """Every heading with an example is among those that are compared."""
    assert {heading for heading, blocks in examples().items() if blocks} == {
        heading for heading, _ in written()
    }


def test_the_baseline_of_the_page_can_be_read() -> None:
    """The example is a baseline, and not only something like it."""
    (example,) = examples()["A baseline"]
    assert json.loads(example)["version"] == baseline.VERSION
