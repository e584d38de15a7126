"""When a run ends: what it waits for, and whether somebody wants it to end before."""

import threading
import time

from contracts.exchange import OutOfTime

_MOMENT = 2.0
"""Seconds that a request gets to its end when a run is interrupted: what it creates is known."""


class Deadline:
    """The end of a run, or of a part of it. All that waits keeps to it."""

    def __init__(self, until: float = float("inf")) -> None:
        """`until` is in seconds of `time.monotonic`."""
        self.until = until
        self.interrupted = False
        """Whether somebody wants the run to end, now or before."""
        self._ending = threading.Event()

    @property
    def over(self) -> bool:
        """Whether nothing more is to begin."""
        return self._ending.is_set() or time.monotonic() >= self.until

    def begin(self, until: float) -> None:
        """Begin a part that has time until then, whatever became of the one before."""
        self.until = until
        self._ending.clear()

    def interrupt(self) -> None:
        """Let nothing more begin in this part, and end in a moment what is under way."""
        self.interrupted = True
        self.until = min(self.until, time.monotonic() + _MOMENT)
        self._ending.set()

    def within(self, most: float) -> float:
        """The seconds that what begins now may take, at most so many. Raises OutOfTime."""
        if self.over:
            raise OutOfTime
        return min(most, self.until - time.monotonic())

    def sleep(self, seconds: float) -> None:
        """Wait, unless somebody wants the run to end."""
        self._ending.wait(seconds)
