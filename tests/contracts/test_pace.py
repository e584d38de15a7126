"""Requests keep to a rate, and to what a server asks for that has had too many."""

import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts.deadline import Deadline
from contracts.exchange import Request, Response
from contracts.pace import Marked, Paced, retry_after, seconds_between

GET = Request("GET", "http://host/")


class Server:
    """A target that answers from a list, then 200, with a clock that only sleeping moves."""

    url = "http://host"

    def __init__(self, *answers: Response) -> None:
        self.now = 1000.0
        self.sent: list[tuple[float, Request]] = []
        self.closed = False
        self._answers = list(answers)
        self._lock = threading.Lock()

    def send(self, request: Request) -> Response:
        """The next answer."""
        with self._lock:
            self.sent.append((self.now, request))
            return self._answers.pop(0) if self._answers else Response(200)

    def close(self) -> None:
        """Remembers it."""
        self.closed = True

    def paced(self, between: float = 0, until: float = float("inf")) -> Paced:
        """It as a paced target."""
        deadline = Deadline(until)
        return Paced(self, between, deadline=deadline, sleep=self._sleep, clock=lambda: self.now)

    def _sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds

    @property
    def times(self) -> list[float]:
        """When requests came."""
        return [moment - 1000 for moment, _ in self.sent]


def too_many(after: str | None) -> Response:
    """A 429."""
    return Response(429, () if after is None else (("Retry-After", after),))


@pytest.mark.parametrize(
    ("rate", "seconds"), [("5/s", 0.2), ("100/m", 0.6), ("1000/h", 3.6), (" 1/s ", 1)]
)
def test_a_rate_is_seconds_between_requests(rate: str, seconds: float) -> None:
    """Requests per second, minute or hour."""
    assert seconds_between(rate) == pytest.approx(seconds)


@pytest.mark.parametrize("rate", ["", "5", "0/s", "5/d", "-1/s", "5/m/s", "x/s", "1.5/s"])
def test_what_is_no_rate(rate: str) -> None:
    """Anything else is refused, with how to write it."""
    with pytest.raises(ValueError, match="write requests per time"):
        seconds_between(rate)


def test_requests_are_spread_evenly() -> None:
    """The first goes at once, each other a step after the one before it."""
    server = Server()
    paced = server.paced(0.5)
    for _ in range(4):
        paced.send(GET)
    assert server.times == [0, 0.5, 1.0, 1.5]
    server.now += 10
    paced.send(GET)
    paced.send(GET)
    assert server.times[4:] == [11.5, 12.0]


def test_threads_share_the_rate() -> None:
    """However many threads send, the last of them waits for its turn."""
    server = Server()
    turns: list[float] = []
    paced = Paced(server, 1, sleep=turns.append, clock=lambda: 0)
    threads = [threading.Thread(target=paced.send, args=(GET,)) for _ in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(turns) == [1, 2, 3, 4]


def test_a_server_that_has_had_too_many_is_waited_for() -> None:
    """A 429 that says how long is sent again once, after that time, and counted."""
    server = Server(too_many("7"))
    paced = server.paced()
    assert paced.send(GET).status == 200
    assert server.times == [0, 7]
    assert paced.refused == 1


@pytest.mark.parametrize("after", [None, "31", "soon", "-1", "9" * 400])
def test_a_server_is_not_waited_for_beyond_reason(after: str | None) -> None:
    """A 429 that does not say how long, or too long, is the answer."""
    server = Server(too_many(after))
    paced = server.paced()
    assert paced.send(GET).status == 429
    assert (server.times, paced.refused) == ([0], 0)


def test_a_server_is_asked_again_once_only() -> None:
    """The second 429 is the answer."""
    server = Server(too_many("1"), too_many("1"))
    assert server.paced().send(GET).status == 429
    assert server.times == [0, 1]


def test_nothing_waits_beyond_the_end() -> None:
    """A run that is over at a moment waits for nothing that comes after it."""
    server = Server(too_many("20"))
    assert server.paced(until=1010).send(GET).status == 429
    assert server.times == [0]
    slow = Server()
    paced = slow.paced(60, until=1010)
    paced.send(GET)
    paced.send(GET)
    assert slow.times == [0, 10]


def test_a_date_is_a_time_to_wait_for() -> None:
    """`Retry-After` may be a date; one that has passed asks for nothing."""
    soon = datetime.now(UTC) + timedelta(seconds=20)
    waiting = retry_after(too_many(format_datetime(soon, usegmt=True)))
    assert waiting is not None
    assert 0 < waiting <= 20
    assert retry_after(too_many("Wed, 21 Oct 2015 07:28:00 GMT")) == 0


DATE = r"[A-Z][a-z]{2}, [0-9]{1,20} Oct [0-9]{1,9} [0-9:]{1,9} [A-Z+0-9]{0,25}"


@given(st.text() | st.from_regex(DATE))
@example("Wed, 21 Oct 2015 07:28:00 +9999999999999999999999")
@example("Wed, 99999999999999999999 Oct 2015 07:28:00 GMT")
def test_any_text_may_come(text: str) -> None:
    """Whatever a server says, it is a time or nothing."""
    waiting = retry_after(too_many(text))
    assert waiting is None or waiting >= 0


def test_every_request_is_marked() -> None:
    """Headers of the run and of the user are on every request, in the place of its own."""
    server = Server()
    marked = Marked(server, (("Understudy-Run", "r1"), ("X-Tenant", "7")))
    marked.send(Request("PUT", "http://host/x", (("x-tenant", "made up"), ("A", "b")), b"body"))
    headers = (("A", "b"), ("Understudy-Run", "r1"), ("X-Tenant", "7"))
    assert server.sent[0][1] == Request("PUT", "http://host/x", headers, b"body")
    assert marked.url == "http://host"


def test_closing_goes_through() -> None:
    """Who closes a wrapper closes what it wraps."""
    server = Server()
    Marked(server.paced(), ()).close()
    assert server.closed
