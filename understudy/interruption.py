"""Ctrl-C in a run: it cleans up and reports all the same, and a second one leaves at once."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from contracts.deadline import Deadline

INTERRUPTED = 130
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_TOLD = (
    "Interrupted: removing what was created, and reporting what was found. "
    "Once more leaves at once.\n"
)


@contextmanager
def interruptible(deadline: Deadline) -> Iterator[None]:
    """Within, Ctrl-C and SIGTERM end the run in the place of raising KeyboardInterrupt.

    An exception that is raised anywhere would lose the answer that tells what was created. Where
    signals cannot be received, which is in all threads but the first, everything stays as it is.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(_: int, __: FrameType | None) -> None:
        if deadline.interrupted:
            os._exit(INTERRUPTED)
        deadline.interrupt()
        # Past the stream's buffer, since a handler may come amid a print.
        clear = b"\r\033[K" if sys.stderr.isatty() else b""
        os.write(2, clear + _TOLD.encode())

    before = {one: signal.signal(one, handle) for one in _SIGNALS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
