"""The journal of a sandbox."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mock_server.sandbox.journal import KEPT, Entry, Journal

ENTRY = Entry(
    at=datetime(2026, 1, 31, 10, 0, 0, 123456, tzinfo=UTC),
    api="didomi",
    operation="createLink",
    answered_by="written",
    method="POST",
    url="http://localhost/didomi/dsar/links?organization_id=org-1",
    request_headers=[(b"Accept", b"*/*")],
    request_body=b'{"lifetime":0}',
    status=400,
    response_headers=[(b"content-type", b"application/json")],
    response_body=b'{"code":400}',
    problems=[("body", "/lifetime", "0 is less than 1")],
    milliseconds=1.23456,
)


def only(entry: Entry) -> dict[str, Any]:
    """The entry as the control API tells it."""
    journal = Journal()
    journal.record(entry)
    [told] = journal.entries()
    return told


def test_an_entry_tells_the_whole_exchange() -> None:
    """Request, answer, the operation, the faults and how long it took."""
    assert only(ENTRY) == {
        "id": "1",
        "at": "2026-01-31T10:00:00.123Z",
        "api": "didomi",
        "operation": "createLink",
        "answered_by": "written",
        "request": {
            "method": "POST",
            "url": "http://localhost/didomi/dsar/links?organization_id=org-1",
            "headers": {"accept": "*/*"},
            "body": {"lifetime": 0},
        },
        "response": {
            "status": 400,
            "headers": {"content-type": "application/json"},
            "body": {"code": 400},
        },
        "problems": [{"in": "body", "pointer": "/lifetime", "message": "0 is less than 1"}],
        "milliseconds": 1.235,
    }


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", None),
        (b"null", None),
        (b"0", 0),
        (b'{"a": [1.5, "\xc3\xa9"]}', {"a": [1.5, "é"]}),
        (b"a=b&c=d", "a=b&c=d"),
        (b"{broken", "{broken"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"NaN", "NaN"),
        (b'{"a": [-Infinity]}', '{"a": [-Infinity]}'),
        (b"1e999", "1e999"),
        (b"[1, -1e999]", "[1, -1e999]"),
        (b"9" * 5000, "9" * 5000),
        (b"[" * 5000, "[" * 5000),
    ],
)
def test_a_body_is_json_or_its_text(body: bytes, told: Any) -> None:
    """A value that JSON can tell, else the text as it was sent, else nothing."""
    assert only(replace(ENTRY, request_body=body))["request"]["body"] == told
    assert only(replace(ENTRY, response_body=body))["response"]["body"] == told


@given(st.binary(max_size=20) | st.sampled_from([b"NaN", b"[1e400]", b'"\\ud800"']))
def test_every_body_can_be_told_as_json(body: bytes) -> None:
    """One odd request must not make the journal unreadable."""
    json.dumps(only(replace(ENTRY, request_body=body)), allow_nan=False)


def test_repeated_headers_are_joined() -> None:
    """Names in small letters, values by commas, any byte as one character."""
    headers = [(b"Accept", b"text/html"), (b"X-Name", b"\xe9"), (b"ACCEPT", b"*/*")]
    told = only(replace(ENTRY, request_headers=headers))
    assert told["request"]["headers"] == {"accept": "text/html, */*", "x-name": "é"}


def test_only_the_latest_are_kept() -> None:
    """The oldest go first, and the numbers go on."""
    journal = Journal()
    for number in range(KEPT + 2):
        journal.record(replace(ENTRY, status=200 + number % 2))
    entries = journal.entries()
    assert len(entries) == KEPT
    assert (entries[0]["id"], entries[-1]["id"]) == ("3", str(KEPT + 2))


def test_clear_forgets_and_goes_on_counting() -> None:
    """An id never names two exchanges."""
    journal = Journal()
    journal.record(ENTRY)
    journal.clear()
    assert journal.entries() == []
    journal.record(ENTRY)
    assert [entry["id"] for entry in journal.entries()] == ["2"]
