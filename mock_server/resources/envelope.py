"""Envelopes: what stands around a list, told by property names: totals, pages, cursors, links."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from typing import Any, Final

from mock_server.resources.fitting import Fit, found_at, put_at
from openapi import shapes
from openapi.listing import TOTALS, Page, Paging, cursor
from openapi.schemas import Schema
from openapi.shapes import Place, spelling

_HERE = {"count", "numberofelements", "pagecount", "returned", "length"}
_PAGE_TOTALS = {"totalpages", "pages", "numpages", "lastpage", "totalpagecount"}
_SIZES = {"limit", "perpage", "pagesize", "size", "maxresults", "itemsperpage"}
_OFFSETS = {"offset", "skip", "start", "startindex", "from"}
_PAGES = {"page", "pagenumber", "currentpage", "pageindex", "number"}
_MORE = {"hasmore", "hasnext", "hasnextpage", "more", "hasmoreitems"}
_BEFORE = {"hasprevious", "hasprev", "hasprevpage", "haspreviouspage"}
_NEXT_CURSORS = {
    *("nextcursor", "nextpagetoken", "nexttoken", "nextmarker", "cursor", "endcursor", "after"),
    *("nextpagecursor", "continuationtoken"),
}
_INNER = {
    *("meta", "metadata", "paging", "pagination", "page", "pageinfo", "links", "responsemetadata"),
    *("cursors", "pagemeta", "pagingmetadata"),
}


_DEEPEST = 2

_ABSENT: Final[Any] = object()
"""Stands for a property that may be left out where there is nothing to tell."""


@dataclass(frozen=True, slots=True)
class Around:
    """What an envelope may tell of."""

    page: Page
    url: Callable[[int], str]
    """The URL of the page that begins at an offset."""
    here: str
    """The URL that was asked."""


_Teller = Callable[[Around], Any]


_NUMBERS: dict[str, _Teller] = {
    "total": lambda around: around.page.total,
    "here": lambda around: len(around.page.items),
    "pages": lambda around: around.page.pages,
    "size": lambda around: _size(around.page),
    "offset": lambda around: around.page.offset,
    "number": lambda around: around.page.number,
    "next": lambda around: around.page.number + 1 if around.page.more else None,
    "previous": lambda around: around.page.number - 1 if around.page.offset else None,
}


class Envelope:
    """Puts a page of items into the body that an operation's answer describes."""

    def __init__(
        self,
        schema: Schema,
        place: Place,
        examples: tuple[Any, ...],
        paging: Paging,
        seed: str,
    ) -> None:
        self.fit = Fit(schema, examples)
        self._place = place
        self._paging = paging
        self._seed = seed
        self._tellers = [] if not place else list(self._found(schema, (), place))

    def body(self, items: list[Any], around: Around) -> Any:
        """The body with the items; None where it cannot be valid."""
        if not self._place:
            body: Any = items
        else:
            body = self._skeleton
            for place, blank, told in self._tellers:
                body = _told(body, place, told(around), blank)
            body = put_at(body, self._place, items)
        if self.fit.valid(body):
            return body
        return self._sparing(body, items)

    def _sparing(self, body: Any, items: list[Any]) -> Any:
        """The body without what may be left out; None where it cannot be valid."""
        optional = [place for place, blank, _ in self._tellers if blank is _ABSENT]
        # Some say that a list holds one item at least: then there is none where nothing is.
        bodies = [body] if items or not self._place else [body, _without(body, self._place)]
        spared = (
            reduce(_without, optional[:n], one) for n in range(len(optional) + 1) for one in bodies
        )
        return next(filter(self.fit.valid, spared), None)

    @cached_property
    def _skeleton(self) -> Any:
        """The rest of the envelope, as an example has it, or as little as will do."""
        whole = self.fit.example
        if whole is None:
            whole = self.fit.made_up(self._seed, required_only=True)
        return whole if isinstance(whole, dict) else {}

    def _found(
        self, schema: Schema, above: Place, items: Place
    ) -> list[tuple[Place, Any, _Teller]]:
        """The properties that can be told, with their places and what stands for nothing there."""
        found: list[tuple[Place, Any, _Teller]] = []
        described = shapes.properties(schema)
        required = shapes.required(schema)
        names = {spelling(name) for name in described}
        for name, part in described.items():
            place = (*above, name)
            if place == items:
                continue
            teller = self._teller(spelling(name), part, names)
            if teller is not None:
                found.append((place, _blank(part) if name in required else _ABSENT, teller))
            elif self._may_tell(place, part, items):
                found += self._found(part, place, items)
        return found

    @staticmethod
    def _may_tell(place: Place, part: Schema, items: Place) -> bool:
        """Whether an object in the envelope may hold more of the kind."""
        if "object" not in shapes.types(part) or len(place) > _DEEPEST:
            return False
        return place == items[: len(place)] or spelling(place[-1]) in _INNER

    def _teller(self, name: str, part: Schema, beside: set[str]) -> _Teller | None:
        """What tells the value of a property by its name and type."""
        kinds = shapes.types(part)
        if kinds & {"integer", "number"}:
            return self._number(name, beside)
        if "boolean" in kinds:
            if name in _MORE:
                return lambda around: around.page.more
            return (lambda around: around.page.offset > 0) if name in _BEFORE else None
        if "string" in kinds or name in {"next", "previous", "prev", "self", "first", "last"}:
            return self._link(name, part)
        return None

    def _number(self, name: str, beside: set[str]) -> _Teller | None:
        if name == "count" and not beside & TOTALS:
            return _NUMBERS["total"]
        known = (
            (TOTALS, "total"),
            (_HERE, "here"),
            (_PAGE_TOTALS, "pages"),
            (_SIZES, "size"),
            (_OFFSETS, "offset"),
            (_PAGES, "number"),
            ({"nextpage", "next"}, "next"),
            ({"prevpage", "previouspage", "prev", "previous"}, "previous"),
        )
        return next((_NUMBERS[told] for names, told in known if name in names), None)

    def _link(self, name: str, part: Schema) -> _Teller | None:
        is_url = self._paging.cursor is None or shapes.keyword(part, "format") in {"uri", "url"}
        if name in _NEXT_CURSORS or (name == "next" and not is_url):
            return lambda around: cursor(_end(around.page)) if around.page.more else None
        offsets: dict[str, Callable[[Page], int | None]] = {
            "next": lambda page: _end(page) if page.more else None,
            "previous": _before,
            "prev": _before,
            "first": lambda _: 0,
            "last": lambda page: max(page.pages - 1, 0) * (page.size or 0),
        }
        for suffix in ("", "url", "link", "page", "pageurl", "uri", "href"):
            bare = name.removesuffix(suffix) if suffix else name
            if bare == "self":
                return partial(_linked, part, lambda _: None, here=True)
            if bare in offsets:
                return partial(_linked, part, offsets[bare], here=False)
        return None


def _linked(
    part: Schema, offset: Callable[[Page], int | None], around: Around, *, here: bool
) -> Any:
    """The URL, or an object that holds it in `href`."""
    position = offset(around.page)
    url = around.here if here else None if position is None else around.url(position)
    if url is not None and "href" in shapes.properties(part):
        return {"href": url}
    return url


def _without(body: Any, place: Place) -> Any:
    return _told(body, place, None, _ABSENT)


def _told(body: Any, place: Place, value: Any, blank: Any) -> Any:
    """The body with that value told; where there is none, it is left out or blank."""
    if value is None:
        value = blank
    if value is not _ABSENT:
        return put_at(body, place, value)
    holder = found_at(body, place[:-1])
    if not isinstance(holder, Mapping):
        return body
    rest = {name: item for name, item in holder.items() if name != place[-1]}
    return put_at(body, place[:-1], rest)


def _blank(schema: Schema) -> Any:
    """What stands for nothing where the property has to be there."""
    kinds = shapes.types(schema)
    return "" if "string" in kinds and "null" not in kinds else None


def _size(page: Page) -> int:
    return page.total if page.size is None else page.size


def _end(page: Page) -> int:
    return page.offset + len(page.items)


def _before(page: Page) -> int | None:
    if page.offset == 0:
        return None
    return max(page.offset - (page.size or page.offset), 0)


def link_header(around: Around) -> str:
    """The pages around this one as a `Link` header (RFC 8288)."""
    page = around.page
    last = max(page.pages - 1, 0) * (page.size or 0)
    targets = {
        "first": 0,
        "prev": _before(page),
        "next": _end(page) if page.more else None,
        "last": last,
    }
    return ", ".join(
        f'<{around.url(offset)}>; rel="{relation}"'
        for relation, offset in targets.items()
        if offset is not None
    )
