"""Requests at the same time, for the proofs of races."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Answer = TypeVar("Answer")
_REQUESTS = 4


def at_once(send: Callable[[], Answer]) -> list[Answer]:
    """The answers to the same request, sent by several threads that start together."""
    start = Barrier(_REQUESTS)

    def when_all_are_there() -> Answer:
        start.wait()
        return send()

    with ThreadPoolExecutor(_REQUESTS) as threads:
        waiting = [threads.submit(when_all_are_there) for _ in range(_REQUESTS)]
        return [one.result() for one in waiting]
