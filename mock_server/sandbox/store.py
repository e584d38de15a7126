"""What a sandbox keeps: rows of JSON in named tables, changed within transactions."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

Row = dict[str, Any]
"""A JSON object; date-times are text."""

Where = Mapping[str, Any]
"""Field to the value it must have, or to a list, tuple or set of values it may have."""


OPENED = "understudy.collections"
"""The table that knows which inferred collections hold their first items already."""


class Store(Protocol):
    """Keeps the rows of one sandbox.

    Rows go in and come out as copies: what a caller changes in one is not changed here.
    """

    def transaction(self) -> AbstractContextManager[None]:
        """All changes inside are kept when it ends well, and undone when it raises."""
        ...

    def get(self, table: str, id: str) -> Row | None:
        """The row under that id, if there is one."""
        ...

    def put(self, table: str, id: str, row: Row) -> None:
        """Keep the row under that id, in the place of the one before it."""
        ...

    def delete(self, table: str, id: str) -> None:
        """Forget the row; does nothing where there is none."""
        ...

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
        """The rows that fit, sorted by a field, or else in the order they were first put."""
        ...

    def count(self, table: str, where: Where | None = None) -> int:
        """How many rows fit."""
        ...

    def ids(self, table: str) -> Sequence[str]:
        """The ids of a table in the order they were first put."""
        ...

    def tables(self) -> Sequence[str]:
        """The names of the tables that hold rows."""
        ...

    def clear(self) -> None:
        """Forget every row."""
        ...


class Table:
    """One table of a store, as a behaviour sees it."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name

    def get(self, id: str) -> Row | None:
        """An own copy of the row under that id: change it and put it back."""
        return self._store.get(self._name, id)

    def put(self, id: str, row: Row) -> None:
        """Keep the row, which holds JSON values only, under that id."""
        self._store.put(self._name, id, row)

    def delete(self, id: str) -> None:
        """Forget the row; does nothing where there is none."""
        self._store.delete(self._name, id)

    def find(
        self,
        where: Where | None = None,
        *,
        sort: str | None = None,
        descending: bool = False,
        offset: int = 0,
        limit: int | None = None,
    ) -> list[Row]:
        """The rows that fit, sorted by a field, or else in the order they were first put."""
        return self._store.find(
            self._name, where, sort=sort, descending=descending, offset=offset, limit=limit
        )

    def count(self, where: Where | None = None) -> int:
        """How many rows fit."""
        return self._store.count(self._name, where)


def rows_by_table(store: Store) -> Iterator[tuple[str, dict[str, Row]]]:
    """Every table with its rows by id, for the control API's state."""
    for table in store.tables():
        ids = store.ids(table)
        yield table, dict(zip(ids, store.find(table), strict=True))
