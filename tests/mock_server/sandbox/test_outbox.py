"""The outbox of a sandbox."""

from datetime import UTC, datetime
from itertools import count

import pytest

from mock_server.sandbox.memory import MemoryStore
from mock_server.sandbox.outbox import Outbox

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)


def outbox_in(store: MemoryStore) -> Outbox:
    """An outbox whose ids are 1, 2, 3."""
    numbers = count(1)
    return Outbox(store, lambda: NOW, lambda: str(next(numbers)))


def test_mails_and_webhooks_have_the_same_fields() -> None:
    """The entries, oldest first, with null where a kind has no such thing."""
    outbox = outbox_in(MemoryStore())
    outbox.mail(
        to="ada@example.com",
        subject="Hello",
        text="Open http://x/1",
        html="<a href='http://x/1'>Open</a>",
        links=("http://x/1",),
    )
    outbox.webhook(url="https://example.com/hook", body={"event": [1, None]})
    at = "2026-01-31T10:00:00.000Z"
    assert outbox.entries() == [
        {
            "id": "1",
            "kind": "mail",
            "at": at,
            "to": "ada@example.com",
            "subject": "Hello",
            "text": "Open http://x/1",
            "html": "<a href='http://x/1'>Open</a>",
            "links": ["http://x/1"],
            "url": None,
            "body": None,
        },
        {
            "id": "2",
            "kind": "webhook",
            "at": at,
            "to": None,
            "subject": None,
            "text": None,
            "html": None,
            "links": [],
            "url": "https://example.com/hook",
            "body": {"event": [1, None]},
        },
    ]


def test_an_entry_does_not_change_afterwards() -> None:
    """Neither the sender nor a reader can change what was sent."""
    outbox = outbox_in(MemoryStore())
    body = {"status": "CREATED"}
    outbox.webhook(url="https://example.com", body=body)
    body["status"] = "RUNNING"
    outbox.entries()[0]["body"]["status"] = "FAILED"
    assert outbox.entries()[0]["body"] == {"status": "CREATED"}


def test_nothing_is_sent_by_an_undone_transaction() -> None:
    """An operation that refuses sends no mail."""
    store = MemoryStore()
    outbox = outbox_in(store)

    def send_and_fail() -> None:
        with store.transaction():
            outbox.mail(to="a@example.com", subject="", text="")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        send_and_fail()
    assert outbox.entries() == []


def test_clear_forgets_every_entry() -> None:
    """And what is sent later is kept."""
    outbox = outbox_in(MemoryStore())
    for _ in range(3):
        outbox.webhook(url="https://example.com", body=None)
    outbox.clear()
    assert outbox.entries() == []
    outbox.webhook(url="https://example.com/later", body=None)
    assert [entry["url"] for entry in outbox.entries()] == ["https://example.com/later"]
