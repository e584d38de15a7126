"""Playing walks: what can be sent is sent, and what cannot be is left out."""

import itertools
import time
from pathlib import Path

import pytest

from contracts.exchange import Request, Response
from contracts.play import NotPossible, Player
from contracts.steps import SECOND, Ref, Step, Walk
from openapi.description import Operation
from tests.contracts.histories import URL, api_of
from tests.contracts.provoking import api_at

API = api_of(
    {
        "openapi": "3.1.0",
        "info": {"title": "One", "version": "1"},
        "paths": {"/x": {"get": {"responses": {"200": {"description": "It"}}}}},
    }
)


class OnlyFirst:
    """Answers the first identity; there is no other."""

    url = URL

    def send(self, request: Request, operation: Operation, who: str, variant: int) -> Response:
        """The answer. Raises NotPossible."""
        del request, operation, variant
        if who == SECOND:
            raise NotPossible("No second identity is known.")
        return Response(200)


class NoTime:
    """A clock that nobody knows."""

    def now(self) -> None:
        """Nobody knows."""

    def let_pass(self, seconds: float) -> bool:
        """It cannot be moved."""
        del seconds
        return False


def test_what_nobody_can_send_is_left_out() -> None:
    """The other steps are sent all the same, alone or together with it."""
    steps = [
        Step("GET /x", who=SECOND),
        Step("GET /x"),
        Step("GET /x"),
        Step("GET /x", who=SECOND, together=True),
        Step("GET /x", together=True),
    ]
    history = Player(API, OnlyFirst(), NoTime()).play(Walk(tuple(steps)))
    assert [one.index for one in history] == [1, 2, 4]


def test_what_is_sent_together_has_no_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """However the threads ran, all were under way at the same time."""
    ticks = itertools.count()
    monkeypatch.setattr(time, "monotonic", lambda: float(next(ticks)))
    first, other = Step("GET /x"), Step("GET /x", together=True)
    history = Player(API, OnlyFirst(), NoTime()).play(Walk((first, other, other)))
    assert len({one.began for one in history}) == 1
    assert [one.index for one in history] == [0, 1, 2]


class Pages:
    """Answers everything with a page that tells of the next one, and keeps what it was asked."""

    url = URL

    def __init__(self) -> None:
        self.asked: list[str] = []

    def send(self, request: Request, operation: Operation, who: str, variant: int) -> Response:
        """The page."""
        del operation, who, variant
        self.asked.append(request.url.removeprefix(URL))
        link = '<http://elsewhere/stays?limit=2&cursor=def>; rel="next"'
        headers = (("Content-Type", "application/json"), ("Link", link))
        return Response(200, headers, b'{"next": "http://elsewhere/stays?limit=2&cursor=abc"}')


def test_the_next_page_is_found_in_urls_and_links() -> None:
    """A cursor within a URL, and a URL within a header, with the parameters that it holds."""
    cursor = Ref(0, "$response.body#/next", parameter="cursor")
    steps = (
        Step("GET /stays"),
        Step("GET /stays", values={"query": {"cursor": cursor}}),
        Step("GET /stays", url=Ref(0, "$response.header.Link", relation="next")),
    )
    sender = Pages()
    rooms = api_at(Path(__file__).parent / "laws" / "rooms.yaml")
    history = Player(rooms, sender, NoTime()).play(Walk(steps))
    assert sender.asked[1:] == ["/stays?cursor=abc", "/stays?limit=2&cursor=def"]
    assert history.exchanges[2].values == {("query", "limit"): 2, ("query", "cursor"): "def"}
