"""The clock of a sandbox."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.sandbox.clock import LAST, Clock, moment, timestamp

OFFSETS = st.builds(timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23)))
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(8999, 12, 30), timezones=OFFSETS)  # noqa: DTZ001
SECOND = timedelta(seconds=1)


def distance(one: datetime, other: datetime) -> timedelta:
    """How far two moments are from each other."""
    return abs(one - other)


def test_a_new_clock_runs_with_the_systems() -> None:
    """Nobody moved it, so it shows the system's time and runs."""
    clock = Clock()
    assert distance(clock.now(), datetime.now(UTC)) < SECOND
    assert not clock.frozen
    assert clock.now() <= clock.now()


@given(MOMENTS)
def test_a_frozen_clock_stands_still(at: datetime) -> None:
    """It shows the moment it was frozen at, in UTC, each time it is asked."""
    clock = Clock()
    clock.freeze(at)
    assert clock.now() == clock.now() == at
    assert clock.now().tzinfo is UTC
    assert clock.frozen


@given(st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1)), st.floats(0, 1e9))  # noqa: DTZ001
def test_a_frozen_clock_moves_on_and_stays_frozen(at: datetime, seconds: float) -> None:
    """Advancing adds exactly the seconds, to the microsecond, and does not let it run."""
    clock = Clock()
    clock.freeze(at.replace(tzinfo=UTC))
    clock.advance(seconds)
    assert clock.now() == at.replace(tzinfo=UTC) + timedelta(seconds=seconds)
    assert clock.frozen


@given(st.lists(st.floats(0, 1e6), max_size=5))
def test_a_running_clock_moves_on_by_the_sum_of_all_steps(steps: list[float]) -> None:
    """Several advances add up, and the clock goes on running."""
    clock = Clock()
    for seconds in steps:
        clock.advance(seconds)
    assert abs(clock.moved_seconds - sum(steps)) < 0.001
    assert distance(clock.now(), datetime.now(UTC) + timedelta(seconds=sum(steps))) < SECOND
    assert not clock.frozen


def test_release_goes_back_to_the_systems_time() -> None:
    """Neither a move nor a freeze is left."""
    clock = Clock()
    clock.advance(1000)
    clock.freeze(datetime(2030, 1, 1, tzinfo=UTC))
    clock.release()
    assert distance(clock.now(), datetime.now(UTC)) < SECOND
    assert not clock.frozen
    assert clock.moved_seconds == 0


def test_move_lets_a_frozen_clock_run_ahead() -> None:
    """It runs that many seconds from the system's time, also behind it."""
    clock = Clock()
    clock.freeze(LAST)
    clock.move(-3600)
    assert not clock.frozen
    assert clock.moved_seconds == -3600
    assert distance(clock.now(), datetime.now(UTC) - timedelta(hours=1)) < SECOND


@pytest.mark.parametrize(
    "at",
    [
        LAST + timedelta(microseconds=1),
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=1))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
    ],
)
def test_it_cannot_be_frozen_out_of_its_range(at: datetime) -> None:
    """A moment before the year 1 or after the last one is an OverflowError and changes nothing."""
    clock = Clock()
    with pytest.raises(OverflowError):
        clock.freeze(at)
    assert not clock.frozen


@pytest.mark.parametrize("seconds", [1e12, 1e300, 10**400])
@pytest.mark.parametrize("frozen", [True, False])
def test_it_cannot_be_moved_out_of_its_range(seconds: float, frozen: bool) -> None:
    """A step beyond the last moment is an OverflowError and changes nothing."""
    clock = Clock()
    if frozen:
        clock.freeze(datetime(2026, 1, 1, tzinfo=UTC))
    before = clock.now()
    with pytest.raises(OverflowError):
        clock.advance(seconds)
    with pytest.raises(OverflowError):
        clock.move(seconds)
    assert distance(clock.now(), before) < SECOND


def test_a_running_clock_stops_at_its_last_moment() -> None:
    """Time that goes on there leads nowhere: a sandbox must not fail by itself."""
    clock = Clock()
    clock.advance((LAST - datetime.now(UTC)).total_seconds() - 0.0001)
    while clock.now() < LAST:
        pass
    assert clock.now() == LAST
    clock.advance(0)
    clock.release()
    assert distance(clock.now(), datetime.now(UTC)) < SECOND


@given(MOMENTS)
def test_timestamps_with_six_digits_lose_nothing(at: datetime) -> None:
    """What is written as text is read back as the same moment."""
    assert moment(timestamp(at, 6)) == at


@given(MOMENTS)
def test_timestamps_are_cut_to_milliseconds(at: datetime) -> None:
    """Three digits behind the second, never rounded up, and `Z` at the end."""
    text = timestamp(at)
    assert text.endswith("Z")
    assert len(text) == len("2024-10-29T17:42:16.269Z")
    assert timedelta() <= at - moment(text) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31T10:00:00Z", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("2026-01-31t10:00:00z", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("2026-01-31T12:00:00+02:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("2026-01-31T10:00:00.123456789Z", datetime(2026, 1, 31, 10, 0, 0, 123456, tzinfo=UTC)),
        ("2024-02-29T00:00:00-00:00", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_moments_are_read_in_every_spelling(text: str, expected: datetime) -> None:
    """RFC 3339 allows offsets, small letters and any number of digits."""
    assert moment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-01-31T10:00:00",
        "2026-01-31",
        "2025-02-29T00:00:00Z",
        "2026-01-31T24:01:00Z",
        "2026-12-31T23:59:60Z",
    ],
)
def test_what_is_no_moment_is_a_value_error(text: str) -> None:
    """Also a time that does not say where it is."""
    with pytest.raises(ValueError, match=r"\S"):
        moment(text)
