"""The rooms' description, and what many histories of them are made of."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.contracts.histories import Line, judged
from tests.contracts.provoking import api_at

ROOMS = api_at(Path(__file__).with_name("rooms.yaml"))
LETTERS = api_at(Path(__file__).with_name("letters.yaml"))
KEPT = ("", "")


def room(key: int, **values: Any) -> dict[str, Any]:
    """A room as it is shown."""
    return {"id": key, "title": f"Room {key}", "price": 10, "kind": "single", **values}


def made(key: int, **values: Any) -> Line:
    """A room is created."""
    shown = room(key, **values)
    sent = {name: value for name, value in shown.items() if name != "id"}
    return Line("POST /rooms", 201, shown, sent=sent)


def listed(query: str, rooms: Sequence[dict[str, Any]], total: int | None = None) -> Line:
    """Rooms are listed, as they are asked for."""
    count = len(rooms) if total is None else total
    return Line(f"GET /rooms{query}", 200, {"rooms": list(rooms), "total": count})


def page(number: int, *keys: int, total: int, size: int = 2, query: str = "") -> Line:
    """A page of rooms with these keys."""
    asked = f"?size={size}&page={number}{query}"
    return listed(asked, [room(key) for key in keys], total)


def found(law: str, *lines: Line) -> list[tuple[str, str]]:
    """Problem and place of each chance, in order; empty texts where it was kept."""
    return [(one.problem, one.place) for one in judged(law, ROOMS, *lines)]


def of_letters(law: str, *lines: Line) -> list[tuple[str, str, str]]:
    """The same of histories of letters, with the operation where it went wrong."""
    chances = judged(law, LETTERS, *lines)
    return [(one.problem, one.place, one.where.operation.name) for one in chances]
