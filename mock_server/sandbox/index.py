"""An index: which rows hold which value in one field, in the order of the values."""

from collections.abc import Iterable, Iterator
from math import inf
from typing import Any

from sortedcontainers import SortedList

Key = tuple[int, Any]
"""A JSON value in an order that all have a place in."""

_OTHER = 3


def key_of(value: Any) -> Key:
    """Null, then numbers and booleans, then text, then the rest by its text."""
    if value is None:
        return (0, 0)
    if isinstance(value, int | float):
        # What is no number has no place among numbers.
        return (1, value) if value == value else (_OTHER, "nan")  # noqa: PLR0124
    if isinstance(value, str):
        return (2, value)
    return (_OTHER, str(value))


def tells_equals(key: Key) -> bool:
    """Whether values are equal just when their keys are: not so for arrays and objects."""
    return key[0] != _OTHER


class Index:
    """Ids by the value of one field; equals in the order of their rows' numbers."""

    def __init__(self, entries: Iterable[tuple[Any, int, str]]) -> None:
        """Begin with these values, numbers and ids of rows."""
        self._entries = SortedList((*key_of(value), number, id) for value, number, id in entries)

    def add(self, value: Any, number: int, id: str) -> None:
        """Take up a row."""
        self._entries.add((*key_of(value), number, id))

    def remove(self, value: Any, number: int, id: str) -> None:
        """Leave a row out."""
        self._entries.remove((*key_of(value), number, id))

    def count(self, key: Key) -> int:
        """How many rows hold it."""
        start, end = self._range(key)
        return end - start

    def holding(self, key: Key, *, descending: bool = False, offset: int = 0) -> Iterator[str]:
        """The ids of the rows that hold it, beginning so many behind the first."""
        return (id for _, id in self.numbered(key, descending=descending, offset=offset))

    def numbered(
        self, key: Key, *, descending: bool = False, offset: int = 0
    ) -> Iterator[tuple[int, str]]:
        """As `holding`, each behind its row's number."""
        start, end = self._range(key)
        if descending:
            end -= offset
        else:
            start += offset
        entries = self._entries.islice(start, max(start, end), reverse=descending)
        return ((number, id) for _, _, number, id in entries)

    def sorted(self, *, descending: bool = False, offset: int = 0) -> Iterator[str]:
        """The ids of all rows by their values, beginning so many behind the first."""
        if descending:
            return self._from_the_end(offset)
        return (id for *_, id in self._entries.islice(offset))

    def _range(self, key: Key) -> tuple[int, int]:
        return self._entries.bisect_left(key), self._entries.bisect_right((*key, inf))

    def _from_the_end(self, offset: int) -> Iterator[str]:
        """The largest values first, and still equals in the order of their numbers."""
        end = len(self._entries) - offset
        while end > 0:
            start, after = self._range(self._entries[end - 1][:2])
            for *_, id in self._entries.islice(start + after - end, after):
                yield id
            end = start
