"""What a list's query parameters filter by."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.description import Operation, read
from openapi.filters import Filter, Filters

ITEM = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "price": {"type": "number"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "created_at": {"type": "string", "format": "date-time"},
        "starts": {"type": "string", "format": "date"},
    },
}
DATE = {"type": "string", "format": "date"}
NUMBER = {"type": "number"}
TEXT = {"type": "string"}


def _meant(folder: Path, name: str, schema: Any, said: str = "") -> Filter | None:
    parameter = {"name": name, "in": "query", "schema": schema, "description": said}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {
            "/things": {
                "get": {"parameters": [parameter], "responses": {"200": {"description": "All."}}}
            }
        },
    }
    path = folder / "api.json"
    path.write_text(json.dumps(document))
    operation: Operation = read(path).operations[0]
    return next((meant for _, meant in Filters(operation, ITEM, set()).named), None)


@pytest.mark.parametrize(
    ("name", "schema", "said", "meant"),
    [
        ("title", TEXT, "", Filter(("title",))),
        ("tag", TEXT, "", Filter(("tags",))),
        ("min_price", NUMBER, "", Filter(("price",), "gte")),
        ("priceMax", NUMBER, "", Filter(("price",), "lte")),
        ("createdAfter", DATE, "", Filter(("created_at",), "gte", is_sure=False)),
        ("created_before", DATE, "exclusive", Filter(("created_at",), "lt")),
        ("from", DATE, "Things that start on this day or later", Filter(("starts",), "gte")),
        ("until", DATE, "", None),
        ("min_price", TEXT, "", Filter(("price",), "gte")),
        ("from", TEXT, "Who sent it", None),
        ("q", TEXT, "", Filter((), "contains")),
        ("colour", TEXT, "", None),
    ],
)
def test_names_and_words_tell_what_is_meant(
    tmp_path: Path, name: str, schema: Any, said: str, meant: Filter | None
) -> None:
    """A property, a bound of one, or a text anywhere; None where nothing is known."""
    assert _meant(tmp_path, name, schema, said) == meant


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_two_bounds_let_through_what_lies_between(value: float, bound: float) -> None:
    """Whatever the numbers: what passes neither of two opposite bounds does not exist."""
    item = {"price": value}
    assert Filter(("price",), "gte").passes(item, bound) == (value >= bound)
    assert Filter(("price",), "lt").passes(item, bound) != (value >= bound)


def test_moments_are_compared_in_any_zone() -> None:
    """Ten in the morning in one zone may be eight in another."""
    item = {"created_at": "2031-01-01T10:00:00+02:00"}
    assert Filter(("created_at",), "lte").passes(item, "2031-01-01T08:00:00Z")
    assert not Filter(("created_at",), "gt").passes(item, "2031-01-01T08:00:00Z")


def test_a_search_finds_texts_at_any_depth() -> None:
    """In lists and objects, in any case."""
    meant = Filter((), "contains")
    assert meant.passes({"a": [{"b": "A Blue Moon"}]}, "blue")
    assert not meant.passes({"blue": 1}, "blue")
