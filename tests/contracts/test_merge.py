"""Reports of shards become one."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.merge import merged, read_report
from contracts.outcome import Coverage, Outcome
from contracts.recorded import Unreadable
from contracts.report import json_report
from openapi.loading import UnusableDescription
from tests.contracts.report.outcomes import CRASH, GAP, LOST, ROOT, SHOP, broken, outcome


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports name the description from the root of the checkout on."""
    monkeypatch.chdir(ROOT)


def written(folder: Path, whole: Outcome) -> Path:
    """A file with the report."""
    path = folder / "report.json"
    path.write_text(json_report.written(whole))
    return path


@pytest.mark.parametrize("whole", [outcome(), broken(known={CRASH.fingerprint: "Ticket"})])
def test_a_report_is_read_as_it_was_written(whole: Outcome, tmp_path: Path) -> None:
    """Read and written again, a report is the same to the letter."""
    path = written(tmp_path, whole)
    assert json_report.written(merged([read_report(path)])) == path.read_text()


def test_shards_add_up() -> None:
    """Laws, exchanges and coverage add up; a cause that two have seen is one finding."""
    elsewhere = replace(LOST, operations=("cancelOrder",))
    one = outcome(LOST, GAP, tested={"created_can_be_read": 2}, remaining=["orders/1"])
    other = outcome(
        elsewhere,
        CRASH,
        tested={"totals_agree": 3},
        reasons={},
        coverage={"listOrders": Coverage(frozenset({400}), frozenset({("query", "a")}), 2)},
        run="other",
        started=one.started + timedelta(seconds=10),
        remaining=["orders/1", "orders/2"],
    )
    both = merged([other, one])
    assert [(found.name, found.operations) for found in both.findings] == [
        (LOST.name, ("cancelOrder", "readOrder")),
        (CRASH.name, CRASH.operations),
        (GAP.name, GAP.operations),
    ]
    assert (both.exchanges, both.seconds, both.started) == (50, 22.5, one.started)
    assert both.run == "other, 5eed1234"
    assert both.coverage["listOrders"].statuses == {200, 400, 401, 500}
    assert both.coverage["listOrders"].exchanges == 11
    assert both.remaining == ["orders/1", "orders/2"]
    assert both.untested == ["deleted_is_gone", "pages_do_not_overlap"]
    assert both.kept == ["totals_agree"]


def test_what_another_shard_still_sees_is_not_fixed() -> None:
    """A finding that the baseline misses in one shard, and that shows in another, is there."""
    one = outcome(fixed={LOST.fingerprint: "it was", "0123456789ab": "another"})
    assert merged([one, outcome(LOST)]).fixed == {"0123456789ab": "another"}
    assert merged([outcome(), outcome(LOST)]).broken


def _without_findings(held: dict[str, Any]) -> None:
    del held["findings"]


def _with_odd_finding(held: dict[str, Any]) -> None:
    held["findings"][0]["kind"] = "odd"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (lambda held: held.update(version=2), "/version"),
        (_without_findings, ""),
        (_with_odd_finding, "/findings/0"),
        (lambda held: held.update(started="yesterday"), ""),
        (lambda held: held.update(laws=7), ""),
    ],
)
def test_what_is_no_report_is_refused(
    change: Callable[[dict[str, Any]], None], pointer: str, tmp_path: Path
) -> None:
    """The file, the place in it and the mend are named."""
    path = written(tmp_path, broken())
    held = json.loads(path.read_text())
    change(held)
    path.write_text(json.dumps(held))
    with pytest.raises(
        Unreadable, match=f"^{path}: {pointer or '/'}: It .*understudy|check"
    ) as told:
        read_report(path)
    assert told.value.pointer == pointer


@pytest.mark.parametrize("text", ["", "{", "[]", "\xff", '{"version": 1'])
def test_what_is_no_json_is_refused(text: str, tmp_path: Path) -> None:
    """So is a file that holds anything else."""
    path = tmp_path / "report.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(Unreadable, match=str(path)):
        read_report(path)
    with pytest.raises(Unreadable, match="cannot be read"):
        read_report(tmp_path)


def test_a_description_that_is_gone_is_named(tmp_path: Path) -> None:
    """A merge needs the description, for what its operations could have answered."""
    with pytest.raises(UnusableDescription, match=r"gone\.yaml"):
        read_report(written(tmp_path, outcome(source="gone.yaml")))
    assert read_report(written(tmp_path, outcome(source=SHOP))).source == SHOP
