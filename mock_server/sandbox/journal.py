"""The journal: every exchange of a sandbox with the operation that answered it."""

import json
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from math import isfinite
from typing import Any

import msgspec

from mock_server.sandbox.clock import timestamp

KEPT = 5_000
"""How many exchanges a journal holds; the oldest go first."""

Headers = Sequence[tuple[bytes, bytes]]


class Entry(msgspec.Struct, array_like=True, gc=False):
    """One exchange as it went over the wire; rendered only when somebody asks."""

    at: datetime
    api: str
    operation: str | None
    answered_by: str
    method: str
    url: str
    request_headers: Headers
    request_body: bytes
    status: int
    response_headers: Headers
    response_body: bytes
    problems: Sequence[tuple[str, str, str]]
    """Place, pointer and message of each fault."""
    milliseconds: float


_packed = msgspec.msgpack.Encoder().encode
_unpacked = msgspec.msgpack.Decoder(Entry).decode


class Journal:
    """The latest exchanges, oldest first.

    Each is packed into one piece of memory: thousands of dozens of small ones, long out of the
    processor's reach when their turn to go comes, would cost more than the packing.
    """

    def __init__(self) -> None:
        self._entries: deque[bytes] = deque(maxlen=KEPT)
        self._number = 0

    def record(self, entry: Entry) -> None:
        """Add an exchange."""
        self._number += 1
        self._entries.append(_packed(entry))

    def entries(self) -> list[dict[str, Any]]:
        """The exchanges in the shape of the control API."""
        first = self._number - len(self._entries) + 1
        return [_rendered(number, _unpacked(it)) for number, it in enumerate(self._entries, first)]

    def clear(self) -> None:
        """Forget every exchange; numbers go on."""
        self._entries.clear()


def _rendered(number: int, entry: Entry) -> dict[str, Any]:
    return {
        "id": str(number),
        "at": timestamp(entry.at),
        "api": entry.api,
        "operation": entry.operation,
        "answered_by": entry.answered_by,
        "request": {
            "method": entry.method,
            "url": entry.url,
            "headers": _headers(entry.request_headers),
            "body": _body(entry.request_body),
        },
        "response": {
            "status": entry.status,
            "headers": _headers(entry.response_headers),
            "body": _body(entry.response_body),
        },
        "problems": [
            {"in": place, "pointer": pointer, "message": message}
            for place, pointer, message in entry.problems
        ],
        "milliseconds": round(entry.milliseconds, 3),
    }


def _headers(headers: Headers) -> dict[str, str]:
    """Field names in lower case; repeated fields joined by commas (RFC 9110 section 5.3)."""
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _body(body: bytes) -> Any:
    """The JSON value that the body holds, else its text; None where it is empty."""
    if not body:
        return None
    text = body.decode("utf-8", errors="replace")
    try:
        return json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        return text


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    # What JSON cannot tell must not be in a journal that is told as JSON.
    return number if isfinite(number) else _no_number(text)
