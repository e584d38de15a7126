"""The clock of the servers: the system's, and for a proof in process a later one."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

_ahead = [0.0]


def seconds() -> float:
    """Seconds since 1970."""
    return time.time() + _ahead[0]


@contextmanager
def later(seconds: float) -> Iterator[None]:
    """Everything within happens that much later."""
    _ahead[0] += seconds
    try:
        yield
    finally:
        _ahead[0] -= seconds
