"""How a long command gets on, told to standard error."""

import os
import sys
import time

from contracts.report.telling import shown

_BAR = 20
"""Characters of the bar."""
_ROOM, _USUAL = 60, 80
"""Columns that a terminal needs for a bar beside the words, and that it has if it does not say."""
_OFTEN = 0.1
"""Seconds between two looks: as often as an eye can follow."""


class Progress:
    """Tells how a run gets on: in one line that changes on a terminal, in few lines elsewhere."""

    def __init__(self, seconds: float | None = None) -> None:
        """`seconds` are what the run may take: without them there is no bar."""
        self._is_terminal = sys.stderr.isatty()
        self._seconds = seconds
        self._started = time.monotonic()
        self._told = 0.0
        self._stage = ""

    def __call__(self, text: str) -> None:
        """Tell what is being done."""
        now = time.monotonic()
        passed = now - self._started
        if self._is_terminal:
            if now - self._told > _OFTEN:
                self._told = now
                self._show(passed, shown(text))
            return
        stage = text.partition(":")[0]
        if stage != self._stage:
            self._stage = stage
            print(f"{passed:4.0f} s  {stage}", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line of the terminal."""
        if self._is_terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def _show(self, passed: float, text: str) -> None:
        """Write over the line; a longer one would go on in the next, which nothing clears."""
        width = self._width
        bar = ""
        if self._seconds is not None and width >= _ROOM:
            full = min(_BAR, int(_BAR * passed / self._seconds))
            bar = f"[{'=' * full}{' ' * (_BAR - full)}] "
        line = f"{bar}{passed:4.0f} s  {text}"[: width - 1]
        print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)

    @property
    def _width(self) -> int:
        try:
            return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL
        except OSError:
            return _USUAL
