"""A description may be spread over files, and changed by overlays."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from openapi.description import read
from openapi.loading import UnusableDescription

MAIN = """\
openapi: 3.1.0
paths:
  /pets/{id}:
    $ref: paths/pet.yaml#/pet
components:
  schemas:
    Name: {type: string, minLength: 2}
"""
PET = """\
pet:
  get:
    operationId: read
    responses:
      "200":
        content:
          application/json:
            schema: {$ref: "../schemas/pet.json"}
"""
SCHEMA = """\
{"type": "object", "required": ["name", "tag"], "properties": {
  "name": {"$ref": "../main.yaml#/components/schemas/Name"},
  "tag": {"$ref": "#/$defs/tag"},
  "friend": {"$ref": "#"}},
 "$defs": {"tag": {"type": "integer"}}}
"""


@pytest.fixture
def main(tmp_path: Path) -> Path:
    """A description in three files that refer to each other."""
    for name, text in (("main.yaml", MAIN), ("paths/pet.yaml", PET), ("schemas/pet.json", SCHEMA)):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    return tmp_path / "main.yaml"


def test_references_cross_files(main: Path) -> None:
    """References lead from file to file and back, relative to where they stand."""
    response = read(main).by_id["read"].response(200)
    assert response is not None
    schema = response.content["application/json"].schema
    assert schema is not None
    checker = Draft202012Validator(schema)
    assert checker.is_valid({"name": "Rex", "tag": 1, "friend": {"name": "Ada", "tag": 2}})
    assert not checker.is_valid({"name": "R", "tag": 1})
    assert not checker.is_valid({"name": "Rex", "tag": 1, "friend": {"name": "Ada"}})


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        ("../../outside.yaml", "leads out of the description's folder"),
        ("/etc/hostname", "leads out of the description's folder"),
        ("nowhere.yaml#/pet", "There is no file nowhere.yaml"),
        ("http://example.com/pet.yaml", "is remote"),
        ("../main.yaml#/components/schemas/Nobody", "There is nothing at"),
    ],
)
def test_a_reference_that_cannot_be_followed_is_refused(
    main: Path, reference: str, problem: str
) -> None:
    """A reference out of the folder, to nothing, or to a remote address is refused."""
    pet = main.parent / "paths/pet.yaml"
    pet.write_text(PET.replace("../schemas/pet.json", reference))
    with pytest.raises(UnusableDescription, match=problem):
        read(main)


OVERLAY = """\
overlay: 1.0.0
info: {title: More, version: "1"}
actions:
  - target: $.paths['/pets/{id}'].get
    update: {operationId: changed, tags: [a]}
  - target: $.paths.*.get.tags
    update: b
  - target: $.paths['/gone']
    remove: true
"""
WHOLE = """\
openapi: 3.1.0
paths:
  /pets/{id}: {get: {operationId: read, responses: {"204": {}}}}
  /gone: {get: {responses: {"204": {}}}}
"""


def test_overlays_change_a_description(tmp_path: Path) -> None:
    """Actions merge objects, append to arrays and remove, in their order."""
    (tmp_path / "api.yaml").write_text(WHOLE)
    (tmp_path / "more.yaml").write_text(OVERLAY)
    operations = read(tmp_path / "api.yaml", [tmp_path / "more.yaml"]).operations
    assert [operation.name for operation in operations] == ["changed"]
    assert operations[0].raw["tags"] == ["a", "b"]


@pytest.mark.parametrize(
    ("overlay", "pointer"),
    [
        ("overlay: 1.0.0", "/actions"),
        ("actions: [{update: {}}]", "/actions/0"),
        ("actions: [{target: '$$$', update: {}}]", "/actions/0/target"),
        ("actions: [{target: $, remove: true}]", "/actions/0"),
        ("actions: [{target: $.openapi, update: {a: 1}}]", "/actions/0"),
    ],
)
def test_a_broken_overlay_is_refused_with_its_place(
    tmp_path: Path, overlay: str, pointer: str
) -> None:
    """What is wrong with an overlay is told with the overlay's file and the place in it."""
    (tmp_path / "api.yaml").write_text(WHOLE)
    (tmp_path / "more.yaml").write_text(overlay)
    with pytest.raises(UnusableDescription) as caught:
        read(tmp_path / "api.yaml", [tmp_path / "more.yaml"])
    assert caught.value.file.endswith("more.yaml")
    assert caught.value.pointer == pointer
