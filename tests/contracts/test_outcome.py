"""Outcomes: what is kept, broken, untested, and why it is likely so."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from contracts.findings import Kind
from contracts.outcome import Outcome
from tests.contracts.report.outcomes import CRASH, GAP, LOST, OUTCOMES, UNCLEAR, broken


def test_every_finding_is_one_of_four() -> None:
    """Faults break or are known; the others are unclear, or gaps."""
    whole = broken(known={CRASH.fingerprint: ""})
    assert (whole.broken, whole.passed) == ([LOST], [CRASH])
    assert (whole.unclear, whole.gaps) == ([UNCLEAR], [GAP])


@settings(max_examples=25, deadline=None)
@given(OUTCOMES)
def test_no_law_is_kept_and_something_else(whole: Outcome) -> None:
    """A law that was not tested, or that a finding is about, is never among the kept."""
    kept = set(whole.kept)
    assert not kept & set(whole.untested)
    assert not kept & {one.name for one in (*whole.broken, *whole.passed, *whole.unclear)}
    assert whole.verdict.startswith("broken" if whole.broken else "kept")


def test_a_likely_reason_is_told_where_one_is_known() -> None:
    """A crash is looked for in the log, a law may have a usual cause, others say nothing."""
    whole = broken()
    assert whole.likely(LOST).startswith("The create answers before")
    assert "5eed1234" in whole.likely(CRASH)
    assert whole.likely(UNCLEAR).startswith("It showed once only")
    assert whole.likely(GAP) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Expected 7 but got 'lamp'", "Expected 8 but got 'chair'"),
        ("No item 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "No item 6fa459ea-ee8a-3ca4-894e-db77e1"),
        ("At 2026-11-26T09:30:00Z", "At 2027-01-01T00:00:00.5+01:00"),
    ],
)
def test_a_fingerprint_does_not_change_with_what_is_quoted(one: str, other: str) -> None:
    """Values that a message quotes are not what a finding is about."""
    assert replace(CRASH, problem=one).fingerprint == replace(CRASH, problem=other).fingerprint


def test_a_fingerprint_names_the_cause() -> None:
    """Law, problem, place and subject make it; where else it shows, and whether again, do not."""
    assert len({one.fingerprint for one in (LOST, CRASH, GAP, UNCLEAR)}) == 4
    assert replace(LOST, place="id").fingerprint != LOST.fingerprint
    assert replace(LOST, subject="customers").fingerprint != LOST.fingerprint
    assert replace(LOST, kind=Kind.UNCLEAR).fingerprint == LOST.fingerprint
    assert replace(LOST, operations=("another",)).fingerprint == LOST.fingerprint


def test_the_fingerprint_of_a_gap_does_not_change_with_where_it_showed_first() -> None:
    """One gap stands for all operations that have it."""
    assert replace(GAP, subject="createOrder").fingerprint == GAP.fingerprint
