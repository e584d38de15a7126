"""The law that every answer is one that the description tells of."""

from typing import Any

from tests.contracts.histories import Line
from tests.contracts.laws.books import (
    BOOK,
    KEPT,
    SENT,
    book,
    created,
    deleted,
    found,
    listed,
    missing,
    shown,
)

LAW = "answers_fit_the_description"


def _answers(*lines: Any) -> list[tuple[str, str]]:
    return found(LAW, *lines)


def test_what_is_described_keeps_it() -> None:
    """Item, list, refusal, and an answer without a body."""
    located = Line("POST /books", 201, BOOK, sent=SENT, headers={"location": "/books/7"})
    assert _answers(located, listed(BOOK), missing(), deleted()) == [KEPT] * 4


def test_a_required_header_must_be_there() -> None:
    """By its name in any case."""
    assert _answers(created()) == [("The answer 201 lacks a required header.", "Location")]


def test_a_body_must_fit() -> None:
    """The place is in the body; numbers in lists do not matter."""
    wrong = ('The answer 200 breaks its schema (type "integer").', "/copies")
    assert _answers(shown(copies="2")) == [wrong]
    lacking = ("The answer 200 lacks a required property.", "/title")
    assert _answers(shown(title=None)) == [lacking]
    inside = ("The answer 200 lacks a required property.", "/items/*/title")
    assert _answers(listed(book(title=None), book(title=None))) == [inside]
    assert _answers(Line("GET /books/7", 200, b"{")) == [("The answer 200 is no JSON.", "")]
    for encoding in ("latin-1", "utf-16"):
        body = '{"title": "Käse"}'.encode(encoding)
        told = "The answer 200 is JSON that is not in UTF-8."
        assert _answers(Line("GET /books/7", 200, body)) == [(told, "")]
    assert _answers(Line("GET /books/7", 200)) == [("The answer 200 has no body.", "")]


def test_null_is_told_once() -> None:
    """A description that forgets null forgets it in all of an answer's properties."""
    told = "The answer 200 has null where that is not allowed."
    item = {**BOOK, "copies": None, "lendable": None}
    assert _answers(Line("GET /books/7", 200, item)) == [(told, "/copies, /lendable")]


def test_a_success_must_be_described() -> None:
    """Its status and media type; a refusal in words of its own is a gap, and no fault."""
    assert _answers(Line("GET /books/7", 206, BOOK)) == [("The status 206 is not described.", "")]
    page = Line("GET /books/7", 200, b"<p>", media_type="text/html")
    told = "The answer 200 has a media type that is not described."
    assert _answers(page) == [(told, "content-type")]
    assert _answers(Line("GET /books/7", 429, b"<p>", media_type="text/html")) == []
    assert _answers(Line("GET /books", 400, b"<p>", media_type="text/html")) == [KEPT]
    assert _answers(Line("GET /books/7", 500)) == []
