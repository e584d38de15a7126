"""Timers: rows whose time comes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.sandbox.memory import MemoryStore
from mock_server.sandbox.timers import TABLE, Due, Timers

START = datetime(2026, 1, 31, 10, tzinfo=UTC)
TIMER = {"at": "2026-01-31T10:00:00Z", "api": "letters", "call": "when_it_is_late", "arguments": {}}


def due(seconds: float, name: str = "") -> Due:
    """A timer so many seconds after the start."""
    return Due(START + timedelta(seconds=seconds), "letters", "when_it_is_late", {"name": name})


def names(timers: Timers, seconds: float) -> list[str]:
    """The names of all timers that are due so many seconds after the start, as they come."""
    taken = iter(lambda: timers.next_due(START + timedelta(seconds=seconds)), None)
    return [timer.arguments["name"] for timer in taken]


@given(st.lists(st.integers(0, 5), max_size=12), st.integers(-1, 6), st.booleans())
@settings(deadline=None)
def test_timers_come_in_the_order_of_their_moments(
    moments: list[int], now: int, reloaded: bool
) -> None:
    """Each once, only those that are due, those of one moment as they were scheduled."""
    timers = Timers(MemoryStore())
    for number, moment in enumerate(moments):
        # Ids in falling order: they must not decide.
        timers.schedule(f"{99 - number}", due(moment, f"{moment}/{number}"))
    if reloaded:
        timers.reload()
    ordered = [f"{m}/{n}" for m, n in sorted((m, n) for n, m in enumerate(moments))]
    early = [name for name in ordered if int(name.partition("/")[0]) <= now]
    assert names(timers, now) == early
    assert names(timers, now) == []
    assert names(timers, 100) == ordered[len(early) :]


def test_a_timer_comes_back_as_it_was_scheduled() -> None:
    """Moment to the microsecond, API, function and arguments."""
    timers = Timers(MemoryStore())
    scheduled = Due(
        START + timedelta(microseconds=7), "letters", "when_it_is_late", {"id": "x", "more": [1]}
    )
    timers.schedule("a", scheduled)
    assert timers.next_due(START + timedelta(microseconds=6)) is None
    assert timers.next_due(START + timedelta(microseconds=7)) == scheduled


def test_a_timer_of_an_undone_transaction_never_comes() -> None:
    """It is a row like any other."""
    store = MemoryStore()
    timers = Timers(store)

    def schedule_and_fail() -> None:
        with store.transaction():
            timers.schedule("a", due(1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        schedule_and_fail()
    timers.schedule("b", due(2, "kept"))
    assert names(timers, 100) == ["kept"]


def test_a_timer_that_came_is_no_row_any_more() -> None:
    """A stored state does not bring it back."""
    store = MemoryStore()
    timers = Timers(store)
    timers.schedule("a", due(1))
    assert store.count(TABLE) == 1
    names(timers, 1)
    assert store.count(TABLE) == 0


@pytest.mark.parametrize(
    "row",
    [
        {},
        *({key: value for key, value in TIMER.items() if key != left_out} for left_out in TIMER),
        TIMER | {"at": 5},
        TIMER | {"at": None},
        TIMER | {"at": "soon"},
        TIMER | {"at": "2026-01-31T10:00:00"},
        TIMER | {"at": "0001-01-01T00:00:00+10:00"},
        TIMER | {"api": []},
        TIMER | {"call": {}},
        TIMER | {"arguments": []},
        TIMER | {"arguments": "id"},
    ],
)
def test_a_row_that_is_no_timer_is_refused(row: dict[str, Any]) -> None:
    """It is a ValueError when the rows are read, not a fault of some later operation."""
    store = MemoryStore()
    timers = Timers(store)
    timers.schedule("a", due(1, "kept"))
    store.put(TABLE, "b", row)
    with pytest.raises(ValueError, match=r"\S"):
        timers.reload()
    store.delete(TABLE, "b")
    assert names(timers, 1) == ["kept"]


def test_rows_from_elsewhere_may_use_any_offset() -> None:
    """A state is JSON that people write, too."""
    store = MemoryStore()
    store.put(TABLE, "a", TIMER | {"at": "2026-01-31T12:00:01+02:00", "arguments": {"name": "x"}})
    timers = Timers(store)
    timers.reload()
    assert names(timers, 0) == []
    assert names(timers, 1) == ["x"]
