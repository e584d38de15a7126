"""Durations of ISO 8601."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.durations import Duration, duration

MOMENTS = st.datetimes(
    min_value=datetime(1, 1, 1),  # noqa: DTZ001 - Hypothesis wants it bare
    max_value=datetime(9000, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    ("text", "months", "seconds"),
    [
        ("P1M", 1, 0),
        ("PT1M", 0, 60),
        ("P7D", 0, 604_800),
        ("P2W", 0, 1_209_600),
        ("P1Y2M3DT4H5M6S", 14, 273_906),
        ("PT0S", 0, 0),
    ],
)
def test_what_texts_say(text: str, months: int, seconds: int) -> None:
    """Each letter counts for what stands before it; behind the `T` an `M` is a minute."""
    assert duration(text) == Duration(months, seconds)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1", "1M", "P1MT", "P-1M", "PT1H2D", "p1m", "P1M "]
)
def test_what_says_nothing(text: str) -> None:
    """What is no duration is refused."""
    with pytest.raises(ValueError, match="no duration"):
        duration(text)


@given(MOMENTS, st.integers(0, 2000))
def test_months_keep_the_day(moment: datetime, months: int) -> None:
    """So many months later is the same day and time, or the last day of a month without it."""
    later = Duration(months, 0).after(moment)
    assert (later.year * 12 + later.month) - (moment.year * 12 + moment.month) == months
    assert later.time() == moment.time()
    assert later.day == min(moment.day, monthrange(later.year, later.month)[1])


@given(MOMENTS, st.integers(0, 10**9))
def test_seconds_are_seconds(moment: datetime, seconds: int) -> None:
    """Without months the calendar has no say."""
    assert Duration(0, seconds).after(moment) - moment == timedelta(seconds=seconds)


@pytest.mark.parametrize("months", [12_000 * 12, 10**30])
def test_no_year_is_so_late(months: int) -> None:
    """Beyond the calendar there is no moment."""
    with pytest.raises(OverflowError):
        Duration(months, 0).after(datetime(2026, 1, 31, tzinfo=UTC))
