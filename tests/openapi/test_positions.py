"""Lines of JSON pointers in descriptions."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.description import read
from openapi.loading import BUILT_IN, built_in_names
from openapi.pointers import escaped
from openapi.positions import Positions, positions

YAML = """\
openapi: 3.1.0
paths:
  /a/{id}:
    parameters:
      - &id {name: id, in: path}
      - $ref: '#/x'
    get: {operationId: read,
      tags: [one]}
    "post":
      responses:
        200: {description: Fine.}
  /b~c: *id
"""


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        ("", 1),
        ("/openapi", 1),
        ("/paths", 2),
        ("/paths/~1a~1{id}", 3),
        ("/paths/~1a~1{id}/parameters/1", 6),
        ("/paths/~1a~1{id}/parameters/1/$ref", 6),
        ("/paths/~1a~1{id}/get", 7),
        ("/paths/~1a~1{id}/get/tags/0", 8),
        ("/paths/~1a~1{id}/post/responses/200", 11),
        ("/paths/~1b~0c", 12),
    ],
)
def test_a_pointer_leads_to_a_line(pointer: str, line: int) -> None:
    """Keys, items, quoted keys, flow style, escapes: each has its line."""
    assert Positions(YAML).line(pointer) == line


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        ("/paths/~1a~1{id}/delete", 3),
        ("/paths/~1a~1{id}/parameters/7/name", 4),
        ("/paths/~1a~1{id}/parameters/x", 4),
        ("/openapi/0", 1),
        ("/components/schemas/A", 1),
    ],
)
def test_what_is_not_there_is_at_the_closest_that_is(pointer: str, line: int) -> None:
    """What an overlay or a reference brought has the line of what holds it."""
    assert Positions(YAML).line(pointer) == line


KEYS = st.text(
    st.characters(max_codepoint=0xFFFF, exclude_categories=["C", "Zl", "Zp"]), max_size=20
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
)


def _pointers(value: Any, pointer: str = "") -> list[str]:
    """Every place of a value, in the order in which it is written."""
    found = [pointer]
    pairs: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for key, inner in pairs:
        found += _pointers(inner, f"{pointer}/{escaped(str(key))}")
    return found


@given(VALUES, st.sampled_from([1, "\t", 4]), st.booleans())
def test_every_place_of_json_has_its_own_line(value: Any, indent: int | str, ascii: bool) -> None:
    """Where each place of a JSON text has a line, with tabs and any escapes, lines are in order."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii)
    found = Positions(text)
    lines = [found.line(pointer) for pointer in _pointers(value)]
    assert lines == sorted(set(lines))


def test_a_slash_may_be_escaped() -> None:
    """As some writers of JSON do."""
    assert Positions('{\n"paths":{\n"\\/a":{"get":\n{}}}}').line("/paths/~1a/get") == 3


@pytest.mark.parametrize("name", built_in_names())
def test_every_operation_of_a_shipped_description_is_found(name: str) -> None:
    """The line of an operation is the one of its method."""
    path = BUILT_IN / f"{name}.yaml"
    lines = path.read_text().splitlines()
    for operation in read(path).operations:
        line = positions(path).line(operation.pointer)
        assert lines[line - 1].strip().startswith(f"{operation.method.lower()}:")


@pytest.mark.parametrize("text", ["", "a: [", "\x00", "- &a [*a]", "&a [*a]", "[" * 5_000])
def test_what_cannot_be_read_is_at_its_beginning(text: str) -> None:
    """Positions are an extra: no text makes them fail."""
    assert Positions(text).line("/paths/~1a") == 1


def test_a_file_that_is_not_there_has_a_first_line(tmp_path: Path) -> None:
    """Nor does a file that is gone, or that is no text."""
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    assert positions(tmp_path / "gone.yaml").line("/paths") == 1
    assert positions(binary).line("/paths") == 1
