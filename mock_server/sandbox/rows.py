"""The rows of one table in memory: by id, in the order of creation, and by what they hold."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from heapq import merge
from itertools import islice
from typing import Any

from mock_server.sandbox.index import Index, Key, key_of, tells_equals
from mock_server.sandbox.store import Row, Where

Kept = tuple[int, Row]
"""A row with its number: the later one was put first, the larger."""

_MOST_INDEXES = 16
"""How many fields of a table are indexed; each costs a little at every change."""

_NEAR = 100
"""How many rows are walked over rather than listed."""

_Wanted = list[tuple[str, Sequence[Any]]]
"""Fields, each with the values that it may hold."""


class Rows:
    """Keeps what it is given, and gives out what it keeps: copies are the store's business."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}
        self._last = 0
        self._in_order = True
        """Whether the dictionary is in the order of the numbers."""
        self._ids: list[str] | None = None
        """The ids in order, made when somebody asks for a page in the middle."""
        self._indexes: dict[str, Index] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, id: str) -> Row | None:
        """The row under that id, if there is one."""
        kept = self._kept.get(id)
        return None if kept is None else kept[1]

    def put(self, id: str, row: Row) -> Kept | None:
        """Keep the row, in the place of the one before it; what `back` needs to undo that."""
        before = self._kept.get(id)
        if before is None:
            self._last += 1
            self._set(id, None, (self._last, row))
        else:
            self._set(id, before, (before[0], row))
        return before

    def delete(self, id: str) -> Kept | None:
        """Forget the row, if there is one; what `back` needs to undo that."""
        before = self._kept.get(id)
        self._set(id, before, None)
        return before

    def back(self, id: str, before: Kept | None) -> None:
        """Undo the latest change under that id that is not undone yet."""
        present = self._kept.get(id)
        self._set(id, present, before)
        if present is None:
            self._in_order, self._ids = False, None

    def _set(self, id: str, before: Kept | None, after: Kept | None) -> None:
        if after is not None:
            self._kept[id] = after
            if before is None and self._ids is not None:
                self._ids.append(id)
        elif before is not None:
            del self._kept[id]
            self._ids = None
        for field, index in self._indexes.items():
            if before is not None:
                index.remove(before[1].get(field), before[0], id)
            if after is not None:
                index.add(after[1].get(field), after[0], id)

    def ids(self) -> list[str]:
        """The ids in the order of creation."""
        return list(self._ordered())

    def find(
        self, where: Where | None, *, sort: str | None, descending: bool, offset: int, stop: int
    ) -> list[Row]:
        """The rows that fit, from the one with that offset to the one before `stop`."""
        if where:
            ids = self._fitting(where, sort, descending=descending, offset=offset, stop=stop)
        elif sort is not None:
            found = self._index(sort).sorted(descending=descending, offset=offset)
            ids = islice(found, max(0, stop - offset))
        else:
            ids = self._page(descending=descending, offset=offset, stop=stop)
        return [self._kept[id][1] for id in ids]

    def count(self, where: Where | None) -> int:
        """How many rows fit."""
        if not where:
            return len(self._kept)
        narrow, rest = self._narrowed(where)
        if narrow is not None and not rest:
            return narrow.size
        return sum(1 for _ in self._walk(narrow, rest, descending=False))

    def _fitting(
        self, where: Where, sort: str | None, *, descending: bool, offset: int, stop: int
    ) -> Iterable[str]:
        narrow, rest = self._narrowed(where)
        if sort is None:
            if narrow is not None and not rest:
                return islice(narrow.ids(descending, offset), max(0, stop - offset))
            return islice(self._walk(narrow, rest, descending=descending), offset, stop)
        size = len(self._kept) if narrow is None else narrow.size
        # Sort all that fit, or look through the sorted ones until the page is full.
        if size * size <= len(self._kept) * stop:
            ids = self._walk(narrow, rest, descending=False)
            return sorted(ids, key=partial(self._key, sort), reverse=descending)[offset:stop]
        wanted = [(field, _alternatives(value)) for field, value in where.items()]
        ids = self._index(sort).sorted(descending=descending)
        return islice(self._filtered(ids, wanted), offset, stop)

    def _key(self, field: str, id: str) -> Key:
        return key_of(self._kept[id][1].get(field))

    def _narrowed(self, where: Where) -> "tuple[_Narrow | None, _Wanted]":
        """The index that leaves the fewest rows, and what they have to hold besides."""
        wanted = [(field, _alternatives(value)) for field, value in where.items()]
        best, rest = None, wanted
        for field, values in wanted:
            keys = list(dict.fromkeys(key_of(value) for value in values))
            if all(tells_equals(key) for key in keys):
                narrow = _Narrow(self._index(field), keys)
                if best is None or narrow.size < best.size:
                    best, rest = narrow, [other for other in wanted if other[0] != field]
        return best, rest

    def _walk(
        self, narrow: "_Narrow | None", rest: "_Wanted", *, descending: bool
    ) -> Iterator[str]:
        """The ids of the rows that fit, by age."""
        if narrow is not None:
            return self._filtered(narrow.ids(descending), rest)
        rows = self._ordered()
        return self._filtered(reversed(rows) if descending else rows, rest)

    def _filtered(self, ids: Iterable[str], wanted: "_Wanted") -> Iterator[str]:
        for id in ids:
            row = self._kept[id][1]
            if all(row.get(field) in values for field, values in wanted):
                yield id

    def _ordered(self) -> dict[str, Kept]:
        if not self._in_order:
            # A deletion that was undone put its row to the end.
            self._kept = dict(sorted(self._kept.items(), key=lambda item: item[1][0]))
            self._in_order = True
        return self._kept

    def _page(self, *, descending: bool, offset: int, stop: int) -> Iterable[str]:
        rows = self._ordered()
        if offset < _NEAR:
            return islice(reversed(rows) if descending else rows, offset, stop)
        if self._ids is None:
            self._ids = list(rows)
        if not descending:
            return self._ids[offset:stop]
        size = len(rows)
        return reversed(self._ids[max(0, size - stop) : max(0, size - offset)])

    def _index(self, field: str) -> Index:
        index = self._indexes.get(field)
        if index is None:
            if len(self._indexes) == _MOST_INDEXES:
                del self._indexes[next(iter(self._indexes))]
            rows = self._kept.items()
            index = Index((row.get(field), number, id) for id, (number, row) in rows)
            self._indexes[field] = index
        return index


class _Narrow:
    """The rows that hold one of these values in an indexed field."""

    def __init__(self, index: Index, keys: Sequence[Key]) -> None:
        self._index = index
        self._keys = keys
        self.size = sum(index.count(key) for key in keys)

    def ids(self, descending: bool, offset: int = 0) -> Iterator[str]:
        """Their ids by age, beginning so many behind the first."""
        if len(self._keys) == 1:
            return self._index.holding(self._keys[0], descending=descending, offset=offset)
        each = [self._index.numbered(key, descending=descending) for key in self._keys]
        ids = (id for _, id in merge(*each, reverse=descending))
        return islice(ids, offset, None)


def _alternatives(value: Any) -> Sequence[Any]:
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
