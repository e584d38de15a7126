"""How a long command gets on, told to standard error."""

import sys
import time


class Progress:
    """Tells how a run gets on: in one line that changes on a terminal, in few lines elsewhere."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._started = time.monotonic()
        self._told = 0.0
        self._stage = ""

    def __call__(self, text: str) -> None:
        """Tell what is being done."""
        now = time.monotonic()
        passed = now - self._started
        if self._is_terminal:
            if now - self._told > 0.1:  # noqa: PLR2004 - as often as an eye can follow
                self._told = now
                print(f"\r\033[K{passed:4.0f} s  {text[:100]}", end="", file=sys.stderr, flush=True)
            return
        stage = text.partition(":")[0]
        if stage != self._stage:
            self._stage = stage
            print(f"{passed:4.0f} s  {stage}", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line of the terminal."""
        if self._is_terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
