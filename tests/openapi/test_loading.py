"""Loading: a file becomes a document, or is refused with file, place and mend."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openapi.loading import BUILT_IN, UnusableDescription, built_in_names, find, load

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("aB1 -:#'\"\\\n~ü\U0001f600"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc1~/ ü"), inner),
    max_leaves=8,
)


def written(folder: Path, text: str | bytes, name: str = "api.yaml") -> Path:
    """A file with that content."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refused(path: Path) -> str:
    """What is said of a file that cannot be used, behind its name."""
    with pytest.raises(UnusableDescription) as caught:
        load(path)
    assert caught.value.file == str(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    return message.removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("yes", "yes"),
        ("No", "No"),
        ("on", "on"),
        ("y", "y"),
        ("true", True),
        ("FALSE", False),
        ("2024-10-22", "2024-10-22"),
        ("2024-10-22T10:00:00Z", "2024-10-22T10:00:00Z"),
        ("12:30", "12:30"),
        ("12:30:45", "12:30:45"),
        ("190:20:30.15", "190:20:30.15"),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("-17", -17),
        ("+17", 17),
        ("1e3", 1000.0),
        ("-1.5E-2", -0.015),
        (".5", 0.5),
        ("5.", 5.0),
        (".", "."),
        (".inf", ".inf"),
        ("-.INF", "-.INF"),
        (".nan", ".nan"),
        ("3.1.0", "3.1.0"),
        ("~", None),
        ("null", None),
        ("", None),
        ("nil", "nil"),
        ("=", "="),
        ("<<", "<<"),
        ("'010'", "010"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("é", "é"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(tmp_path: Path, scalar: str, value: object) -> None:
    """A plain scalar means what the core schema of YAML 1.2 says, not what YAML 1.1 said."""
    found = load(written(tmp_path, f"value: {scalar}\n"))["value"]
    assert (found, type(found)) == (value, type(value))


def test_keys_are_text_as_written(tmp_path: Path) -> None:
    """Every key is text, and looks as it was written."""
    text = "200: a\n0404: b\nno: c\ntrue: d\n~: e\n1.0: f\n12:30: g\n2024-10-22: h\n=: i\n"
    assert list(load(written(tmp_path, text))) == [
        "200",
        "0404",
        "no",
        "true",
        "~",
        "1.0",
        "12:30",
        "2024-10-22",
        "=",
    ]


def test_merge_keys_are_followed(tmp_path: Path) -> None:
    """`<<` brings in the keys of an alias, and own keys win over them."""
    text = "a: &a {x: 1, y: 2}\nb: &b\n  <<: *a\n  y: 3\nc:\n  <<: [*b, {z: 4}]\n"
    document = load(written(tmp_path, text))
    assert document["b"] == {"x": 1, "y": 3}
    assert document["c"] == {"x": 1, "y": 3, "z": 4}


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3, column 1", "the key `a` is there twice"),
        ("200: x\n'200': y\n", "line 2, column 1", "the key `200` is there twice"),
        ("a:\n  {b: 1, b: 2}\n", "line 2, column 10", "the key `b` is there twice"),
        ("a: [1\nb: 2\n", "line 2, column 2", ""),
        ("a: b: c\n", "line 1, column 5", ""),
        ("a:\n\t- b\n", "line 2, column 1", ""),
        ("a: *nowhere\n", "line 1, column 4", "undefined alias"),
        ("a: &a {b: *a}\n", "line 1, column 4", "recursive"),
        ("[a]: 1\n", "line 1, column 1", "a key is text"),
        ("a: 1\n---\nb: 2\n", "line 2, column 1", "another document"),
        ("a: !!binary aGk=\n", "line 1, column 4", "binary"),
        ("a: !!python/object:os.system x\n", "line 1, column 4", "python/object"),
        ("a: !mine x\n", "line 1, column 4", "!mine"),
        ("a: 1e999\n", "line 1, column 4", "1e999"),
        (f"a: {'9' * 5000}\n", "line 1, column 4", "no number"),
        ("a: !!int many\n", "line 1, column 4", "many"),
    ],
)
def test_a_broken_yaml_file_is_refused_with_its_place(
    tmp_path: Path, text: str, place: str, reason: str
) -> None:
    """What is no usable YAML is refused with line, column and reason."""
    message = refused(written(tmp_path, text))
    assert message.startswith(f"/: It is not YAML at {place}: ")
    assert reason in message


def test_a_control_character_is_refused(tmp_path: Path) -> None:
    """A character that YAML forbids is refused, though the parser names no line for it."""
    assert refused(written(tmp_path, "a: \x07\n")).startswith("/: It is not YAML: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1,}', "/: It is not JSON at line 1, column 9: "),
        ('{\n  "a": nope}', "/: It is not JSON at line 2, column 8: "),
        ("", "/: It is not JSON at line 1, column 1: "),
        ('{"a": NaN}', "/: It is not JSON: NaN is no JSON number."),
        ('{"a": -Infinity}', "/: It is not JSON: -Infinity is no JSON number."),
        (f'{{"a": {"9" * 5000}}}', "/: It is not JSON: "),
        ("[" * 100_000, "/: It is nested too deeply"),
    ],
)
def test_a_broken_json_file_is_refused_with_its_place(
    tmp_path: Path, text: str, message: str
) -> None:
    """What is no JSON is refused with its place, where it has one."""
    assert refused(written(tmp_path, text, "api.json")).startswith(message)


@pytest.mark.parametrize("content", ["", "[]", "- a\n", "openapi 3.1.0", "~", "12"])
def test_a_document_is_an_object(tmp_path: Path, content: str) -> None:
    """A file that holds no object is refused with what one begins with."""
    assert "`openapi: 3.1.0`" in refused(written(tmp_path, content))


@pytest.mark.parametrize("name", ["api.yaml", "api.json"])
@pytest.mark.parametrize("content", [b"\xff\xfe{\x00}\x00", b'{"a": "\xe9"}', b"\x80"])
def test_a_file_is_utf_8(tmp_path: Path, name: str, content: bytes) -> None:
    """A file in another encoding is refused."""
    assert "UTF-8" in refused(written(tmp_path, content, name))


@pytest.mark.parametrize("name", ["api.yaml", "api.json"])
def test_a_byte_order_mark_is_left_out(tmp_path: Path, name: str) -> None:
    """A file may begin with a byte order mark."""
    assert load(written(tmp_path, b'\xef\xbb\xbf{"a": 1}', name)) == {"a": 1}


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """A folder in the place of a file is refused, not fallen over."""
    refused(tmp_path)


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    """A YAML file that nests deeper than can be read is refused."""
    assert "too deeply" in refused(written(tmp_path, "a: " + "[" * 5000 + "]" * 5000))


@given(st.dictionaries(st.text("abc1~/ ü"), JSON_VALUES, max_size=4))
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_json_is_yaml(tmp_path: Path, document: dict[str, Any]) -> None:
    """A document reads the same from a JSON file and from the same text in a YAML file."""
    text = json.dumps(document, ensure_ascii=False)
    assert load(written(tmp_path, text, "api.json")) == document
    assert load(written(tmp_path, text, "api.yaml")) == document


@pytest.mark.parametrize("name", [*built_in_names(), "control"])
def test_built_in_files_mean_the_same_in_yaml_1_1(name: str) -> None:
    """Each file that ships holds JSON values only, also for tools that read YAML 1.1."""
    path = BUILT_IN / f"{name}.yaml"
    document = load(path)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")))) == document


def test_control_is_no_api() -> None:
    """The names of the built-in APIs are those of the three, without the controls."""
    assert built_in_names() == ["didomi", "namirial", "nullplatform"]


def test_find_knows_names_paths_and_urls(tmp_path: Path) -> None:
    """An argument is a built-in API's name first, then a URL, then a path."""
    own = written(tmp_path, "a: 1")
    assert find("didomi") == BUILT_IN / "didomi.yaml"
    assert find(str(own)) == own
    assert find("http://127.0.0.1/api.yaml") == "http://127.0.0.1/api.yaml"


@pytest.mark.parametrize("argument", ["control", "nowhere.yaml", "", "ftp://127.0.0.1/a.yaml"])
def test_find_refuses_what_is_not_there(argument: str) -> None:
    """What names neither an API, a URL nor a file is refused with the names there are."""
    with pytest.raises(UnusableDescription, match=r"didomi, namirial, nullplatform") as caught:
        find(argument)
    assert caught.value.file == argument
