"""The store in memory: tables, and notes on how to undo the open transaction."""

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import msgspec

from mock_server.sandbox.rows import Kept, Rows
from mock_server.sandbox.store import Row, Where

_copied: Any = msgspec.to_builtins
"""A copy of JSON objects and arrays; what neither is, nobody can change."""


class MemoryStore:
    """Keeps a sandbox's rows as long as the process lives."""

    def __init__(self) -> None:
        self._tables: dict[str, Rows] = {}
        self._transaction = _Transaction()

    def transaction(self) -> AbstractContextManager[None]:
        """Undo every change inside when it raises; one within another belongs to the outer."""
        return self._transaction

    def get(self, table: str, id: str) -> Row | None:
        """A copy of the row under that id, if there is one."""
        rows = self._tables.get(table)
        row = None if rows is None else rows.get(id)
        return None if row is None else _copied(row)

    def put(self, table: str, id: str, row: Row) -> None:
        """Keep a copy of the row under that id, in the place of the one before it."""
        rows = self._tables.get(table)
        if rows is None:
            rows = self._tables[table] = Rows()
        before = rows.put(id, _copied(row))
        self._transaction.note(rows, id, before)

    def delete(self, table: str, id: str) -> None:
        """Forget the row; does nothing where there is none."""
        rows = self._tables.get(table)
        if rows is not None and rows.get(id) is not None:
            self._transaction.note(rows, id, rows.delete(id))

    def find(
        self,
        table: str,
        where: Where | None = None,
        *,
        sort: str | None = None,
        descending: bool = False,
        offset: int = 0,
        limit: int | None = None,
    ) -> list[Row]:
        """Copies of the rows that fit, sorted by a field, or else in the order of creation."""
        rows = self._tables.get(table)
        if rows is None:
            return []
        stop = sys.maxsize if limit is None else offset + limit
        found = rows.find(where, sort=sort, descending=descending, offset=offset, stop=stop)
        copies: list[Row] = _copied(found)
        return copies

    def count(self, table: str, where: Where | None = None) -> int:
        """How many rows fit."""
        rows = self._tables.get(table)
        return 0 if rows is None else rows.count(where)

    def ids(self, table: str) -> Sequence[str]:
        """The ids of a table in the order of creation."""
        rows = self._tables.get(table)
        return [] if rows is None else rows.ids()

    def tables(self) -> Sequence[str]:
        """The names of the tables that hold rows."""
        return [name for name, rows in self._tables.items() if len(rows)]

    def clear(self) -> None:
        """Forget every row."""
        with self._transaction:
            for name, rows in self._tables.items():
                for id in rows.ids():
                    self.delete(name, id)


class _Transaction(AbstractContextManager[None]):
    """The one transaction that may be open, however often it is entered."""

    def __init__(self) -> None:
        self._depth = 0
        self._changes: list[tuple[Rows, str, Kept | None]] = []

    def note(self, rows: Rows, id: str, before: Kept | None) -> None:
        """A row was changed; this is what was there before."""
        if self._depth:
            self._changes.append((rows, id, before))

    def __enter__(self) -> None:
        self._depth += 1

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._depth -= 1
        if self._depth == 0 and self._changes:
            changes, self._changes = self._changes, []
            if kind is not None:
                for rows, id, before in reversed(changes):
                    rows.back(id, before)
