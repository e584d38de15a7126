"""The sandbox's clock: the system's, moved or frozen."""

from datetime import UTC, datetime, timedelta

LAST = datetime(9000, 1, 1, tzinfo=UTC)
"""The latest time that a clock can show: what is added to it, a lifetime, must still be a date."""


class Clock:
    """Runs with the system's clock until it is frozen or moved."""

    def __init__(self) -> None:
        self._moved = timedelta()
        self._frozen_at: datetime | None = None

    @property
    def frozen(self) -> bool:
        """True while the clock stands still."""
        return self._frozen_at is not None

    def now(self) -> datetime:
        """The sandbox's time, in UTC."""
        if self._frozen_at is not None:
            return self._frozen_at
        now = datetime.now(UTC)
        return min(now + self._moved, LAST) if self._moved else now

    def freeze(self, moment: datetime) -> None:
        """Stand still at that moment.

        Raises OverflowError for a moment that is, in UTC, before the year 1 or after `LAST`.
        """
        self._frozen_at = _in_range(moment.astimezone(UTC))

    def advance(self, seconds: float) -> None:
        """Move on by that many seconds; a frozen clock stays frozen.

        Raises OverflowError where that leads beyond `LAST`.
        """
        step = timedelta(seconds=seconds)
        arrived = _in_range(self.now() + step)
        if self._frozen_at is not None:
            self._frozen_at = arrived
        else:
            self._moved += step

    @property
    def moved_seconds(self) -> float:
        """How far it runs ahead of the system's time, in seconds."""
        return self._moved.total_seconds()

    def move(self, seconds: float) -> None:
        """Run that many seconds ahead of the system's time.

        Raises OverflowError where that leads before the year 1 or beyond `LAST`.
        """
        moved = timedelta(seconds=seconds)
        _in_range(datetime.now(UTC) + moved)
        self._moved = moved
        self._frozen_at = None

    def release(self) -> None:
        """Go back to the system's time."""
        self._moved = timedelta()
        self._frozen_at = None


def _in_range(moment: datetime) -> datetime:
    if moment > LAST:
        raise OverflowError(f"the clock ends at {timestamp(LAST)}")
    return moment


def timestamp(moment: datetime, digits: int = 3) -> str:
    """The moment in UTC as RFC 3339 text, with 3 or 6 digits behind the second."""
    precision = "milliseconds" if digits == 3 else "microseconds"  # noqa: PLR2004
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def moment(text: str) -> datetime:
    """The moment that an RFC 3339 text names; inverse of `timestamp`.

    Raises ValueError for anything else, also for a time without an offset.
    """
    parsed = datetime.fromisoformat(text.upper())
    if parsed.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return parsed
