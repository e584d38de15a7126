"""Comma-separated values (RFC 4180): a row for each object, a column for each property."""

import csv
import io
from typing import Any

from mock_server.gateway import json_text


def rendered(body: Any) -> str:
    """The text of a list of objects, of one object, or of plain values one below the other."""
    rows = body if isinstance(body, list) else [body]
    names = list(dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    if names:
        writer.writerow(names)
    for row in rows:
        cells = [row.get(name) for name in names] if isinstance(row, dict) else [row]
        writer.writerow(map(_cell, cells))
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json_text.rendered(value).decode()
