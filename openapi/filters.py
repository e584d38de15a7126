"""Filters of lists: which query parameters choose among the items, and by what of them."""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openapi import shapes
from openapi.description import Operation, Parameter
from openapi.moments import instant
from openapi.schemas import Schema
from openapi.shapes import spelling

_LOWEST = {"min", "minimum", "from", "since", "after", "gte", "ge"}
_HIGHEST = {"max", "maximum", "to", "until", "till", "before", "lte", "le"}
"""Words at the beginning or end of a parameter's name that make its value a bound."""
_INCLUSIVE = {"min", "minimum", "max", "maximum", "gte", "ge", "lte", "le"}
_IS_INCLUSIVE = re.compile(
    r"\binclusive|\bor (later|earlier|after|before|more|less|higher|lower|greater|equal)"
    r"|\bor (above|below)\b|\bat (least|most)\b|\bon or (after|before)|[<>]=|[≤≥]|\bincluded\b"
    r"|\bup to and including",
    re.IGNORECASE,
)
_IS_EXCLUSIVE = re.compile(r"\bexclusive|\bstrictly\b|\bexcluded\b", re.IGNORECASE)
_SEARCHES = {
    *("q", "search", "query", "searchterm", "searchtext", "searchquery", "keyword", "keywords"),
    *("fulltext", "term"),
}
_DATES = {"date", "date-time"}
_ENDINGS = ("", "at", "on", "date", "time", "id")
"""What a property is called more than the parameter: `created_after` is of `created_at`."""
_SHORTEST = 3
"""Letters that a property's name needs to be known again in a sentence."""
_BOUNDS = {"gt", "gte", "lt", "lte"}


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list may be asked for: a property, and how it is compared."""

    path: tuple[str, ...]
    """Empty: any text of the item."""
    operator: str = "in"
    """`in`, `ne`, `gt`, `gte`, `lt`, `lte` or `contains`; equality is `in` with one value."""
    is_sure: bool = True
    """Whether it is told if the bound itself passes, where it is a bound."""

    @property
    def is_bound(self) -> bool:
        """Whether it asks for values on one side of the one that is sent."""
        return self.operator in _BOUNDS

    def passes(self, item: Mapping[str, Any], wanted: Any) -> bool:
        """Whether an item has what is wanted."""
        if self.operator == "contains":
            return any(str(wanted).casefold() in text.casefold() for text in texts_in(item))
        value = value_at(item, self.path)
        if self.operator == "in":
            return _matches(value, wanted)
        if self.operator == "ne":
            return not _matches(value, wanted)
        if isinstance(value, str) and isinstance(wanted, str):
            moments = instant(value), instant(wanted)
            if None not in moments:
                return _COMPARISONS[self.operator](*moments)
            return _COMPARISONS[self.operator](value, wanted)
        numbers = isinstance(value, int | float) and isinstance(wanted, int | float)
        return numbers and _COMPARISONS[self.operator](value, wanted)


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
        self.named: list[tuple[Parameter, Filter]] = []
        """The parameters that filter by themselves, and what they mean."""
        self._deep: list[str] = []
        for parameter in operation.parameters:
            if parameter.place != "query" or parameter.name in used:
                continue
            if shapes.properties(parameter.schema) and parameter.style == "deepObject":
                self._deep.append(parameter.name)
                continue
            meant = (
                _filter(parameter.name, self._described)
                or _bound(parameter, self._described)
                or _search(parameter)
            )
            if meant is not None:
                self.named.append((parameter, meant))

    def wanted(self, query: Mapping[str, Any]) -> list[tuple[Filter, Any]]:
        """The filters of a query, and what is wanted there."""
        found = [(meant, query[one.name]) for one, meant in self.named if one.name in query]
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
        called = _property(piece, described)
        if called is None:
            return None
        found.append(called)
        described = shapes.properties(described[called])
    return Filter(tuple(found), how) if found else None


def _property(word: str, described: Mapping[str, Schema]) -> str | None:
    """The property that a word names: itself, or one of a list that is called in the plural."""
    by_spelling = {spelling(one): one for one in described}
    if spelling(word) in by_spelling:
        return by_spelling[spelling(word)]
    for name, schema in described.items():
        if "array" in shapes.types(schema) and shapes.singular(spelling(name)) == spelling(word):
            return name
    return None


def _bound(parameter: Parameter, described: Mapping[str, Schema]) -> Filter | None:
    """The bound that a parameter's name means, as `min_price` or `createdAfter` do."""
    ordered = {name: part for name, part in described.items() if _is_ordered(part)}
    for called, rest in _sides(parameter.name):
        if rest:
            by_spelling = {spelling(name): name for name in ordered}
            name = next(
                (by_spelling[rest + end] for end in _ENDINGS if rest + end in by_spelling), None
            )
        else:
            name = _meant(parameter, ordered)
        if name is not None and _alike(parameter.schema, ordered[name]):
            exclusive = bool(_IS_EXCLUSIVE.search(parameter.description))
            sure = called in _INCLUSIVE or bool(_IS_INCLUSIVE.search(parameter.description))
            side = "g" if called in _LOWEST else "l"
            return Filter((name,), f"{side}t{'' if exclusive else 'e'}", sure or exclusive)
    return None


def side_of(name: str) -> tuple[str, bool] | None:
    """What a parameter called so bounds, in its `spelling`, and whether from above.

    None: it is called like no bound.
    """
    return next(((rest, called in _HIGHEST) for called, rest in _sides(name)), None)


def _sides(name: str) -> Iterator[tuple[str, str]]:
    """The words of a name that make it a bound, each with the rest of it in its `spelling`."""
    words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)
    for word, others in ((words[0], words[1:]), (words[-1], words[:-1])) if words else ():
        if word.lower() in _LOWEST | _HIGHEST:
            yield word.lower(), spelling("".join(others))


def _is_ordered(schema: Schema) -> bool:
    kinds = shapes.types(schema)
    return bool(kinds & {"integer", "number"}) or shapes.keyword(schema, "format") in _DATES


def _alike(one: Schema, other: Schema) -> bool:
    """Whether values of both can be compared."""
    dates = [shapes.keyword(schema, "format") in _DATES for schema in (one, other)]
    return dates[0] is dates[1]


def _meant(parameter: Parameter, ordered: Mapping[str, Schema]) -> str | None:
    """The date that a parameter called `from` or `until` is about.

    It is the one that the parameter's description tells of, else the only one.
    """
    dates = [name for name, part in ordered.items() if shapes.keyword(part, "format") in _DATES]
    told = parameter.description.lower()
    mentioned = [name for name in dates if _is_mentioned(name, told)]
    for names in (mentioned, dates):
        if names:
            return names[0] if len(names) == 1 else None
    return None


def _is_mentioned(name: str, text: str) -> bool:
    stem = re.sub(r"(at|on|date|time)$", "", spelling(name))
    stem = re.sub(r"(ed|s)$", "", stem)
    return len(stem) >= _SHORTEST and any(
        word.startswith(stem) for word in re.findall(r"[a-z]+", text)
    )


def _search(parameter: Parameter) -> Filter | None:
    """A search for a text anywhere in an item; what is required may have a syntax of its own."""
    kinds = shapes.types(parameter.schema)
    if spelling(parameter.name) in _SEARCHES and kinds == {"string"} and not parameter.required:
        return Filter((), "contains")
    return None


def fits(item: Mapping[str, Any], wanted: Sequence[tuple[Filter, Any]]) -> bool:
    """Whether an item passes all filters."""
    return all(meant.passes(item, value) for meant, value in wanted)


def texts_in(value: Any) -> Iterator[str]:
    """The texts in a value, at any depth."""
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, Mapping) else ():
        yield from texts_in(one)
    for one in value if isinstance(value, list) else ():
        yield from texts_in(one)


def value_at(item: Any, path: tuple[str, ...]) -> Any:
    """What an item has at a path; None where it has nothing."""
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
