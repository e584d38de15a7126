"""Pages of one list, put one behind the other as a history shows them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from contracts.history import Exchange, History, listed_key
from contracts.pages import asked_size, denies_more, next_of, says_more, total_of
from contracts.views import creations, lists
from openapi.listing import Paging
from openapi.resources import Role

_SURE = 10
"""So many items a server gives at once, even where the most that it gives is not told."""


@dataclass(frozen=True, eq=False)
class Chain:
    """Pages in their order from the first on, asked for without a change in between."""

    pages: tuple[Exchange, ...]

    @property
    def first(self) -> Exchange:
        """The page that it begins with."""
        return self.pages[0]

    @property
    def last(self) -> Exchange:
        """The page that it ends with."""
        return self.pages[-1]

    @cached_property
    def keys(self) -> list[str]:
        """The keys of all items, in order."""
        return [key for page in self.pages for key in keys_of(page)]

    @cached_property
    def size(self) -> int | None:
        """The items that a page holds, where that is beyond doubt."""
        return sure_size(self.first)

    @property
    def has_keys(self) -> bool:
        """Whether every item can be told from the others."""
        return len(self.keys) == sum(len(page.listed or ()) for page in self.pages)

    @property
    def ended(self) -> bool:
        """Whether no page follows the last one."""
        if says_more(self.last):
            return False
        if denies_more(self.last):
            return True
        if self.size is None:
            total = total_of(self.last)
            return total is not None and sum(len(one.listed or ()) for one in self.pages) >= total
        # Where pages are found by a cursor, they may be short before the end.
        by_cursor = paging_of(self.first).cursor is not None
        return not by_cursor and len(self.last.listed or ()) < self.size

    def upto(self, number: int) -> "Chain":
        """Its first pages."""
        return Chain(self.pages[:number])


def paging_of(exchange: Exchange) -> Paging:
    """How a list is cut into pages."""
    return exchange.api.listing(exchange.operation).paging


def keys_of(page: Exchange) -> list[str]:
    """The keys of the items on a page."""
    return listed_key(page, page.listed or ())


def sure_size(page: Exchange) -> int | None:
    """How many items were asked for; None where the server may give others by good right."""
    size = asked_size(page)
    most = paging_of(page).most
    return size if size is not None and 0 < size <= (most or _SURE) else None


def positions(paging: Paging) -> set[str]:
    """The names of the parameters that say where a page begins."""
    return {one.name for one in (paging.offset, paging.page, paging.cursor) if one is not None}


def query_of(exchange: Exchange) -> dict[str, Any]:
    """What a list was asked, by the names of its query's parameters."""
    return {name: value for (place, name), value in exchange.values.items() if place == "query"}


def is_first(page: Exchange) -> bool:
    """Whether it is the first page."""
    paging, query = paging_of(page), query_of(page)
    if paging.cursor is not None and query.get(paging.cursor.name) not in (None, ""):
        return False
    if paging.offset is not None and query.get(paging.offset.name, 0) != 0:
        return False
    return paging.page is None or query.get(paging.page.name, paging.first_page) == (
        paging.first_page
    )


def asked_alike(one: Exchange, other: Exchange, *, size: bool = True) -> bool:
    """Whether two lists were asked the same but for where the page begins, or its size, too."""
    return (
        one.operation is other.operation
        and one.who == other.who
        and _rest(one, size=size) == _rest(other, size=size)
    )


def _rest(exchange: Exchange, *, size: bool) -> Mapping[tuple[str, str], Any]:
    paging = paging_of(exchange)
    names = positions(paging)
    if not size and paging.size is not None:
        names.add(paging.size.name)
    return {
        key: value
        for key, value in exchange.values.items()
        if not (key[0] == "query" and key[1] in names)
    }


def follows(page: Exchange, other: Exchange) -> bool:
    """Whether the second is the page behind the first."""
    told = next_of(page)
    if told is not None and "/" in told and _target(told) == _target(other.request.url):
        return True
    return asked_alike(page, other) and _comes_next(page, other, told)


def _comes_next(page: Exchange, other: Exchange, told: str | None) -> bool:
    paging, query, before = paging_of(page), query_of(other), query_of(page)
    if paging.cursor is not None and paging.cursor.name in query:
        given = str(query[paging.cursor.name])
        if told is not None:
            return given == told or f"{paging.cursor.name}={given}" in told
        return given in keys_of(page)[-1:]
    if paging.offset is not None:
        start, size = before.get(paging.offset.name, 0), asked_size(page)
        return size is not None and query.get(paging.offset.name, 0) == start + size
    if paging.page is not None:
        start = before.get(paging.page.name, paging.first_page)
        return bool(query.get(paging.page.name, paging.first_page) == start + 1)
    return False


def _target(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path.rpartition('/')[2]}?{parts.query}"


def chains(history: History) -> Iterator[Chain]:
    """The pages of each list from the first on, as many as follow without a change in between."""
    pages = list_pages(history)
    for start in filter(is_first, pages):
        chain = [start]
        for page in pages:
            if page.index > chain[-1].index and follows(chain[-1], page):
                if not history.undisturbed(start, page):
                    break
                chain.append(page)
        yield Chain(tuple(chain))


def list_pages(history: History) -> list[Exchange]:
    """The lists of a history that were carried out."""
    return [
        one
        for one in history
        if one.role is Role.LIST and one.listed is not None and one.operation.method == "GET"
    ]


def made_before(history: History, page: Exchange) -> list[Exchange]:
    """What the same identity created in the collection of a list before it, and is there still."""
    return [
        one
        for one in creations(history, page.who)
        if one.address is not None
        and one.index < page.index
        and lists(page, one.address.collection)
        and page.asks_alike(one)
        and history.quiet(one, page, one.address)
    ]
