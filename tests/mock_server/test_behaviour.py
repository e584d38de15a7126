"""Behaviours: the functions of a module, matched with the operations of a description."""

import keyword
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.api import Api
from mock_server.behaviour import (
    Behaviour,
    BehaviourMismatch,
    arguments_of,
    built_in,
    from_argument,
    python_name,
)
from mock_server.gateway.behave import answered_by
from openapi.description import Description, read
from openapi.loading import built_in_names, find

DOCUMENT = """\
openapi: 3.1.0
info: {title: Letters, version: "1"}
paths:
  /letters:
    get:
      operationId: countLetters
      responses: {"200": {description: They are counted.}}
  /letters/{letter-id}:
    parameters:
      - {name: letter-id, in: path, required: true, schema: {type: string}}
      - {name: $limit, in: query, schema: {type: integer}}
    get:
      operationId: readLetter
      responses: {"200": {description: It is there.}}
    put:
      operationId: writeLetter
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {"204": {description: It is written.}}
    post:
      operationId: markLetter
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"204": {description: It is marked.}}
"""

FITTING = """\
import json
from functools import cache
from pathlib import Path

SETTINGS = {"pace": {"enum": ["slow", "fast"], "default": "slow"}}

def scene(sandbox): ...
def refusal(sandbox, refusal): return {}
def credentials(sandbox, scheme, value): return True
def when_it_is_late(sandbox, *, id): ...
def readLetter(sandbox, *, letter_id, _limit=10): return _helper(letter_id)
def writeLetter(sandbox, *, letter_id, body, _limit=None): ...
def markLetter(sandbox, **arguments): ...
def _helper(id): return {"id": id}
class Letter: ...
size = len
"""


DATA_CLASS = """\
from __future__ import annotations
from dataclasses import dataclass
from typing import ClassVar

@dataclass
class Letter:
    text: str
    count: ClassVar[int] = 0

def readLetter(sandbox, *, letter_id, _limit=1): return Letter("x").text
"""


@pytest.fixture
def letters(tmp_path: Path) -> Description:
    """A description with four operations."""
    path = tmp_path / "letters.yaml"
    path.write_text(DOCUMENT)
    return read(path)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder from which modules can be imported; they are forgotten afterwards."""
    known = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in set(sys.modules) - known:
        del sys.modules[name]


def written(folder: Path, source: str) -> str:
    """A behaviour file with that source."""
    path = folder / "post_office.py"
    path.write_text(source)
    return str(path)


def test_functions_are_sorted_by_the_part_they_play(letters: Description, tmp_path: Path) -> None:
    """Operations, timers and hooks; helpers, classes and imported things are no part of it."""
    behaviour = from_argument(written(tmp_path, FITTING), letters)
    assert behaviour.operations.keys() == {"readLetter", "writeLetter", "markLetter"}
    assert behaviour.timers.keys() == {"when_it_is_late"}
    assert behaviour.scene is not None
    assert behaviour.refusal is not None
    assert behaviour.credentials is not None
    assert behaviour.operations["readLetter"](None, letter_id="1") == {"id": "1"}
    assert behaviour.default_settings() == {"credentials": "any", "pace": "slow"}


def test_a_behaviour_may_be_an_importable_module(letters: Description, folder: Path) -> None:
    """Named with dots, as Python names it."""
    (folder / "offices").mkdir()
    (folder / "offices" / "main.py").write_text(FITTING)
    behaviour = from_argument("offices.main", letters)
    assert behaviour.operations.keys() == {"readLetter", "writeLetter", "markLetter"}


def test_a_behaviour_may_answer_a_part_of_the_operations(
    letters: Description, tmp_path: Path
) -> None:
    """Nothing at all is enough, too."""
    assert from_argument(written(tmp_path, ""), letters) == Behaviour()


MISMATCHES = [
    (
        "def readLetters(sandbox): ...",
        (
            "`readLetters` matches no operationId of letters. Correct one of the names, or begin "
            "it with `_` if it is a helper."
        ),
    ),
    (
        "def readLetter(sandbox, *, id, _limit=1): ...",
        "`readLetter` does not take the parameter(s) `letter_id`.",
    ),
    (
        "def readLetter(sandbox): ...",
        "`readLetter` does not take the parameter(s) `_limit`, `letter_id`.",
    ),
    (
        "def writeLetter(sandbox, *, letter_id, _limit=1): ...",
        "`writeLetter` does not take the parameter(s) `body`.",
    ),
    (
        "def readLetter(sandbox, *, letter_id, _limit=1, body=None): ...",
        "`readLetter` takes `body`, which the operation lacks.",
    ),
    (
        "def readLetter(sandbox, *, letter_id, _limit=1, b=1, a=1): ...",
        "`readLetter` takes `a`, `b`, which the operation lacks.",
    ),
    (
        "def readLetter(sandbox, *, letter_id, _limit): ...",
        "`readLetter` needs a default for the optional `_limit`.",
    ),
    (
        "def markLetter(sandbox, *, letter_id, body, _limit=1): ...",
        "`markLetter` needs a default for the optional `body`.",
    ),
]


@pytest.mark.parametrize(("source", "message"), MISMATCHES)
def test_a_mismatch_is_told_with_its_place(
    letters: Description, tmp_path: Path, source: str, message: str
) -> None:
    """File, line and name of the function, and what does not fit."""
    path = written(tmp_path, f"\n\n{source}\n")
    with pytest.raises(BehaviourMismatch) as raised:
        from_argument(path, letters)
    assert str(raised.value) == f"{path}:3: {message}"


def test_a_missing_file_is_a_mismatch(letters: Description, tmp_path: Path) -> None:
    """Its name is in the message, as it was given."""
    path = str(tmp_path / "nowhere.py")
    with pytest.raises(BehaviourMismatch) as raised:
        from_argument(path, letters)
    assert str(raised.value) == f"{path}: There is no such file."


BROKEN = [
    ("def readLetter(:", "line 1"),
    ("import nothing_of_that_name", "nothing_of_that_name"),
    ("1 / 0", "division by zero"),
]


@pytest.mark.parametrize(("source", "reason"), BROKEN)
def test_a_file_that_cannot_be_imported_is_a_mismatch(
    letters: Description, tmp_path: Path, source: str, reason: str
) -> None:
    """The message names the file and the reason: nobody has to read a traceback."""
    path = written(tmp_path, source)
    with pytest.raises(BehaviourMismatch) as raised:
        from_argument(path, letters)
    assert path in str(raised.value)
    assert reason in str(raised.value)


@pytest.mark.parametrize(
    "module", ["nothing_of_that_name", "nothing.of.that.name", ".relative", ""]
)
def test_a_module_that_is_not_there_is_a_mismatch(letters: Description, module: str) -> None:
    """The message names it as it was given."""
    with pytest.raises(BehaviourMismatch) as raised:
        from_argument(module, letters)
    assert module in str(raised.value)


@pytest.mark.parametrize("source", ["def countLetters(): ...", "def countLetters(*, a): ..."])
def test_a_function_that_takes_no_sandbox_is_a_mismatch(
    letters: Description, tmp_path: Path, source: str
) -> None:
    """It could not be called."""
    with pytest.raises(BehaviourMismatch, match=r"`countLetters`"):
        from_argument(written(tmp_path, source), letters)


def test_a_setting_without_a_default_is_a_mismatch(letters: Description, tmp_path: Path) -> None:
    """A sandbox has a value for every setting, from the beginning."""
    source = 'SETTINGS = {"pace": {"type": "string"}}'
    with pytest.raises(BehaviourMismatch, match=r"`pace`"):
        from_argument(written(tmp_path, source), letters)


def test_a_file_may_use_all_of_python(letters: Description, tmp_path: Path) -> None:
    """Data classes with annotations as text look their module up by its name."""
    behaviour = from_argument(written(tmp_path, DATA_CLASS), letters)
    assert behaviour.operations["readLetter"](None, letter_id="1") == "x"


@pytest.mark.parametrize("name", built_in_names())
def test_the_built_in_apis_answer_every_operation(name: str) -> None:
    """Nothing is made up; each has a scene, its own refusals and its own judge of credentials."""
    description = read(find(name))
    behaviour = built_in(description)
    api = Api(description, behaviour)
    sources = {answered_by(operation, api) for operation in description.operations}
    assert sources <= {"written", "declared", "inferred"}
    assert len(description.by_id) == len(description.operations)
    assert behaviour.scene is not None
    assert behaviour.refusal is not None
    assert behaviour.credentials is not None


@pytest.mark.parametrize("name", ["letters", "my-api", "1", "no.such", "__init__x"])
def test_other_apis_have_no_behaviour(name: str) -> None:
    """Whatever their file is called."""
    assert built_in(Description(name, {}, ())) == Behaviour()


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("limit", "limit"),
        ("$limit", "_limit"),
        ("status[$in]", "status__in_"),
        ("X-Api-Key", "X_Api_Key"),
        ("2fa", "_2fa"),
        ("class", "_class"),
        ("None", "_None"),
        ("größe", "gr__e"),
        ("", "_"),
    ],
)
def test_parameters_have_python_names(name: str, argument: str) -> None:
    """Characters that no Python name may hold become `_`."""
    assert python_name(name) == argument


@given(st.text())
def test_every_parameter_can_be_an_argument(name: str) -> None:
    """Whatever it is called."""
    assert python_name(name).isidentifier()
    assert not keyword.iskeyword(python_name(name))


SHARED_NAMES = """
openapi: 3.1.0
info: {title: Shared names, version: '1'}
paths:
  /things/{id}:
    post:
      operationId: share
      parameters:
        - {name: id, in: query, schema: {type: integer}}
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: body, in: header, schema: {type: string}}
        - {name: sandbox, in: query, schema: {type: string}}
        - {name: a-b, in: query, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"200": {content: {application/json: {}}}}
"""


def test_parameters_that_share_a_name_are_told_apart(tmp_path: Path) -> None:
    """The path keeps a name; another place, and what is called like sandbox or body, is added."""
    (tmp_path / "shared.yaml").write_text(SHARED_NAMES)
    assert arguments_of(read(tmp_path / "shared.yaml").by_id["share"]) == {
        ("path", "id"): "id",
        ("query", "id"): "id_query",
        ("query", "sandbox"): "sandbox_query",
        ("query", "a-b"): "a_b",
        ("header", "body"): "body_header",
    }


def test_arguments_that_stay_ambiguous_are_refused_at_start(tmp_path: Path) -> None:
    """Three parameters that would become two arguments are refused, with the argument's name."""
    more = "".join(f"        - {{name: {name}, in: query}}\n" for name in ("a b", "a_b"))
    document = SHARED_NAMES.replace("      requestBody", more + "      requestBody")
    (tmp_path / "shared.yaml").write_text(document)
    function = written(tmp_path, "def share(sandbox, **arguments): ...")
    with pytest.raises(BehaviourMismatch, match="2 parameters would all be `a_b_query`"):
        from_argument(function, read(tmp_path / "shared.yaml"))
