"""Whether a value came back as it was sent."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.exchange import ABSENT
from contracts.values import differences, same

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON)
def test_a_value_is_the_same_as_itself(value: Any) -> None:
    """Nothing differs from itself."""
    assert same(value, value)
    assert list(differences(value, value, True)) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (1, 1.0, True),
        ("P4DT18H", 410_400.0, True),
        ("PT15M", 60, False),
        ("P1M", 2_592_000, False),
        ("5", 5, False),
        (0.1 + 0.2, 0.3, True),
        (1, True, False),
        (0, False, False),
        (2**53 + 1, 2**53, False),
        ("2024-01-01T10:00:00Z", "2024-01-01T12:00:00+02:00", True),
        ("2024-01-01T10:00:00Z", "2024-01-01T10:00:00.000Z", True),
        ("2024-01-01T10:00:00Z", "2024-01-01T12:00:00Z", False),
        ("2024-01-01", "2024-01-01T00:00:00Z", True),
        ("abc", "ABC", False),
        ("3FA85F64-5717-4562-B3FC-2C963F66AFA6", "3fa85f64-5717-4562-b3fc-2c963f66afa6", True),
        ("http://example.com", "http://example.com/", True),
        (" padded ", "padded", False),
        ("1", 1, False),
        (None, "", False),
    ],
)
def test_what_means_the_same(one: Any, other: Any, expected: bool) -> None:
    """Ways of writing one value are no difference; another value is."""
    assert same(one, other) is expected
    assert same(other, one) is expected


OBJECT = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "password": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "object", "properties": {"a": {}}}},
    },
}


@pytest.mark.parametrize(
    ("sent", "seen", "expected"),
    [
        ({"name": "a"}, {"name": "a", "id": 1}, []),
        ({"name": "a"}, {"name": "b"}, [("/name", "a", "b")]),
        ({"name": "a"}, {}, [("/name", "a", ABSENT)]),
        ({"name": None}, {}, []),
        ({"password": "a"}, {}, []),
        ({"unknown": "a"}, {}, []),
        ({"tags": [{"a": 1}]}, {"tags": [{"a": 2}]}, [("/tags/*/a", 1, 2)]),
        ({"tags": [{"a": 1}]}, {"tags": []}, [("/tags", [{"a": 1}], [])]),
    ],
)
def test_differences(sent: Any, seen: Any, expected: list[Any]) -> None:
    """Each difference is told with its place; what a server may keep to itself is none."""
    assert list(differences(sent, seen, OBJECT)) == expected
