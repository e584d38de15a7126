"""Lists: which items, in which order, which page of them, told from the names of parameters."""

import operator
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from openapi import shapes
from openapi.description import Operation, Parameter
from openapi.schemas import Schema
from openapi.shapes import spelling

Item = dict[str, Any]

_SIZES = {
    *("limit", "perpage", "pagesize", "size", "maxresults", "maxitems", "pagelimit", "take"),
    *("top", "resultsperpage", "itemsperpage", "num", "maxpagesize"),
}
_OFFSETS = {"offset", "skip", "start", "startindex", "from", "startat"}
_PAGES = {"page", "pagenumber", "pageindex", "pageno", "currentpage", "pagenum"}
_CURSORS = {
    *("cursor", "after", "startingafter", "marker", "pagetoken", "nextcursor", "nexttoken"),
    *("pagecursor", "continuationtoken", "nextmarker", "nextpagetoken", "startkey", "since"),
}
_PAGING = _SIZES | _OFFSETS | _PAGES | _CURSORS
_SORTS = {"sort", "sortby", "orderby", "ordering", "sorting", "order"}
_DIRECTIONS = {"order", "direction", "sortorder", "sortdirection", "orderdirection", "sortdir"}
_DESCENDING = re.compile(r"[:\s]+(desc|descending|asc|ascending)$", re.IGNORECASE)
TOTALS = {
    *("total", "totalcount", "totalitems", "totalelements", "totalresults", "totalrecords"),
    *("itemcount", "resultcount", "numfound", "totalrows", "totalsize", "totalentries"),
}
"""What the number of all items is called beside a page of them, in its `spelling`."""
_PAGE_SIZE = 20
"""Items on a page where a page or cursor is documented and no size."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, and how it lies in the whole."""

    items: list[Item]
    total: int
    offset: int
    size: int | None
    """How many items a page holds; None: all."""
    first_page: int
    """The number of the first page: 1, or 0 where the description counts from there."""

    @property
    def more(self) -> bool:
        """Whether items follow."""
        return self.offset + len(self.items) < self.total

    @property
    def number(self) -> int:
        """The number of this page."""
        return self.first_page + (self.offset // self.size if self.size else 0)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.total // self.size) if self.size else 1


class Paging:
    """How an operation cuts a list into pages, told from the names of its query parameters."""

    def __init__(self, operation: Operation, item: Schema) -> None:
        queried = [one for one in operation.parameters if one.place == "query"]
        paging = [one for one in queried if spelling(one.name) in _PAGING]
        if len(paging) == 1 and spelling(paging[0].name) in map(spelling, shapes.properties(item)):
            # Alone, and called like a property: the size of a shoe, not of a page.
            queried = []
        self.size = _first(queried, _SIZES)
        self.offset = _first(queried, _OFFSETS)
        self.page = _first(queried, _PAGES)
        self.cursor = _first(queried, _CURSORS)
        if self.cursor is not None and self.cursor.name == "since" and self.page is not None:
            self.cursor = None
        self.used = {one.name for one in (self.size, self.offset, self.page, self.cursor) if one}
        self.first_page = _first_page(self.page)
        """The number of the first page: 1, or 0 where the description counts from there."""
        self.default_size = _number(self.size, "default")
        self.most = _number(self.size, "maximum")

    def bounds(
        self, query: Mapping[str, Any], keys: Callable[[str], int | None]
    ) -> tuple[int, int | None]:
        """Offset and size of the page that is asked for.

        `keys` tells the position behind the item with a key: cursors may be keys.
        """
        size = self._asked_size(query)
        if self.cursor is not None and self.cursor.name in query:
            return _position(str(query[self.cursor.name]), keys), size
        if self.offset is not None and isinstance(query.get(self.offset.name), int):
            return max(query[self.offset.name], 0), size
        if self.page is not None and isinstance(query.get(self.page.name), int) and size:
            return max(query[self.page.name] - self.first_page, 0) * size, size
        return 0, size

    def _asked_size(self, query: Mapping[str, Any]) -> int | None:
        asked = query.get(self.size.name) if self.size is not None else None
        if isinstance(asked, int) and not isinstance(asked, bool):
            most = asked if self.most is None else self.most
            return max(min(asked, most), 0)
        if self.default_size is not None:
            return self.default_size
        if self.page is not None or self.cursor is not None:
            return min(_PAGE_SIZE, self.most or _PAGE_SIZE)
        return None

    def page_of(self, items: list[Item], total: int, offset: int, size: int | None) -> Page:
        """The page that these items are."""
        return Page(items, total, offset, size, self.first_page)

    def at(self, page: Page, offset: int) -> dict[str, str]:
        """The query parameters that ask for the page that begins there."""
        if self.cursor is not None:
            return {self.cursor.name: cursor(offset)} if offset else {}
        if self.offset is not None:
            return {self.offset.name: str(offset)}
        if self.page is not None and page.size:
            return {self.page.name: str(self.first_page + offset // page.size)}
        return {}


def cursor(offset: int) -> str:
    """The text that stands for a position in a list."""
    return urlsafe_b64encode(f"o{offset}".encode()).decode().rstrip("=")


def _position(text: str, keys: Callable[[str], int | None]) -> int:
    try:
        decoded = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (ValueError, UnicodeDecodeError):
        decoded = ""
    if re.fullmatch(r"o[0-9]{1,15}", decoded):
        return int(decoded[1:])
    return keys(text) or 0


def _first(parameters: list[Parameter], names: set[str]) -> Parameter | None:
    return next((one for one in parameters if spelling(one.name) in names), None)


def _number(parameter: Parameter | None, name: str) -> int | None:
    value = shapes.keyword(parameter.schema, name) if parameter is not None else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _first_page(parameter: Parameter | None) -> int:
    if parameter is None:
        return 1
    known = [shapes.keyword(parameter.schema, name) for name in ("default", "minimum")]
    return 0 if known[0] == 0 or (known[0] is None and known[1] == 0) else 1


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list may be asked for: a property, and how it is compared."""

    path: tuple[str, ...]
    operator: str = "in"
    """`in`, `ne`, `gt`, `gte`, `lt` or `lte`; equality is `in` with one value."""

    def passes(self, item: Mapping[str, Any], wanted: Any) -> bool:
        """Whether an item has what is wanted."""
        value = _at(item, self.path)
        if self.operator == "in":
            return _matches(value, wanted)
        if self.operator == "ne":
            return not _matches(value, wanted)
        numbers = isinstance(value, int | float) and isinstance(wanted, int | float)
        if not numbers and not (isinstance(value, str) and isinstance(wanted, str)):
            return False
        return _COMPARISONS[self.operator](value, wanted)


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


class Filters:
    """Which query parameters filter a list, and by which properties."""

    def __init__(self, operation: Operation, item: Schema, used: set[str]) -> None:
        self._described = shapes.properties(item)
        self._filters: list[tuple[str, Filter]] = []
        self._deep: list[str] = []
        for parameter in operation.parameters:
            if parameter.place != "query" or parameter.name in used:
                continue
            if shapes.properties(parameter.schema) and parameter.style == "deepObject":
                self._deep.append(parameter.name)
                continue
            meant = _filter(parameter.name, self._described)
            if meant is not None:
                self._filters.append((parameter.name, meant))

    def wanted(self, query: Mapping[str, Any]) -> list[tuple[Filter, Any]]:
        """The filters of a query, and what is wanted there."""
        found = [(meant, query[name]) for name, meant in self._filters if name in query]
        for name in self._deep:
            inner = query.get(name)
            for key, value in inner.items() if isinstance(inner, dict) else ():
                # As in `filter[status]=open`, or in `price[gte]=5`.
                meant = _filter(key, self._described) or _filter(f"{name}.{key}", self._described)
                if meant is not None:
                    found.append((meant, value))
        return found


def _filter(name: str, described: Mapping[str, Schema]) -> Filter | None:
    """The filter that a parameter's name means; dots and brackets lead inside."""
    pieces = [piece for piece in re.split(r"[.\[\]]+|__", name.lstrip("$")) if piece]
    if len(pieces) > 1 and spelling(pieces[0]) in {"filter", "filters", "where", "q"}:
        pieces = pieces[1:]
    how = "in"
    if len(pieces) > 1 and spelling(pieces[-1]) in {"in", "eq", "ne", *_COMPARISONS}:
        how = spelling(pieces.pop()).replace("eq", "in")
    found: list[str] = []
    for piece in pieces:
        by_spelling = {spelling(one): one for one in described}
        if spelling(piece) not in by_spelling:
            return None
        found.append(by_spelling[spelling(piece)])
        described = shapes.properties(described[found[-1]])
    return Filter(tuple(found), how) if found else None


def fits(item: Mapping[str, Any], wanted: list[tuple[Filter, Any]]) -> bool:
    """Whether an item passes all filters."""
    return all(meant.passes(item, value) for meant, value in wanted)


def _at(item: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        item = item.get(name) if isinstance(item, Mapping) else None
    return item


def _matches(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return not wanted or any(_matches(value, one) for one in wanted)
    if isinstance(wanted, str) and "," in wanted and value != wanted:
        # Several values with commas between them, as many APIs take them.
        return _matches(value, wanted.split(","))
    if isinstance(value, list):
        return any(_matches(one, wanted) for one in value)
    if isinstance(value, Mapping):
        return any(_matches(one, wanted) for one in value.values() if not isinstance(one, Mapping))
    if isinstance(value, bool) or isinstance(wanted, bool):
        return bool(str(value).lower() == str(wanted).lower())
    return bool(value == wanted or (value is not None and str(value) == str(wanted)))


class Sorting:
    """How an operation's query sorts a list."""

    def __init__(self, operation: Operation, item: Schema) -> None:
        queried = [one for one in operation.parameters if one.place == "query"]
        sorts = [one for one in queried if spelling(one.name) in _SORTS]
        sorts.sort(key=lambda one: spelling(one.name) in _DIRECTIONS)
        self._by = sorts[0].name if sorts else None
        ways = [one.name for one in queried if spelling(one.name) in _DIRECTIONS]
        self._way = next((name for name in ways if name != self._by), None)
        self._described = {spelling(name): name for name in shapes.properties(item)}

    @property
    def names(self) -> set[str]:
        """The query parameters that sort."""
        return {name for name in (self._by, self._way) if name is not None}

    def keys(self, query: Mapping[str, Any]) -> list[tuple[str, bool]]:
        """Properties to sort by, the first one first, each with whether it descends."""
        given = query.get(self._by or "")
        texts: list[str] = []
        if isinstance(given, Mapping):
            texts = [f"{name}:{_direction(way)}" for name, way in given.items()]
        elif given is not None:
            several = given if isinstance(given, list) else str(given).split(",")
            texts = [str(one) for one in several]
        turned = str(query.get(self._way or "", "")).lower().startswith("desc")
        found: list[tuple[str, bool]] = []
        for text in texts:
            if found and text.strip().lower() in {"asc", "desc"}:
                # As in `sort=name,desc`.
                found[-1] = (found[-1][0], text.strip().lower() == "desc")
                continue
            way = _DESCENDING.search(text.strip())
            bare = text.strip()[: way.start() if way else None]
            descends = way[1].lower().startswith("desc") if way else bare.startswith("-") or turned
            name = self._described.get(spelling(bare))
            if name is not None:
                found.append((name, descends))
        return found


def _direction(way: Any) -> str:
    return "desc" if str(way).lower() in {"-1", "desc", "descending"} else "asc"


def in_order(items: list[Item], keys: list[tuple[str, bool]]) -> list[Item]:
    """The items sorted; those without a value come first, or last when it descends."""
    for name, descends in reversed(keys):
        items = sorted(items, key=lambda item: _sortable(item.get(name)), reverse=descends)
    return items


def _sortable(value: Any) -> tuple[int, Any]:
    if value is None:
        return (0, 0)
    if isinstance(value, int | float):
        return (1, value)
    return (2, str(value))


def url_with(base: str, query: str, changes: Mapping[str, str], drop: set[str]) -> str:
    """A URL with some of its query parameters changed, those in `drop` left out before."""
    pairs = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] not in drop]
    text = urlencode([*pairs, *changes.items()])
    return f"{base}?{text}" if text else base
