"""Sequences of JSON values: JSON lines, JSON text sequences (RFC 7464) and server-sent events."""

from typing import Any

from mock_server.gateway import json_text
from mock_server.gateway.unreadable import Unreadable
from mock_server.refusals import Fault

_RECORD = "\x1e"
_LINES = {"application/jsonl", "application/x-ndjson", "application/ndjson", "application/x-jsonl"}
_EVENTS = "text/event-stream"


def _is_record_sequence(media_type: str) -> bool:
    return media_type == "application/json-seq" or media_type.endswith("+json-seq")


def is_read(media_type: str) -> bool:
    """Whether a body of that type is a list of JSON values."""
    return media_type in _LINES or _is_record_sequence(media_type)


def read(raw: bytes, _: str) -> list[Any]:
    """The values of a body. Raises Unreadable with the number of the wrong one."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"The body is not JSON: it is not UTF-8 at byte {error.start}."
        raise Unreadable(Fault("body", "", "contentMediaType", message)) from error
    # A record of RFC 7464 may go over several lines, a line of the others cannot.
    pieces = text.split(_RECORD) if text.startswith(_RECORD) else text.split("\n")
    found: list[Any] = []
    for piece in filter(str.strip, pieces):
        try:
            found.append(json_text.parsed(piece.encode()))
        except ValueError as error:
            message = f"The value {len(found)} of the body is not JSON: {error}."
            place = f"/{len(found)}"
            raise Unreadable(Fault("body", place, "contentMediaType", message)) from error
    return found


def rendered(values: Any, media_type: str) -> str | None:
    """The values as a body of that type; None where it is no sequence."""
    if not isinstance(values, list):
        return None
    if media_type in _LINES:
        return "".join(f"{_json(value)}\n" for value in values)
    if _is_record_sequence(media_type):
        return "".join(f"{_RECORD}{_json(value)}\n" for value in values)
    if media_type == _EVENTS:
        return "".join(f"{_event(value)}\n" for value in values)
    return None


def _json(value: Any) -> str:
    return json_text.rendered(value).decode()


def _event(value: Any) -> str:
    """One event (HTML standard, section 9.2.6); what is no object of its fields is its data."""
    known = ("event", "data", "id", "retry")
    fields = value if isinstance(value, dict) and "data" in value else {"data": value}
    return "".join(
        f"{name}: {line}\n"
        for name in known
        if fields.get(name) is not None
        for field in [fields[name]]
        for line in (field if isinstance(field, str) else _json(field)).splitlines() or [""]
    )
