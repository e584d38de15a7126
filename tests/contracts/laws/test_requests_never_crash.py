"""The law that no request makes the server fail."""

from tests.contracts.histories import Line
from tests.contracts.laws.books import KEPT, SENT, created, deleted, found, missing, patched

LAW = "requests_never_crash"

FAILS = "The server fails: 500."


def test_any_answer_but_a_failure_keeps_it() -> None:
    """Refusals are answers."""
    assert found(LAW, created(), missing(), patched({}, status=400)) == [KEPT] * 3


def test_a_failure_breaks_it() -> None:
    """The place is that of the only odd value, if there is one."""
    body = {"title": "Emma", "copies": 2}
    crash = Line("POST /books", 500, sent=body)
    assert found(LAW, crash) == [(FAILS, "")]
    assert found(LAW, Line("POST /books", 500, sent={**body, "copies": 2**63})) == [
        (FAILS, "/copies")
    ]
    assert found(LAW, Line("GET /books?page=0", 500)) == [(FAILS, "query page")]
    both = {"title": "", "copies": 2**63}
    assert found(LAW, Line("POST /books", 500, sent=both)) == [(FAILS, "")]


def test_a_request_that_differs_in_one_place_shows_what_it_comes_of() -> None:
    """What is not odd by itself is known by a request that was answered without it."""
    usual, other = {"title": "Emma", "copies": 2}, {"title": "Emma", "copies": 7}
    answered = Line("POST /books", 400, sent=usual)
    crash = Line("POST /books", 500, sent=other)
    assert found(LAW, answered, crash) == [KEPT, (FAILS, "/copies")]
    both = Line("POST /books", 500, sent={"title": "Persuasion", "copies": 7})
    assert found(LAW, answered, both) == [KEPT, (FAILS, "")]


def test_no_answer_at_all_breaks_it() -> None:
    """As when the connection is closed."""
    assert found(LAW, Line("GET /books", 0)) == [("No usable answer comes.", "")]


def test_what_another_law_tells_is_not_told_twice() -> None:
    """A second DELETE, and a second create of the same."""
    assert found(LAW, deleted(), deleted(status=500)) == [KEPT]
    assert found(LAW, created(), Line("POST /books", 500, sent=SENT)) == [KEPT]
