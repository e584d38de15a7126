"""The report on a terminal: readable at its width, harmless, and with a last line for scripts."""

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.outcome import Outcome
from contracts.report.terminal import Look, written
from tests.contracts.report.outcomes import CRASH, LOST, OUTCOMES, UNCLEAR, broken, outcome


def test_the_last_line_is_the_verdict() -> None:
    """Scripts read the last line, whatever comes before."""
    assert written(outcome()).splitlines()[-1] == "kept: 3 laws, 25 exchanges"
    assert written(broken()).splitlines()[-1] == "broken: 2 findings"


def test_only_faults_break_a_run() -> None:
    """What is unclear or a gap of the description is told and breaks nothing."""
    told = written(outcome(UNCLEAR))
    assert "UNCLEAR pages_do_not_overlap" in told
    assert told.splitlines()[-1] == "kept: 2 laws, 25 exchanges"


def test_a_finding_is_told_with_its_history_and_how_to_run_it_again() -> None:
    """What broke, where, the exchanges in short, the likely reason, and lines to copy."""
    told = written(broken(), Look(100, folder="found/"))
    assert f"BROKEN created_can_be_read [{LOST.fingerprint}]" in told
    assert "1. POST /orders -> 201" in told
    assert 'sent: {"item": "lamp"}' in told
    assert "2. GET /orders/7 -> 404" in told
    assert "likely: The create answers before it has stored" in told
    assert f"    understudy replay found/finding-{LOST.fingerprint}.json\n" in told
    assert (
        "likely: The server failed. Its log has the cause, near Understudy-Run: 5eed1234." in told
    )
    assert "-> No answer came within 10 seconds." in told


def test_there_is_no_way_by_hand_into_a_process() -> None:
    """What is called in process cannot be reached by curl, but findings are replayed."""
    told = written(outcome(LOST, CRASH, target="http://testserver"))
    assert "curl" not in told
    assert told.count("understudy replay") == 2


def test_gaps_and_untested_laws_stand_apart() -> None:
    """Gaps of the description are no faults, and untested laws are not among the kept."""
    told = written(broken())
    gaps = told.index("Gaps of the description")
    assert gaps > told.index("UNCLEAR")
    assert "status_code_conformance" not in told[:gaps]
    assert "Laws kept: deleted_is_gone\n" in told
    assert "  - No list shows a total: totals_agree\n" in told


def test_of_much_that_remains_a_part_is_listed() -> None:
    """What fuzzing created may be hundreds of items."""
    text = written(outcome(remaining=[f"orders/{number}" for number in range(300)]))
    assert "- orders/19\n" in text
    assert "orders/20" not in text
    assert "- and 280 more" in text


def test_what_remains_and_what_to_know_is_listed() -> None:
    """What could not be removed, and notes."""
    told = written(broken(), Look(120))
    assert "Remains on the target:\n  - orders/7\n" in told
    assert "Notes:\n  - No second identity is known" in told
    assert "Interrupted" not in told
    assert "Interrupted" in written(broken(interrupted=True))


def test_the_baseline_is_told() -> None:
    """What is known is let pass with its note, what is fixed is named."""
    told = written(
        outcome(LOST, known={LOST.fingerprint: "Ticket 12"}, fixed={"0123456789ab": "a: was"}),
        Look(120),
    )
    assert "BROKEN" not in told
    assert f"{LOST.problem} [{LOST.fingerprint}] Ticket 12" in told
    assert "- a: was [0123456789ab]" in told
    assert told.splitlines()[-1] == "kept: 2 laws, 25 exchanges"


def test_a_law_without_a_known_reason_is_untested_all_the_same() -> None:
    """A reason is given for every law that was not tested, and told once for all that share it."""
    told = written(outcome(reasons={}, tested={}), Look(120))
    assert "- No walk of this run put it to the test: created_can_be_read, deleted_is_gone," in told
    assert told.count("No walk of this run") == 1


def test_long_requests_are_left_to_the_finding_file() -> None:
    """A body of a megabyte is not poured over the terminal."""
    told = LOST.history[0]
    long = replace(told, request=replace(told.request, body=b"x" * 1_000_000))
    assert len(written(outcome(replace(LOST, history=(long,))))) < 5_000


@settings(max_examples=25, deadline=None)
@given(OUTCOMES, st.integers(0, 200))
def test_lines_keep_to_the_width_and_cannot_act(whole: Outcome, width: int) -> None:
    """Nothing that came from elsewhere moves the cursor; only what is to be copied is longer."""
    told = written(whole, Look(width))
    assert all(one.isprintable() or one == "\n" for one in told)
    most = min(max(width, 40), 120)
    copied = re.compile(r"^    (understudy replay|curl |printf )")
    in_curl = False
    for line in told.splitlines():
        in_curl = bool(copied.match(line)) or (in_curl and bool(line))
        assert len(line) <= most or in_curl, line
    assert re.fullmatch(r"kept: \d+ laws, \d+ exchanges|broken: \d+ findings", line)


@settings(max_examples=20, deadline=None)
@given(OUTCOMES)
def test_colours_change_nothing_else(whole: Outcome) -> None:
    """Without its colours the report on a terminal is the one in a file."""
    coloured = written(whole, Look(colours=True))
    assert "\033[" in coloured
    assert re.sub(r"\033\[\d+m", "", coloured) == written(whole)
    assert "\033" not in written(whole)
