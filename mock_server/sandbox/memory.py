"""The store in memory: dictionaries, and notes on how to undo the open transaction."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any

from mock_server.sandbox.store import Row, Where

_Rows = dict[str, Row | None]
"""Rows by id, in the order they were first put; None marks one deleted in this transaction."""


class MemoryStore:
    """Keeps a sandbox's rows as long as the process lives."""

    def __init__(self) -> None:
        self._tables: dict[str, _Rows] = {}
        self._undo: list[Callable[[], object]] | None = None
        self._reordered: set[str] = set()
        self._deleted: list[tuple[_Rows, str]] = []

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Undo every change inside when it raises; one within another belongs to the outer."""
        if self._undo is not None:
            yield
            return
        self._undo = []
        try:
            yield
        except BaseException:
            for undo in reversed(self._undo):
                undo()
            raise
        else:
            for rows, id in self._deleted:
                if id in rows and rows[id] is None:
                    del rows[id]
        finally:
            self._undo = None
            self._reordered.clear()
            self._deleted.clear()

    def get(self, table: str, id: str) -> Row | None:
        """A copy of the row under that id, if there is one."""
        row = self._tables.get(table, {}).get(id)
        return None if row is None else _copied(row)

    def put(self, table: str, id: str, row: Row) -> None:
        """Keep a copy of the row under that id, in the place of the one before it."""
        if self._undo is None:
            with self.transaction():
                self.put(table, id, row)
            return
        kept = _copied(row)
        rows = self._tables.setdefault(table, {})
        if id not in rows:
            self._undo.append(partial(rows.pop, id))
        elif rows[id] is None:
            # Deleted and put again: it is new, so it goes to the end of the table.
            if table not in self._reordered:
                self._reordered.add(table)
                self._undo.append(partial(_put_back, rows, dict(rows)))
            del rows[id]
        else:
            self._undo.append(partial(rows.__setitem__, id, rows[id]))
        rows[id] = kept

    def delete(self, table: str, id: str) -> None:
        """Forget the row; it leaves its place only when the transaction ends well."""
        rows = self._tables.get(table, {})
        if rows.get(id) is None:
            return
        with self.transaction():
            assert self._undo is not None
            self._undo.append(partial(rows.__setitem__, id, rows[id]))
            self._deleted.append((rows, id))
            rows[id] = None

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
        fitting: Iterable[Row] = self._fitting(table, where)
        if sort is not None:
            fitting = sorted(fitting, key=lambda row: _sortable(row.get(sort)), reverse=descending)
        elif descending:
            fitting = reversed(list(fitting))
        stop = None if limit is None else offset + limit
        return [_copied(row) for row in islice(fitting, offset, stop)]

    def count(self, table: str, where: Where | None = None) -> int:
        """How many rows fit."""
        return sum(1 for _ in self._fitting(table, where))

    def ids(self, table: str) -> Sequence[str]:
        """The ids of a table in the order of creation."""
        return [id for id, row in self._tables.get(table, {}).items() if row is not None]

    def tables(self) -> Sequence[str]:
        """The names of the tables that hold rows."""
        return [name for name in self._tables if self.ids(name)]

    def clear(self) -> None:
        """Forget every row."""
        with self.transaction():
            for name in self.tables():
                for id in self.ids(name):
                    self.delete(name, id)

    def _fitting(self, table: str, where: Where | None) -> Iterator[Row]:
        rows = (row for row in self._tables.get(table, {}).values() if row is not None)
        if not where:
            return rows
        allowed = [(field, _alternatives(value)) for field, value in where.items()]
        return (row for row in rows if all(row.get(f) in values for f, values in allowed))


def _put_back(rows: _Rows, before: _Rows) -> None:
    rows.clear()
    rows.update(before)


def _alternatives(value: Any) -> Sequence[Any]:
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]


def _sortable(value: Any) -> tuple[int, Any]:
    """JSON values of different types in one order: null, numbers and booleans, text, others."""
    if value is None:
        return (0, 0)
    if isinstance(value, int | float):
        return (1, value)
    if isinstance(value, str):
        return (2, value)
    return (3, str(value))


_CONTAINERS = {dict, list}


def _copied(value: Any) -> Any:
    """A copy of a JSON object or array; what neither is, nobody can change."""
    if type(value) is list:
        return [_copied(item) if type(item) in _CONTAINERS else item for item in value]
    copy = value.copy()
    for key, item in copy.items():
        if type(item) in _CONTAINERS:
            copy[key] = _copied(item)
    return copy
