"""Comma-separated values."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.gateway import csv_text


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        ([{"id": 1, "name": "a"}, {"id": 2, "size": 7.5}], ["id,name,size", "1,a,", "2,,7.5"]),
        ({"id": 1, "tags": ["a", "b"]}, ["id,tags", '1,"[""a"",""b""]"']),
        ([1, "a, b", None, True], ["1", '"a, b"', '""', "true"]),
        ([], []),
    ],
)
def test_rows_and_columns(body: Any, rows: list[str]) -> None:
    """A row for each object, a column for each property that one of them has."""
    assert csv_text.rendered(body).split("\r\n")[:-1] == rows


@given(st.lists(st.dictionaries(st.text(min_size=1), st.text(), min_size=1), min_size=1))
def test_texts_come_back(items: list[dict[str, str]]) -> None:
    """Whatever is in them, as Python's own reader reads them."""
    read = list(csv.DictReader(io.StringIO(csv_text.rendered(items), newline="")))
    assert [
        {name: row[name] for name in item} for item, row in zip(items, read, strict=True)
    ] == items
