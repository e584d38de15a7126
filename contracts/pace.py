"""How fast requests go: a rate that is kept to, and servers that ask to be left alone a while."""

import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from contracts.deadline import Deadline
from contracts.exchange import Request, Response
from contracts.target import Target

_SECONDS = {"s": 1, "m": 60, "h": 3600}
_TOO_MANY = 429
_PATIENCE = 30.0
"""Seconds that a server may ask for at most; one that wants more gets no second request."""


def seconds_between(rate: str) -> float:
    """The seconds from one request to the next at a rate such as `5/s`, `100/m` or `1000/h`.

    Raises ValueError.
    """
    match = re.fullmatch(r"([0-9]+)/([smh])", rate.strip())
    if match is None or int(match[1]) == 0:
        raise ValueError(
            f"{rate!r} is no rate: write requests per time, such as 5/s, 100/m, 1000/h."
        )
    return _SECONDS[match[2]] / int(match[1])


class Paced:
    """A target that gets requests no faster than it may, and is waited for when it says 429.

    Requests are spread evenly, also those of several threads.
    """

    def __init__(
        self,
        target: Target,
        between: float = 0,
        *,
        deadline: Deadline | None = None,
        sleep: Callable[[float], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`between` are the seconds from one request to the next.

        Nothing is waited for beyond the deadline.
        """
        self.url = target.url
        self.refused = 0
        """How often it was waited for because it said 429 (RFC 6585 section 4)."""
        self._target = target
        self._between = between
        self._deadline = deadline or Deadline()
        self._sleep = sleep or self._deadline.sleep
        self._clock = clock
        self._lock = threading.Lock()
        self._next = clock()

    def send(self, request: Request) -> Response:
        """The answer; the second one, where the first said how long to wait. Raises NoAnswer."""
        self._wait()
        response = self._target.send(request)
        pause = retry_after(response) if response.status == _TOO_MANY else None
        if pause is None or pause > _PATIENCE or self._clock() + pause > self._deadline.until:
            return response
        with self._lock:
            self.refused += 1
            # All requests wait, whoever sends them: the server means the client.
            self._next = max(self._next, self._clock() + pause)
        self._wait()
        return self._target.send(request)

    def close(self) -> None:
        """Close the target."""
        self._target.close()

    def _wait(self) -> None:
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._between
        if turn > now:
            self._sleep(max(0, min(turn, self._deadline.until) - now))


def retry_after(response: Response) -> float | None:
    """The seconds that `Retry-After` asks for (RFC 9110 section 10.2.3); None where it does not."""
    text = (response.header("retry-after") or "").strip()
    if text.isdecimal():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    when = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


class Marked:
    """A target whose every request carries some headers, in the place of its own of that name."""

    def __init__(self, target: Target, headers: tuple[tuple[str, str], ...]) -> None:
        self.url = target.url
        self._target = target
        self._headers = headers
        self._names = {name.lower() for name, _ in headers}

    def send(self, request: Request) -> Response:
        """The answer. Raises NoAnswer."""
        own = [(name, value) for name, value in request.headers if name.lower() not in self._names]
        marked = Request(request.method, request.url, (*own, *self._headers), request.body)
        return self._target.send(marked)

    def close(self) -> None:
        """Close the target."""
        self._target.close()
