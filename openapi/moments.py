"""Dates and times as descriptions and JSON have them: texts that mean moments."""

from datetime import UTC, date, datetime
from typing import Any

_DAY = len("2024-01-01")


def instant(text: Any) -> datetime | None:
    """The moment that a text means, where it is a date-time or a date; one without zone is UTC."""
    if not isinstance(text, str) or not text[:4].isdigit():
        return None
    try:
        if len(text) == _DAY:
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        found = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
