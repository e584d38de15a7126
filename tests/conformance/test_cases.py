"""The cases themselves: of the described form, and true by their own descriptions."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from openapi.description import Description, Operation, read
from openapi.schemas import Schema
from tests.conformance.run import FOLDER, files, load, write

CASES = files()
every_case = pytest.mark.parametrize(
    "file", CASES, ids=lambda file: str(file.relative_to(FOLDER).with_suffix(""))
)
LIST_WORDS = ("$includes", "$unordered")
PLACE = re.compile(r"\{([a-z_]+)\}")


@cache
def form() -> Draft202012Validator:
    """What every case must look like."""
    return Draft202012Validator(load(FOLDER / "case.schema.yaml"))


@every_case
def test_a_case_has_the_form(file: Path) -> None:
    """And its description passes a validator that is not ours."""
    case = load(file)
    faults = [f"{fault.json_path}: {fault.message}" for fault in form().iter_errors(case)]
    assert faults == []
    validate(case["description"])


def test_the_form_is_a_schema_that_bites() -> None:
    """A case with a misspelt word is none."""
    Draft202012Validator.check_schema(form().schema)
    case = load(CASES[0])
    assert form().is_valid(case)
    assert not form().is_valid({**case, "steps": [{"reqest": {}}]})
    assert not form().is_valid({**case, "needs": ["magic"]})


@every_case
def test_what_a_case_names_was_saved_before(file: Path) -> None:
    """A `{name}` in a path or URL stands for something."""
    saved: set[str] = set()
    for step in load(file)["steps"]:
        request = step.get("request", {})
        target = request.get("path", "") + request.get("url", "")
        assert set(PLACE.findall(target)) <= saved, target
        saved |= set(step.get("save", ()))


@every_case
def test_a_case_is_true_by_its_own_description(file: Path, tmp_path: Path) -> None:
    """What is sent to succeed is valid, what is expected is documented and valid."""
    case = load(file)
    write(case, tmp_path)
    description = read(tmp_path / "description.json", [])
    for number, step in enumerate(case["steps"], 1):
        faults = list(_faults(description, step))
        assert faults == [], f"step {number}"


@every_case
def test_examples_fit_their_schemas(file: Path, tmp_path: Path) -> None:
    """They become items."""
    write(load(file), tmp_path)
    for operation in read(tmp_path / "description.json", []).operations:
        for response in operation.responses:
            for content in response.content.values():
                for example in content.examples:
                    assert list(_invalid(example, content.schema or {})) == []


def _faults(description: Description, step: Mapping[str, Any]) -> Iterator[str]:
    request = step.get("request", step.get("walk"))
    if request is None or "path" not in request:
        return
    operation = _operation(description, request.get("method", "GET"), request["path"])
    expect = step["expect"]
    status = expect.get("status", "2XX")
    if not str(status).startswith("2"):
        return
    if isinstance(request.get("json"), dict) and isinstance(status, int):
        assert operation.body is not None
        media_type = request.get("headers", {}).get("Content-Type", "application/json")
        schema = operation.body.content[media_type].schema or {}
        yield from _invalid(_known(request["json"]), schema)
    if not isinstance(status, int):
        return
    response = operation.response(status)
    if response is None:
        yield f"{status} is not documented"
        return
    accepted = request.get("headers", {}).get("Accept", "application/json")
    shown = accepted if accepted in response.content else "application/json"
    for part in ("json", "json_contains"):
        if part in expect:
            schema = response.content[shown].schema or {}
            yield from _invalid(_known(expect[part]), _relaxed(schema))


def _operation(description: Description, method: str, path: str) -> Operation:
    bases = {*description.base_paths, ""}
    path = path.partition("?")[0]
    targets = {path.removeprefix(base) for base in bases}
    fitting = [
        operation
        for operation in description.operations
        if operation.method == method
        and any(re.fullmatch(_pattern(operation.path), target) for target in targets)
    ]
    assert fitting, f"{method} {path} is not described"
    return min(fitting, key=lambda operation: operation.path.count("{"))


def _pattern(path: str) -> str:
    pieces = re.split(r"\{[^{}]+\}", path)
    return "[^/]+".join(re.escape(piece) for piece in pieces)


def _invalid(value: Any, schema: Schema) -> Iterator[str]:
    for fault in Draft202012Validator(schema).iter_errors(value):
        yield f"{fault.json_path}: {fault.message}"


def _known(value: Any) -> Any:
    """The part of a value that is known without an answer."""
    if isinstance(value, dict):
        for word in LIST_WORDS:
            if word in value:
                return _known(value[word])
        if "$lacks" in value:
            return []
        return {key: _known(item) for key, item in value.items() if not _is_place(item)}
    if isinstance(value, list):
        return [_known(item) for item in value if not _is_place(item)]
    return {} if _is_place(value) else value


def _is_place(value: Any) -> bool:
    return isinstance(value, str) and PLACE.fullmatch(value) is not None


def _relaxed(schema: Any) -> Any:
    """A schema that parts of its values fit, too."""
    if isinstance(schema, list):
        return [_relaxed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _relaxed(value)
        for key, value in schema.items()
        if not (key == "required" and isinstance(value, list))
    }
