"""Lists: in which order, and which page of them, told from the names of parameters."""

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
_DATES = {"date", "date-time"}
_SORTS = {"sort", "sortby", "orderby", "ordering", "sorting", "order"}
_DIRECTIONS = {"order", "direction", "sortorder", "sortdirection", "orderdirection", "sortdir"}
_DESCENDING = re.compile(r"[:\s_.|-]+(desc|descending|asc|ascending)$", re.IGNORECASE)
TOTALS = {
    *("total", "totalcount", "totalitems", "totalelements", "totalresults", "totalrecords"),
    *("itemcount", "resultcount", "numfound", "totalrows", "totalsize", "totalentries"),
}
"""What the number of all items is called beside a page of them, in its `spelling`."""
_DIGITS = re.compile(r"[0-9]{1,9}")
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
        # A date called `from` or `since` tells what is wanted, not where a page begins.
        queried = [one for one in queried if shapes.keyword(one.schema, "format") not in _DATES]
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
        offset, page = (_asked(query, one) for one in (self.offset, self.page))
        if offset is not None:
            return max(offset, 0), size
        if page is not None and size:
            return max(page - self.first_page, 0) * size, size
        return 0, size

    def _asked_size(self, query: Mapping[str, Any]) -> int | None:
        asked = _asked(query, self.size)
        if asked is not None:
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


def _asked(query: Mapping[str, Any], parameter: Parameter | None) -> int | None:
    """The number that is asked for; some descriptions call numbers texts."""
    value = query.get(parameter.name) if parameter is not None else None
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


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


class Sorting:
    """How an operation's query sorts a list."""

    def __init__(self, operation: Operation, item: Schema) -> None:
        queried = [one for one in operation.parameters if one.place == "query"]
        sorts = [one for one in queried if spelling(one.name) in _SORTS]
        sorts.sort(key=lambda one: spelling(one.name) in _DIRECTIONS)
        self.by = sorts[0] if sorts else None
        """The parameter that names properties."""
        ways = [one for one in queried if spelling(one.name) in _DIRECTIONS]
        self.way = next((one for one in ways if one is not self.by), None)
        """The one that says whether it descends, where that is another."""
        self._described = {spelling(name): name for name in shapes.properties(item)}

    @property
    def names(self) -> set[str]:
        """The query parameters that sort."""
        return {one.name for one in (self.by, self.way) if one is not None}

    def keys(self, query: Mapping[str, Any]) -> list[tuple[str, bool]]:
        """Properties to sort by, the first one first, each with whether it descends."""
        given = query.get(self.by.name) if self.by is not None else None
        texts: list[str] = []
        if isinstance(given, Mapping):
            texts = [f"{name}:{_direction(way)}" for name, way in given.items()]
        elif given is not None:
            several = given if isinstance(given, list) else str(given).split(",")
            texts = [str(one) for one in several]
        way = query.get(self.way.name, "") if self.way is not None else ""
        turned = str(way).lower().startswith("desc")
        found: list[tuple[str, bool]] = []
        for text in texts:
            if found and text.strip().lower() in {"asc", "desc"}:
                # As in `sort=name,desc`.
                found[-1] = (found[-1][0], text.strip().lower() == "desc")
                continue
            told = _DESCENDING.search(text.strip())
            bare = text.strip()[: told.start() if told else None]
            descends = bare.startswith("-") or turned
            descends = told[1].lower().startswith("desc") if told else descends
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
