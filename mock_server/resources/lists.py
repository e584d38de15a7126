"""The play of a list: rows become a page, and the page becomes an answer."""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mock_server.answer import Answer
from mock_server.resources.asked import Asked
from mock_server.resources.collection import Collection, item_of
from mock_server.resources.envelope import Around, Envelope, link_header
from mock_server.resources.fitting import Fit, found_at
from mock_server.resources.keys import key_text, path_text
from openapi import shapes
from openapi.description import Operation
from openapi.filters import Filter, Filters, fits
from openapi.listing import Page, Paging, Sorting, in_order, url_with
from openapi.resources import Part, list_of, schema_content, successes

if TYPE_CHECKING:
    from mock_server.sandbox import Row, Sandbox

_log = logging.getLogger("understudy")
_TOTAL_HEADERS = {"x-total-count", "x-total", "total-count", "x-total-items", "x-totalcount"}


class Lister:
    """Lists the items of a collection as one operation describes it."""

    def __init__(
        self,
        part: Part,
        operation: Operation,
        collection: Collection,
        seed: str,
        media_type: str | None,
    ) -> None:
        self._part = part
        self._operation = operation
        self._collection = collection
        self._seed = seed
        response = successes(operation)[0]
        content = schema_content(response, media_type)
        place = list_of(operation, part.resource, media_type)
        assert content is not None
        assert content.schema is not None
        assert place is not None
        self._status = (
            int(response.status.upper().replace("X", "0")) if response.status[0] == "2" else 200
        )
        self._headers = {header.name.lower() for header in response.headers}
        item = shapes.items(shapes.at_place(content.schema, place))
        known = collection.home.item_schema
        shown = [found_at(example, place) for example in content.examples]
        self._fit = Fit(
            item, tuple(one for some in shown if isinstance(some, list) for one in some)
        )
        self._paging = Paging(operation, known)
        self._sorting = Sorting(operation, known)
        used = self._paging.used | self._sorting.names
        self._filters = Filters(operation, known, used)
        self._envelope = Envelope(content.schema, place, content.examples, self._paging, seed)
        self._defaults = {
            one.name: default
            for one in operation.parameters
            if one.place == "query" and one.name in used
            for default in [shapes.keyword(one.schema, "default")]
            if default is not None
        }
        self._described = shapes.properties(known)

    def answer(self, sandbox: "Sandbox", asked: Asked, parents: tuple[str, ...]) -> Answer | None:
        """The answer with the page that is asked for; None where it cannot be valid."""
        self._collection.open(sandbox, parents)
        query = self._defaults | {
            name: value for (place, name), value in asked.values.items() if place == "query"
        }
        page = self._page(sandbox, query, parents)
        if self._collection.only_listed and not self._collection.table(sandbox).count():
            # Its items could not be made up.
            return None
        around = self._around(sandbox, asked, page)
        items = list(map(item_of, page.items))
        body = self._envelope.body(list(map(self._fit.projected, items)), around)
        if body is None:
            body = self._envelope.body(list(map(self._fitted, items)), around)
        if body is None:
            _log.warning(
                "%s: what is stored does not fit its answer; the example is sent.",
                self._operation.name,
            )
            return None
        return Answer(body, self._status, headers=self._told(around))

    def _fitted(self, item: Mapping[str, Any]) -> Any:
        return self._fit.fitted(item, f"{self._seed}/{item.get(self._collection.key or '')}")

    def _page(self, sandbox: "Sandbox", query: Mapping[str, Any], parents: tuple[str, ...]) -> Page:
        """The rows to show: by the store alone where it can, else one by one."""
        table = self._collection.table(sandbox)
        where = self._collection.where(parents)
        wanted = []
        for meant, value in self._filters.wanted(query):
            if self._is_exact(meant, value) and meant.path[0] not in where:
                where[meant.path[0]] = value
            else:
                wanted.append((meant, value))
        keys = self._sorting.keys(query)
        if wanted or len(keys) > 1:
            rows = in_order([row for row in table.find(where) if fits(row, wanted)], keys)
            return self._cut(query, rows)

        def position(key: str) -> int | None:
            return self._behind(in_order(table.find(where), keys), key)

        offset, size = self._paging.bounds(query, position)
        sort, descending = keys[0] if keys else (None, False)
        total = table.count(where)
        # A client may skip further than a store can count.
        start, most = min(offset, total), None if size is None else min(size, total)
        found = table.find(where, sort=sort, descending=descending, offset=start, limit=most)
        return self._paging.page_of(found, total, offset, size)

    def _cut(self, query: Mapping[str, Any], rows: "list[Row]") -> Page:
        offset, size = self._paging.bounds(query, lambda key: self._behind(rows, key))
        stop = None if size is None else offset + size
        return self._paging.page_of(rows[offset:stop], len(rows), offset, size)

    def _behind(self, rows: "list[Row]", key: str) -> int | None:
        """The position behind the row with that key."""
        name = self._collection.key or ""
        places = (index for index, row in enumerate(rows) if key_text(row.get(name)) == key)
        return next((index + 1 for index in places), None)

    def _is_exact(self, meant: Filter, value: Any) -> bool:
        """Whether equality in the store means the same as the filter."""
        if len(meant.path) != 1 or meant.operator != "in":
            return False
        kinds = shapes.types(self._described[meant.path[0]]) - {"null"}
        values = value if isinstance(value, list) and value else [value]
        if kinds == {"string"}:
            return all(isinstance(one, str) and "," not in one for one in values)
        return kinds == {"integer"} and all(type(one) is int for one in values)

    def _around(self, sandbox: "Sandbox", asked: Asked, page: Page) -> Around:
        pieces = self._operation.path_pieces
        path = "".join(
            path_text(asked.values["path", piece]) if index % 2 else piece
            for index, piece in enumerate(pieces)
        )
        base = f"{sandbox.base_url}{path}"
        query = asked.query.decode("latin-1")
        drop = {
            one.name for one in (self._paging.cursor, self._paging.offset, self._paging.page) if one
        }

        def url(offset: int) -> str:
            return url_with(base, query, self._paging.at(page, offset), drop)

        return Around(page, url, url_with(base, query, {}, set()))

    def _told(self, around: Around) -> dict[str, str]:
        headers = {name: str(around.page.total) for name in self._headers & _TOTAL_HEADERS}
        if "link" in self._headers:
            headers["link"] = link_header(around)
        return headers
