"""Bodies with values at the edges of what a description allows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from contracts.api import Api
from contracts.names import is_email, is_money
from contracts.samples import Boundaries
from contracts.steps import Fresh, Ref
from contracts.views import settable
from openapi import shapes
from openapi.schemas import Schema

TEXTS, NUMBERS, OTHERS = "texts", "numbers", "others"
"""Which of the values of a body are at an edge; the others of it are as usual."""
KINDS = (TEXTS, NUMBERS, OTHERS)

_INT32, _INT64 = 2**31 - 1, 2**63 - 1
_MONEY = (0.1, 19.99, 1234567.89)
_MOMENTS = ("2024-02-29T23:59:59+05:30", "2031-12-31T23:30:00-08:00", "1999-12-31T23:59:59Z")
_DAYS = ("2024-02-29", "1999-12-31")
_FORMS = (
    "  {}  ",
    "'\"`;--{}",
    "Ünïcödé ✓ 漢字 🎈 {}",
    "<b>&amp;</b>{}",
    "{}\tand\nmore\\n",
    "UPPER lower {}",
)
_URLS = (
    "https://example.com/" + "long/" * 60,
    "https://example.com/Path%20with%2Fslash?b=2&a=1&a=%C3%A9#Part",
)
_NOVELTY = 8
"""Characters of the new part of a Fresh."""
_LONGEST = 2_000
"""Characters of the longest text."""


@dataclass(frozen=True)
class Edges:
    """Makes bodies with such values: the same of them at a time in every property."""

    api: Api
    schema: Schema
    kind: str
    only: str | None = None
    """The property that has them; None: all."""

    def bodies(self, body: Any) -> Iterator[Any]:
        """The body with the first, second, third value of each property, until there is no more."""
        if not isinstance(body, Mapping):
            return
        count = max(
            (
                len(self._values(name, part, body.get(name)))
                for name, part in self._parts(self.schema, body)
            ),
            default=0,
        )
        for number in range(count):
            changed = self._changed(body, self.schema, number, top=True)
            if changed != body:
                yield changed

    def _parts(self, schema: Schema, body: Any) -> Iterator[tuple[str, Schema]]:
        for name, part in settable(schema).items():
            yield name, part
            if isinstance(body, Mapping) and isinstance(body.get(name), Mapping):
                yield from self._parts(part, body[name])

    def _changed(self, body: Any, schema: Schema, number: int, *, top: bool = False) -> Any:
        parts = settable(schema)
        whole = dict(body)
        for name, value in body.items():
            part = parts.get(name)
            if part is None or (top and self.only not in {None, name}):
                continue
            if isinstance(value, Mapping):
                whole[name] = self._changed(value, part, number)
                continue
            values = self._values(name, part, value)
            if values:
                whole[name] = values[number % len(values)]
        return whole

    def _values(self, name: str, schema: Schema, usual: Any) -> list[Any]:
        if isinstance(usual, Ref | Mapping):
            return []
        if isinstance(usual, Fresh):
            return list(self._fresh(name, schema, usual))
        valid = self.api.validator(schema).is_valid
        return [one for one in edges(name, schema, self.kind) if valid(one)]

    def _fresh(self, name: str, schema: Schema, usual: Fresh) -> Iterator[Any]:
        if self.kind != TEXTS or is_email(name) or shapes.keyword(schema, "format") is not None:
            return
        most = shapes.keyword(schema, "maxLength")
        room = min(most, _LONGEST) if isinstance(most, int) else _LONGEST // 10
        yield replace(usual, form="x" * (room - _NOVELTY) + "{}")
        for form in _FORMS:
            if len(form) + _NOVELTY <= room:
                yield replace(usual, form=form)


def edges(name: str, schema: Schema, kind: str) -> Iterator[Any]:
    """Values of one property; some of them may be more than its schema allows."""
    kinds = shapes.types(schema)
    told = shapes.keyword(schema, "format")
    if kind == OTHERS:
        yield from _others(schema, kinds, told)
    elif kind == TEXTS and told == "uri":
        yield from _URLS
    elif kind == TEXTS and "string" in kinds and told is None:
        if not is_email(name) and shapes.keyword(schema, "enum") is None:
            yield from _texts(schema)
    elif kind == NUMBERS and kinds & {"integer", "number"}:
        money = is_money(name)
        most = {"int32": _INT32, "int64": _INT64}.get(str(told))
        decimals = () if money or "number" not in kinds else (12.37,)
        for value in [*(_MONEY if money else ()), *decimals, *Boundaries().of(schema)]:
            if most is not None and abs(value) > most:
                continue
            # Of money, more than two decimals are rounded by good right.
            if money and (round(value, 2) != value or abs(value) > _INT32):
                continue
            yield value


def _texts(schema: Schema) -> Iterator[str]:
    most = shapes.keyword(schema, "maxLength")
    yield "x" * (min(most, _LONGEST) if isinstance(most, int) else _LONGEST // 10)
    yield from (form.replace("{}", "one") for form in _FORMS)
    yield ""
    yield "007"


def _others(schema: Schema, kinds: frozenset[str], told: Any) -> Iterator[Any]:
    if "boolean" in kinds:
        yield from (False, True)
    choices = shapes.keyword(schema, "enum")
    if isinstance(choices, list):
        yield from reversed(choices)
    if told == "date-time":
        yield from _MOMENTS
    if told == "date":
        yield from _DAYS
    if "array" in kinds:
        yield []
        if "string" in shapes.types(shapes.items(schema)):
            yield ["two", "one", "Three ✓"]
    if "null" in kinds:
        yield None
