"""The end of a run, for whatever waits."""

import threading
import time

import pytest

from contracts.deadline import Deadline
from contracts.exchange import OutOfTime


def test_what_begins_gets_what_is_left() -> None:
    """At most what it asks for; nothing begins after the end."""
    assert Deadline().within(10) == 10
    assert 0 < Deadline(time.monotonic() + 5).within(10) <= 5
    with pytest.raises(OutOfTime):
        Deadline(time.monotonic()).within(10)


def test_an_interruption_lets_nothing_begin_until_the_next_part() -> None:
    """What is under way gets a moment; what cleans up begins a part of its own."""
    deadline = Deadline()
    deadline.interrupt()
    assert time.monotonic() < deadline.until < time.monotonic() + 10
    with pytest.raises(OutOfTime):
        deadline.within(1)
    deadline.begin(time.monotonic() + 60)
    assert deadline.within(1) == 1
    assert deadline.interrupted


def test_an_interruption_ends_waiting() -> None:
    """Nobody sits out what a server asked for."""
    deadline = Deadline()
    waiting = threading.Thread(target=deadline.sleep, args=(600,), daemon=True)
    waiting.start()
    deadline.interrupt()
    waiting.join(30)
    assert not waiting.is_alive()
