"""How a run gets on: a bar on a terminal, plain lines elsewhere."""

import fcntl
import os
import pty
import struct
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO

import pytest

from understudy.progress import Progress


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Callable[[], str]]:
    """Makes standard error a terminal of that width; gives what reads what was written there."""

    def make(columns: int) -> Callable[[], str]:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        written = os.fdopen(theirs, "w")
        monkeypatch.setattr(sys, "stderr", written)

        def read() -> str:
            written.close()
            with os.fdopen(ours, "rb", buffering=0) as pieces:
                return b"".join(_until_closed(pieces)).decode()

        return read

    return make


def _until_closed(pieces: BinaryIO) -> Iterator[bytes]:
    """All that was written to a terminal whose other end is closed, which Linux calls an error."""
    with suppress(OSError):
        while piece := pieces.read(1000):
            yield piece


@pytest.mark.parametrize("columns", [80, 40])
def test_a_terminal_shows_one_line(
    terminal: Callable[[int], Callable[[], str]], columns: int
) -> None:
    """It never wraps, holds nothing that acts on the terminal, and is gone at the end."""
    read = terminal(columns)
    progress = Progress(45)
    progress("Schemathesis: GET /\x1b[2J" + "x" * 200)
    progress.end()
    nothing, line, end = read().split("\r\x1b[K")
    assert (nothing, end) == ("", "")
    assert len(line) < columns
    assert "0 s  Schemathesis: GET" in line
    assert "\x1b" not in line
    assert line.startswith("[" if columns == 80 else " ")


def test_the_bar_is_full_when_time_is_up(terminal: Callable[[int], Callable[[], str]]) -> None:
    """And no longer than that."""
    read = terminal(80)
    Progress(1e-9)("late")
    assert f"[{'=' * 20}]" in read()


def test_elsewhere_there_are_few_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """One for each stage."""
    progress = Progress(45)
    for text in ("round 1: 1 of 2 walks", "round 1: 2 of 2 walks", "removing what was created"):
        progress(text)
    progress.end()
    err = capsys.readouterr().err
    assert err == "   0 s  round 1\n   0 s  removing what was created\n"
