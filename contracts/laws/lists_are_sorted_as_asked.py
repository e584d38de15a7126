"""A list that is asked for an order has it, numbers as numbers, over all of its pages."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from contracts.api import Api
from contracts.chains import Chain, chains, query_of
from contracts.crowds import Crowd, another, by_numbers, creatable_lists, pages, small_size
from contracts.differing import differing
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from openapi import shapes
from openapi.description import Operation, Parameter
from openapi.listing import Sorting
from openapi.moments import instant
from openapi.resources import Resource
from openapi.schemas import Schema

LIKELY = "The order is that of texts where it should be that of numbers, or is not looked at."
_FROM_THE_HIGHEST = re.compile(r"\b(descend|newest|latest|highest|most recent)", re.IGNORECASE)
_ANY_PROPERTY = re.compile(r"\b(propert(y|ies)|fields?|attributes?|columns?)\b", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SYNTAXES: tuple[tuple[str, str], ...] = (
    (r"(?<![\w-])-\w|\bminus\b|\bhyphen\b|[`'\"]-[`'\"]", "-{}"),
    (r":desc\b", "{}:desc"),
    (r",\s?desc\b", "{},desc"),
    (r"\w desc\b", "{} desc"),
)
"""How descriptions show a descending order, and how it is asked for."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A property that a list can be sorted by, and the queries that ask for it."""

    resource: Resource
    listing: Operation
    name: str
    queries: tuple[Mapping[str, Any], ...]


def subjects(api: Api) -> Iterable[Subject]:
    """Properties by which lists of items that can be created are sorted when asked to."""
    for resource, listing in creatable_lists(api):
        sorting = api.listing(listing).sorting
        by_name: dict[str, list[Mapping[str, Any]]] = {}
        for query in _queries(api, listing, sorting):
            keys = sorting.keys(query)
            if len(keys) == 1:
                by_name.setdefault(keys[0][0], []).append(query)
        for name, queries in by_name.items():
            yield Subject(resource, listing, name, tuple(queries))


def _queries(api: Api, listing: Operation, sorting: Sorting) -> Iterator[Mapping[str, Any]]:
    by, way = sorting.by, sorting.way
    if by is None:
        return
    valid = api.validator(by.schema).is_valid
    for value in filter(valid, _values_of(by, api.listing(listing).item)):
        if way is None:
            yield {by.name: value}
            continue
        for direction in _choices(way) or ["asc", "desc"]:
            yield {by.name: value, way.name: direction}


def _values_of(by: Parameter, item: Schema) -> Iterator[Any]:
    """What a parameter may hold, as far as that is known."""
    for name in shapes.properties(by.schema):
        # As in `sort[price]=-1`.
        yield from ({name: way} for way in (1, -1, "asc", "desc"))
    several = "array" in shapes.types(by.schema)
    for text in _choices(by) or _written(by, item):
        yield [text] if several else text


def _choices(parameter: Parameter) -> list[str]:
    schema = parameter.schema
    several = "array" in shapes.types(schema)
    choices = shapes.keyword(shapes.items(schema) if several else schema, "enum")
    return [one for one in choices if isinstance(one, str)] if isinstance(choices, list) else []


def _written(by: Parameter, item: Schema) -> Iterator[str]:
    """What a parameter may hold that is described in words only."""
    shown = [by.description, *map(str, by.examples), str(shapes.keyword(by.schema, "description"))]
    shown += [str(shapes.keyword(by.schema, name)) for name in ("example", "default", "pattern")]
    told = " ".join(shown)
    for name in shapes.properties(item):
        if not (re.search(rf"\b{re.escape(name)}\b", told) or _ANY_PROPERTY.search(told)):
            continue
        yield name
        yield from (form.format(name) for sign, form in _SYNTAXES if re.search(sign, told))


def provoke(stage: Stage, subject: Subject) -> None:
    """Create items in no order, two of them alike, and list them both ways, and in pages."""
    resource, listing = subject.resource, subject.listing
    values = differing(stage, resource, subject.name)
    made = Crowd((), None, {})
    for value in [*values, *values[:1]] or [None] * 3:
        changes = {} if value is None else {subject.name: value}
        handle = another(stage, resource, made, changes)
        made = Crowd((*made.handles, handle), None, {})
    path = stage.path_of_list(listing, made.parents)
    long = stage.longest_page(resource)
    for query in subject.queries[:4]:
        stage.call(listing, path=path, query={**long, **query})
    small = small_size(stage, listing)
    if by_numbers(stage.api, listing) and small is not None:
        query = subject.queries[-1]
        pages(stage, resource, listing, 3, size=small, query=query, parents=made.parents)


def check(history: History) -> Iterator[Chance]:
    """What follows is never before what comes before it, in one of the usual orders."""
    for chain in chains(history):
        sorting = chain.first.api.listing(chain.first.operation).sorting
        query = query_of(chain.first)
        keys = sorting.keys(query)
        if not keys:
            continue
        name, descends = keys[0]
        values = [value for value in _shown(chain, name) if value is not None]
        if len(set(map(str, values))) < 2:  # noqa: PLR2004 - what is alike has every order
            continue
        item = chain.first.api.listing(chain.first.operation).item
        part = shapes.properties(item).get(name, True)
        ways = [descends] if _is_told(sorting, query) else [True, False]
        if any(_is_in_order(values, part, descends=way) for way in ways):
            yield kept(*chain.pages)
        else:
            page = _unsorted(chain, name, part, ways)
            shown = chain.pages if page is None else (page,)
            yield broken("A list is not in the order that was asked for.", *shown, place=name)


def _shown(chain: Chain, name: str) -> list[Any]:
    return [item.get(name) for page in chain.pages for item in page.listed or ()]


def _is_told(sorting: Sorting, query: Mapping[str, Any]) -> bool:
    """Whether the query says which way, or nothing lets expect another than upwards."""
    assert sorting.by is not None
    if sorting.way is not None and sorting.way.name not in query:
        return False
    given = query.get(sorting.by.name, "")
    if sorting.way is not None or isinstance(given, Mapping):
        return True
    told = str(given).lower()
    if told.startswith("-") or "desc" in told or "asc" in told:
        return True
    return not _FROM_THE_HIGHEST.search(sorting.by.description)


def _unsorted(chain: Chain, name: str, schema: Schema, ways: list[bool]) -> Exchange | None:
    """The page that is not in order by itself; None: only all of them together are not."""
    for page in chain.pages:
        values = [one for one in (item.get(name) for item in page.listed or ()) if one is not None]
        if not any(_is_in_order(values, schema, descends=way) for way in ways):
            return page
    return None


def _is_in_order(values: list[Any], schema: Schema, *, descends: bool) -> bool:
    turned = list(reversed(values)) if descends else values
    return any(_rises(turned, key) for key in _keys(values, schema))


def _rises(values: list[Any], key: Callable[[Any], Any]) -> bool:
    return all(one <= other for one, other in pairwise(map(key, values)))


def _keys(values: list[Any], schema: Schema) -> Iterator[Callable[[Any], Any]]:
    """The orders in which a server may put such values by good right."""
    if all(isinstance(one, int | float) for one in values):
        yield float
        return
    if not all(isinstance(one, str) for one in values):
        # Others have no order that all servers agree on.
        yield lambda _: 0
        return
    if all(instant(one) is not None for one in values):
        yield instant
        return
    if all(_NUMBER.fullmatch(one) for one in values):
        yield float
    yield str
    yield str.casefold
    yield _plain
    choices = shapes.keyword(schema, "enum")
    if isinstance(choices, list) and all(one in choices for one in values):
        yield choices.index


def _plain(text: str) -> str:
    """The letters and digits of a text, as dictionaries sort them."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in parts if one.isalnum())
