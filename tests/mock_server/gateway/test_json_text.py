"""JSON texts: a quick library reads and writes them, and nothing gets past it that should not."""

import json
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mock_server.gateway.json_text import DEEPEST, parsed, rendered

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)
PIECES = st.sampled_from(
    [*'[]{},:"-.0123eE \\/', "\\ud83d", "\\ude00", "\\u0061", "null", "true", "NaN", "é", '"a"']
)


def strictly(text: str) -> Any:
    """What RFC 8259 makes of a text, by Python's own reader. Raises ValueError."""

    def refuse(name: str) -> Any:
        raise ValueError(name)

    def finite(number: str) -> float:
        return float(number) if math.isfinite(float(number)) else refuse(number)

    value = json.loads(text, parse_constant=refuse, parse_float=finite)
    json.dumps(value, ensure_ascii=False).encode()
    return value


@given(VALUES, st.booleans())
def test_whatever_was_written_is_read_again(value: Any, escaped: bool) -> None:
    """Types, big integers and every digit of a float survive, escaped or not."""
    written = json.dumps(value, ensure_ascii=escaped).encode()
    assert repr(parsed(written)) == repr(value)
    assert repr(parsed(rendered(value))) == repr(value)


@given(st.lists(PIECES, max_size=8).map("".join))
@example('"\\ude00"')
@example('"\\ud83d\\ude00"')
@example("-")
@example("1e999")
@example("01")
@example('{"a":1,"a":2}')
def test_any_text_is_read_as_the_standard_has_it(text: str) -> None:
    """The same value where it is JSON, and a refusal where it is not."""
    try:
        expected = strictly(text)
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            parsed(text.encode())
    else:
        assert repr(parsed(text.encode())) == repr(expected)


@given(st.binary(max_size=6))
def test_what_is_not_utf_8_is_refused(inside: bytes) -> None:
    """No byte is guessed at."""
    raw = b'"' + inside + b'"'
    try:
        expected = strictly(raw.decode())
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            parsed(raw)
    else:
        assert parsed(raw) == expected


def test_brackets_in_a_text_are_no_depth() -> None:
    """Only what is nested counts to the limit."""
    text = "[" * (DEEPEST + 1)
    assert parsed(json.dumps([text]).encode()) == [text]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("shape", ["{}", "[None, {}]", "{{'a': [({},)], 'b': None}}"])
def test_what_is_no_number_is_not_written(number: float, shape: str) -> None:
    """JSON has no word for it, and null would be another value."""
    value = eval(shape.format("number"), {"number": number})  # noqa: S307 - the parameters above
    with pytest.raises(ValueError, match="number"):
        rendered(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [("\ud800", b'"\\ud800"'), ({None: 1}, b'{"null":1}'), ({1: (2,)}, b'{"1":[2]}')],
)
def test_odd_values_are_written_all_the_same(value: Any, text: bytes) -> None:
    """Half a surrogate pair is escaped, and keys become texts."""
    assert rendered(value) == text
