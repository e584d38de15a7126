"""Baselines: what is known passes, what is new breaks, what is fixed is told."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.baseline import Baseline, Entry, judged, read, updated, written
from contracts.outcome import Coverage
from contracts.recorded import Unreadable
from tests.contracts.report.outcomes import CRASH, GAP, LOST, UNCLEAR, outcome

TODAY = date(2026, 11, 26)
KNOWN = Entry(LOST.fingerprint, LOST.name, LOST.problem, LOST.operations, "Ticket 12")
OLD = Entry("0123456789ab", LOST.name, "It was otherwise.", ("readOrder",))


def test_known_findings_pass_and_new_ones_break() -> None:
    """A run with known findings only is kept; their laws are not."""
    known = judged(outcome(LOST), Baseline((KNOWN,)), TODAY)
    assert known.broken == []
    assert known.passed == [LOST]
    assert known.verdict == "kept: 2 laws, 25 exchanges"
    both = judged(outcome(LOST, CRASH), Baseline((KNOWN,)), TODAY)
    assert both.broken == [CRASH]


def test_a_problem_elsewhere_is_new() -> None:
    """The same law broken in another way, or at another place, is another finding."""
    for other in (
        replace(LOST, problem="It is another."),
        replace(LOST, place="id"),
        replace(LOST, subject="customers"),
    ):
        assert judged(outcome(other), Baseline((KNOWN,)), TODAY).broken == [other]


def test_fixed_ones_are_told() -> None:
    """What the run looked at and did not see again is fixed."""
    whole = judged(outcome(), Baseline((OLD,)), TODAY)
    assert whole.fixed == {OLD.fingerprint: f"{LOST.name}: It was otherwise."}


@pytest.mark.parametrize(
    "changes",
    [
        {"interrupted": True},
        {"tested": {}},
        {"coverage": {}},
        {"coverage": {"readOrder": Coverage()}},
        {"laws": ()},
    ],
)
def test_what_was_not_looked_at_is_not_fixed(changes: dict[str, Any]) -> None:
    """An interrupted run, an untested law or an operation left out proves nothing."""
    whole = outcome(**changes)
    assert judged(whole, Baseline((OLD,)), TODAY).fixed == {}
    assert updated(Baseline((OLD,)), whole).entries == (OLD,)


def test_a_check_is_looked_at_where_it_ran() -> None:
    """Checks of Schemathesis are fixed if they ran and did not show it again."""
    old = replace(OLD, name=CRASH.name)
    assert judged(outcome(), Baseline((old,)), TODAY).fixed
    assert not judged(outcome(checks={}), Baseline((old,)), TODAY).fixed


def test_entries_expire() -> None:
    """An entry holds through its last day; after that the finding breaks, and a note says so."""
    entry = replace(KNOWN, until=TODAY)
    assert judged(outcome(LOST), Baseline((entry,)), TODAY).broken == []
    late = judged(outcome(LOST), Baseline((entry,)), date(2026, 11, 27))
    assert late.broken == [LOST]
    assert "until 2026-11-26. Mend it" in late.notes[-1]


def test_an_update_keeps_notes_and_drops_what_is_fixed() -> None:
    """Notes and dates stay, new faults come, and gaps are no part of it."""
    dated = replace(KNOWN, until=TODAY)
    whole = outcome(replace(LOST, operations=("readOrder", "cancelOrder")), CRASH, GAP, UNCLEAR)
    kept, new = updated(Baseline((dated, OLD)), whole).entries
    assert kept == replace(dated, operations=("cancelOrder", "readOrder"))
    assert new == Entry(CRASH.fingerprint, CRASH.name, CRASH.problem, CRASH.operations)


def test_an_update_keeps_what_is_unclear() -> None:
    """A known finding that showed once only is not fixed."""
    entry = Entry(UNCLEAR.fingerprint, UNCLEAR.name, UNCLEAR.problem, UNCLEAR.operations)
    assert updated(Baseline((entry,)), outcome(UNCLEAR)).entries == (entry,)


def test_after_an_update_the_same_run_is_kept() -> None:
    """A new baseline lets everything pass that was found."""
    whole = outcome(LOST, CRASH)
    assert judged(whole, updated(Baseline(), whole), TODAY).broken == []


ENTRIES = st.builds(
    Entry,
    st.text(min_size=1),
    st.text(),
    st.text(),
    st.lists(st.text()).map(tuple),
    st.text(),
    st.none() | st.dates(),
)


@given(st.lists(ENTRIES, max_size=3, unique_by=lambda one: one.fingerprint))
def test_what_is_written_can_be_read(entries: list[Entry]) -> None:
    """A baseline comes back from its file as it was."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "baseline.json")
        path.write_text(written(Baseline(tuple(entries))))
        assert read(path).entries == tuple(entries)


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ([], "/: It holds no object."),
        ({}, "/version: It is no baseline of version 1. `--update-baseline` writes one."),
        ({"version": 1}, "/findings: The findings are a list; it may be empty: []."),
        ({"version": 1, "findings": [7]}, "/findings/0: An entry is an object such as"),
        (
            {"version": 1, "findings": [{}]},
            "/findings/0/fingerprint: An entry names its finding. Take the fingerprint",
        ),
        (
            {"version": 1, "findings": [{"fingerprint": 12}]},
            "/findings/0/fingerprint: It is a text. Put it in quotes.",
        ),
        (
            {"version": 1, "findings": [{"fingerprint": "a", "expires": "2026-01-01"}]},
            "/findings/0/expires: An entry has no `expires`, but fingerprint, name, note,",
        ),
        (
            {"version": 1, "findings": [{"fingerprint": "a", "until": "next week"}]},
            '/findings/0/until: A date is like 2026-12-31, not "next week".',
        ),
        (
            {"version": 1, "findings": [{"fingerprint": "a", "until": 20261231}]},
            "/findings/0/until: A date is like 2026-12-31, not 20261231.",
        ),
        (
            {"version": 1, "findings": [{"fingerprint": "a", "operations": "readOrder"}]},
            "/findings/0/operations: Operations are a list of names",
        ),
        (
            {"version": 1, "findings": [{"fingerprint": "a"}, {"fingerprint": "a"}]},
            "/findings/1/fingerprint: The finding a is there twice. Remove one of them.",
        ),
    ],
)
def test_a_bad_file_is_refused_with_place_and_mend(held: Any, told: str, tmp_path: Path) -> None:
    """Whoever wrote the file by hand is told where and how to mend it."""
    path = tmp_path / "baseline.json"
    path.write_text(json.dumps(held))
    with pytest.raises(Unreadable) as refused:
        read(path)
    assert str(refused.value).startswith(f"{path}: {told}")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A baseline that is not there is no empty one."""
    with pytest.raises(Unreadable, match="No such file"):
        read(tmp_path / "nowhere.json")
