"""The outbox: mails and webhooks that an API would have sent."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from mock_server.sandbox.clock import timestamp
from mock_server.sandbox.store import Row, Store

TABLE = "understudy.outbox"


class Outbox:
    """Keeps what would have left the machine; part of the operation's transaction."""

    def __init__(
        self, store: Store, now: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._store = store
        self._now = now
        self._new_id = new_id

    def mail(
        self,
        *,
        to: str,
        subject: str,
        text: str,
        html: str | None = None,
        links: Sequence[str] = (),
    ) -> None:
        """Put a mail in; `links` are the URLs in its text, for tests that click them."""
        self._put("mail", to=to, subject=subject, text=text, html=html, links=list(links))

    def webhook(self, *, url: str, body: Any) -> None:
        """Put in a webhook: a JSON body to be posted to that URL."""
        self._put("webhook", url=url, body=body)

    def entries(self) -> list[Row]:
        """Everything put in, oldest first."""
        return self._store.find(TABLE)

    def clear(self) -> None:
        """Forget every entry."""
        with self._store.transaction():
            for id in self._store.ids(TABLE):
                self._store.delete(TABLE, id)

    def _put(self, kind: str, **content: Any) -> None:
        id = self._new_id()
        entry: Row = {
            "id": id,
            "kind": kind,
            "at": timestamp(self._now()),
            "to": None,
            "subject": None,
            "text": None,
            "html": None,
            "links": [],
            "url": None,
            "body": None,
        }
        self._store.put(TABLE, id, entry | content)
