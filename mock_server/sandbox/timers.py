"""Timers: what a sandbox's clock brings about by itself, such as an expiry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any

from mock_server.sandbox.clock import moment, timestamp
from mock_server.sandbox.store import Row, Store

TABLE = "understudy.timers"


@dataclass(frozen=True, slots=True)
class Due:
    """A function of an API's behaviour whose time has come."""

    at: datetime
    api: str
    call: str
    arguments: Mapping[str, Any]


class Timers:
    """Timers are rows, so that a refusal takes them back and a restored state brings them along.

    The heap only finds the next one fast; the rows are the truth.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._heap: list[tuple[datetime, int, str]] = []
        self._numbers = count()
        """Timers of the same moment happen in the order in which they were scheduled."""

    def schedule(self, id: str, due: Due) -> None:
        """Keep it until its time comes."""
        row = {"at": timestamp(due.at, 6), "api": due.api, "call": due.call}
        self._store.put(TABLE, id, row | {"arguments": dict(due.arguments)})
        heappush(self._heap, (due.at, next(self._numbers), id))

    def next_due(self, now: datetime) -> Due | None:
        """Take out the earliest timer that is due, if there is one."""
        while self._heap and self._heap[0][0] <= now:
            *_, id = heappop(self._heap)
            row = self._store.get(TABLE, id)
            if row is not None:
                self._store.delete(TABLE, id)
                return _due(row)
        return None

    def reload(self) -> None:
        """Look at the rows again, after they came from elsewhere.

        Raises ValueError where one of them is no timer.
        """
        rows = zip(self._store.ids(TABLE), self._store.find(TABLE), strict=True)
        self._heap = [(_due(row).at, next(self._numbers), id) for id, row in rows]
        heapify(self._heap)


def _due(row: Row) -> Due:
    match row:
        case {"at": str(at), "api": str(api), "call": str(call), "arguments": dict(arguments)}:
            try:
                return Due(moment(at).astimezone(UTC), api, call, arguments)
            except OverflowError as error:
                raise ValueError(f"the timer's moment {at} is out of range") from error
    raise ValueError(f"a timer needs `at`, `api`, `call` and `arguments`, not {row}")
