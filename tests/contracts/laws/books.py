"""The library's description, and what many histories of its books begin with."""

from pathlib import Path
from typing import Any

from contracts.law import Chance
from tests.contracts.histories import Line, judged
from tests.contracts.provoking import api_at

LIBRARY = api_at(Path(__file__).with_name("library.yaml"))

BOOK: dict[str, Any] = {
    "id": 7,
    "title": "Emma",
    "copies": 2,
    "subtitle": "A novel",
    "lendable": True,
    "status": "there",
    "created_at": "2026-01-01T00:00:00Z",
}
SENT: dict[str, Any] = {
    "title": "Emma",
    "copies": 2,
    "subtitle": "A novel",
    "lendable": True,
}


def book(**changes: Any) -> dict[str, Any]:
    """The book with other values; None takes a property out."""
    return {name: one for name, one in {**BOOK, **changes}.items() if one is not None}


def created(key: int = 7, sent: dict[str, Any] | None = None, **changes: Any) -> Line:
    """A book is created."""
    sent = SENT if sent is None else sent
    return Line("POST /books", 201, book(**{**sent, **changes, "id": key}), sent=sent)


def shown(key: int = 7, **changes: Any) -> Line:
    """A book is read."""
    return Line(f"GET /books/{key}", 200, book(id=key, **changes))


def missing(key: int = 7, status: int = 404) -> Line:
    """A book is looked for in vain."""
    return Line(f"GET /books/{key}", status, {"title": "Not found"})


def deleted(key: int = 7, status: int = 204) -> Line:
    """A book is deleted."""
    return Line(f"DELETE /books/{key}", status)


def patched(sent: dict[str, Any], key: int = 7, status: int = 200, **changes: Any) -> Line:
    """A book is changed in part."""
    answer = book(**{**sent, "id": key, **changes}) if status == 200 else {"title": "No"}
    return Line(f"PATCH /books/{key}", status, answer, sent=sent)


def put(sent: dict[str, Any], answer: dict[str, Any], key: int = 7) -> Line:
    """A book is replaced."""
    return Line(f"PUT /books/{key}", 200, {"id": key, **answer}, sent=sent)


def listed(*books: dict[str, Any], total: int | None = None, query: str = "") -> Line:
    """Books are listed."""
    count = len(books) if total is None else total
    return Line(f"GET /books{query}", 200, {"items": list(books), "total": count})


def found(law: str, *lines: Line) -> list[tuple[str, str]]:
    """Problem and place of each chance, in order; empty texts where it was kept."""
    return [(one.problem, one.place) for one in chances(law, *lines)]


def chances(law: str, *lines: Line) -> list[Chance]:
    """What a law finds in these lines."""
    return judged(law, LIBRARY, *lines)


KEPT = ("", "")
