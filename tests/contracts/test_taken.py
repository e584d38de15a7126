"""What a target took in spite of its description is no fault of the answers that show it."""

from typing import Any

from contracts.exchange import Response
from contracts.taken import Taken
from tests.contracts.histories import Line, history_of
from tests.contracts.laws.books import LIBRARY, SENT, book


def _taken(status: int = 201, **sent: Any) -> Taken:
    """What is remembered of a book that was sent so."""
    found = Taken()
    line = Line("POST /books", status, book(), sent={**SENT, **sent})
    for exchange in history_of(LIBRARY, line):
        found.note(exchange)
    return found


def _answer(value: str) -> Response:
    return Response(200, (("Content-Type", "application/json"),), value.encode())


def test_what_was_taken_is_known_wherever_it_shows() -> None:
    """Alone or in a list; with another value, or of another name, it is no echo."""
    taken = _taken(copies="none")
    assert taken.is_in("/copies", _answer('{"copies": "none"}'))
    assert taken.is_in("/items/*/copies", _answer('{"items": [{"copies": 1}, {"copies": "none"}]}'))
    assert not taken.is_in("/copies", _answer('{"copies": "some"}'))
    assert not taken.is_in("/total", _answer('{"total": "none"}'))
    assert not taken.is_in("/copies, /total", _answer('{"copies": "none", "total": "none"}'))


def test_what_is_allowed_or_was_refused_is_not_remembered() -> None:
    """Nothing was taken that the description forbids."""
    for taken in (_taken(copies=7), _taken(422, copies="none")):
        assert not taken.is_in("/copies", _answer('{"copies": "none"}'))
    assert not _taken(copies="none").is_in("", _answer("{}"))
    assert not _taken(copies="none").is_in("/copies", None)
