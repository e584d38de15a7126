"""Operations that nobody has written are answered from their description."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from jsonschema import Draft202012Validator

from mock_server.api import Serving
from mock_server.app import Settings, create_app
from tests.mock_server.gateway.own import client_of
from tests.mock_server.resources.described import answers
from tests.mock_server.resources.described import served as served_paths

DOCUMENT = """
openapi: 3.0.3
paths:
  /pets/{id}:
    get:
      parameters:
        - {name: verbose, in: query, deprecated: true, schema: {type: boolean}}
        - {name: age, in: query, schema: {type: integer}}
      responses:
        "200":
          description: A pet.
          headers:
            X-Rate: {schema: {type: integer, example: 7}}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
              examples:
                cat: {value: {name: Tom, kind: cat}}
                dog: {value: {name: Rex, kind: dog}}
                odd: {value: {name: 1}}
            application/xml:
              schema: {$ref: '#/components/schemas/Pet'}
        "404":
          description: None.
          content:
            application/json:
              schema:
                type: object
                required: [message, code]
                properties: {message: {type: string}, code: {type: integer}}
        5XX: {description: Failed., content: {text/plain: {example: down}}}
  /plain:
    get:
      responses:
        "200":
          description: Things.
          content:
            application/json:
              schema:
                type: object
                required: [when, count]
                properties:
                  when: {type: string, format: date-time}
                  count: {type: integer, minimum: 3}
                  text: {type: string}
                  tags: {type: array, items: {type: string, enum: [a, b]}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      xml: {name: pet}
      properties:
        name: {type: string}
        kind: {type: string, enum: [cat, dog], xml: {attribute: true}}
        tags:
          type: array
          items: {type: string, xml: {name: tag}}
          xml: {wrapped: true}
"""


def served(folder: Path, **serving: Any) -> httpx.Client:
    """A client of a server of the description."""
    path = folder / "own.yaml"
    path.write_text(DOCUMENT)
    client: httpx.Client = client_of(
        create_app(Settings(apis=[str(path)], serving=Serving(**serving)))
    )
    return client


@pytest.fixture
def api(tmp_path: Path) -> httpx.Client:
    """A client of a server with no options."""
    return served(tmp_path)


def test_the_first_example_is_the_answer(api: httpx.Client) -> None:
    """An example of the description is what is answered, with the described headers."""
    answer = api.get("/pets/1")
    assert (answer.status_code, answer.json()) == (200, {"name": "Tom", "kind": "cat"})
    assert answer.headers["x-rate"] == "7"


@pytest.mark.parametrize(
    ("query", "header", "status", "body"),
    [
        ("__example=dog", None, 200, {"name": "Rex", "kind": "dog"}),
        ("", "example=dog", 200, {"name": "Rex", "kind": "dog"}),
        ("", "code=200, example=cat", 200, {"name": "Tom", "kind": "cat"}),
        ("__code=503", None, 503, "down"),
        ("__example=dog", "code=503", 503, "down"),
    ],
)
def test_the_client_chooses_the_answer(
    api: httpx.Client, query: str, header: str | None, status: int, body: Any
) -> None:
    """`Prefer`, or else the query, chooses status and example, and the answer says so."""
    headers = {"Prefer": header} if header else {}
    answer = api.get(f"/pets/1?{query}", headers=headers)
    found = answer.text if "text" in answer.headers["content-type"] else answer.json()
    assert (answer.status_code, found) == (status, body)
    assert answer.headers["preference-applied"]


@pytest.mark.parametrize("query", ["__code=418", "__example=fish"])
def test_what_is_not_documented_cannot_be_chosen(api: httpx.Client, query: str) -> None:
    """A status or example that the description lacks is not found."""
    answer = api.get(f"/pets/1?{query}")
    assert answer.status_code == 404
    assert query.partition("=")[2] in answer.text


@pytest.mark.parametrize("query", ["__code=x", "__dynamic=maybe", "__seed=one", "__nothing=1"])
def test_preferences_that_cannot_be_read_are_left_out(api: httpx.Client, query: str) -> None:
    """An unreadable preference changes nothing (RFC 7240 section 2)."""
    assert api.get(f"/pets/1?{query}").json() == {"name": "Tom", "kind": "cat"}


PLAIN = Draft202012Validator(
    {
        "type": "object",
        "required": ["when", "count"],
        "properties": {"count": {"type": "integer", "minimum": 3}, "tags": {"type": "array"}},
    }
)


def test_values_are_the_same_until_they_are_dynamic(api: httpx.Client) -> None:
    """A made-up answer is valid and stays; `dynamic` makes another, and `seed` the same again."""
    first = api.get("/plain").json()
    assert PLAIN.is_valid(first)
    assert api.get("/plain").json() == first
    dynamic = [json.dumps(api.get("/plain?__dynamic=true").json()) for _ in range(5)]
    assert len(set(dynamic)) > 1
    seeded = [api.get("/plain?__dynamic=true&__seed=5").json() for _ in range(2)]
    assert seeded[0] == seeded[1]


def test_a_stateless_server_answers_samples(tmp_path: Path) -> None:
    """Without state and without `--dynamic` a made-up answer is as plain as can be."""
    assert served(tmp_path, stateless=True).get("/plain").json() == {
        "when": "2019-08-24T14:15:22Z",
        "count": 3,
        "text": "string",
        "tags": ["a"],
    }


def test_required_only(tmp_path: Path) -> None:
    """`--required-only` leaves out what need not be there."""
    found = served(tmp_path, required_only=True).get("/plain").json()
    assert found.keys() == {"when", "count"}


def test_the_document_says_how_long_arrays_are(tmp_path: Path) -> None:
    """`x-json-schema-faker` names the items of arrays whose schema does not."""
    path = tmp_path / "own.yaml"
    path.write_text(DOCUMENT + "x-json-schema-faker: {minItems: 6, maxItems: 6}\n")
    api = client_of(create_app(Settings(apis=[str(path)])))
    assert len(api.get("/plain").json()["tags"]) == 6


def test_xml_follows_its_hints(tmp_path: Path) -> None:
    """Names, attributes and wrapped arrays of an XML answer are as the schema says."""
    api = served(tmp_path, stateless=True)
    answer = api.get("/pets/1", headers={"Accept": "application/xml"})
    assert answer.headers["content-type"] == "application/xml"
    root = ET.fromstring(answer.text)  # noqa: S314 - our own answer
    assert (root.tag, root.attrib) == ("pet", {"kind": "cat"})
    assert [child.tag for child in root] == ["name", "tags"]
    assert [tag.tag for tag in root[1]] == ["tag"]


def test_a_broken_example_is_told(tmp_path: Path) -> None:
    """An example that breaks its schema is sent with a header that says where; not with errors."""
    api = served(tmp_path, stateless=True)
    told = api.get("/pets/1?__example=odd")
    assert told.json() == {"name": 1}
    violations = json.loads(told.headers["sl-violations"])
    assert violations[0]["location"] == ["response", "body", "name"]
    assert served(tmp_path, errors=True).get("/pets/1?__example=odd").status_code == 500


def test_a_deprecated_parameter_is_told(api: httpx.Client) -> None:
    """A deprecated parameter is allowed, with a warning in a header."""
    answer = api.get("/pets/1?verbose=true")
    assert answer.status_code == 200
    warnings: list[Mapping[str, Any]] = json.loads(answer.headers["sl-violations"])
    assert [warning["severity"] for warning in warnings] == ["Warning"]


def test_validation_is_422_where_nothing_is_documented(api: httpx.Client) -> None:
    """A fault is refused with 422 and problem details where the description says nothing."""
    answer = api.get("/pets/1?age=old")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_documented_refusal_keeps_its_shape(api: httpx.Client) -> None:
    """A refusal takes the documented shape of its status, with our reason in its words."""
    refused = api.get("/pets/1?__code=299").json()
    assert refused["code"] == 404
    assert "299" in refused["message"]


def test_made_up_values_keep_what_the_mock_alone_asserts() -> None:
    """Base64 is made as it is judged; JSON Schema alone does not look at it."""
    base64 = {"anyOf": [{}, {}, {"minLength": 7, "maxLength": 10}], "format": "byte"}
    client = served_paths({"/value": {"get": answers(base64 | {"minLength": 9, "maxLength": 12})}})
    for seed in range(40):
        answer = client.get("/value", headers={"Prefer": f"seed={seed}"})
        assert answer.status_code == 200, answer.text
