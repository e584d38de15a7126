"""Which status and shape an answer has, and what directions, formats and discriminators refuse."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server.app import Settings, create_app
from tests.mock_server.gateway.own import HEAD, client_of, places

OPERATION = """
paths:
  /:
    post:
      security: [{{key: []}}]
      requestBody:
        content: {{application/json: {{schema: {{type: object, required: [a]}}}}}}
      responses:
        "200": {{content: {{application/json: {{example: fine}}}}}}
        {documented}
components: {{securitySchemes: {{key: {{type: apiKey, in: header, name: X-Key}}}}}}
"""
SHAPE = "{content: {application/vnd.own+json: {example: {own: true}}}}"
REQUESTS: dict[str, dict[str, Any]] = {
    "validation": {"method": "POST", "json": {}},
    "credentials": {"method": "POST", "json": {"a": 1}, "headers": {"X-Key": ""}},
    "method": {"method": "PUT"},
    "accept": {"method": "POST", "json": {"a": 1}, "headers": {"Accept": "image/png"}},
    "media type": {
        "method": "POST",
        "content": "a",
        "headers": {"Content-Type": "text/odd"},
    },
}


def served(folder: Path, document: str) -> httpx.Client:
    """A client of a server without a behaviour."""
    (folder / "own.yaml").write_text(HEAD + document)
    app = create_app(Settings(apis=[str(folder / "own.yaml")]))
    return client_of(app, headers={"X-Key": "k"})


@pytest.mark.parametrize(
    ("request_", "documented", "status"),
    [
        ("validation", "422", 422),
        ("validation", "400", 400),
        ("validation", "4XX", 400),
        ("validation", "default", 422),
        ("credentials", "401", 401),
        ("credentials", "4XX", 401),
        ("credentials", "default", 401),
        ("method", "405", 405),
        ("accept", "406", 406),
        ("accept", "default", 406),
        ("media type", "415", 415),
        ("media type", "default", 415),
    ],
)
def test_a_refusal_is_what_the_description_has_for_it(
    tmp_path: Path, request_: str, documented: str, status: int
) -> None:
    """A documented status, range or default gives a refusal its shape and media type."""
    document = OPERATION.format(documented=f'"{documented}": {SHAPE}')
    answer = served(tmp_path, document).request(url="/", **REQUESTS[request_])
    assert (answer.status_code, answer.json()) == (status, {"own": True})
    assert answer.headers["content-type"] == "application/vnd.own+json"
    (violation,) = json.loads(answer.headers["sl-violations"])
    assert violation["location"][0] == "request"
    assert (violation["severity"], bool(violation["message"])) == ("Error", True)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ("validation", 422),
        ("credentials", 401),
        ("method", 405),
        ("accept", 406),
        ("media type", 415),
    ],
)
def test_what_is_not_documented_is_problem_details(
    tmp_path: Path, request_: str, status: int
) -> None:
    """Where nothing is documented a refusal is `application/problem+json` (RFC 9457)."""
    client = served(tmp_path, OPERATION.format(documented=""))
    answer = client.request(url="/", **REQUESTS[request_])
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"


KINDS = """
paths:
  /things:
    put:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
      responses:
        "200": {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
components:
  schemas:
    Thing:
      type: object
      required: [id, secret]
      properties:
        id: {type: integer, readOnly: true}
        secret: {type: string, writeOnly: true}
        when: {type: string, format: date-time}
        mail: {type: string, format: email}
        key: {type: string, format: uuid}
        pet:
          oneOf:
            - {$ref: '#/components/schemas/Cat'}
            - {$ref: '#/components/schemas/Dog'}
          discriminator: {propertyName: kind, mapping: {kitty: '#/components/schemas/Cat'}}
    Cat:
      type: object
      required: [kind]
      properties: {kind: {type: string}, lives: {type: integer}}
    Dog:
      type: object
      required: [kind, barks]
      properties: {kind: {type: string}, barks: {type: boolean}}
"""


@pytest.mark.parametrize(
    "body",
    [
        {"secret": "s"},
        {"secret": "s", "id": 1},
        {"secret": "s", "when": "2024-01-31T10:00:00Z", "mail": "a@b.test"},
        {"secret": "s", "pet": {"kind": "kitty", "lives": 9}},
        {"secret": "s", "pet": {"kind": "Dog", "barks": True}},
    ],
)
def test_what_fits_is_taken(tmp_path: Path, body: dict[str, Any]) -> None:
    """No request needs what is `readOnly`, and no answer holds what is `writeOnly`."""
    answer = served(tmp_path, KINDS).put("/things", json=body)
    assert answer.status_code == 200
    assert "id" in answer.json()
    assert "secret" not in answer.json()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"id": 1}, "/secret"),
        ({"secret": "s", "when": "yesterday"}, "/when"),
        ({"secret": "s", "when": "2024-02-30T10:00:00Z"}, "/when"),
        ({"secret": "s", "mail": "nobody"}, "/mail"),
        ({"secret": "s", "key": "1"}, "/key"),
        ({"secret": "s", "pet": {"kind": "Cat", "lives": 9}}, "/pet"),
        ({"secret": "s", "pet": {"kind": "kitty", "lives": "nine"}}, "/pet"),
        ({"secret": "s", "pet": {"kind": "Dog"}}, "/pet"),
        ({"secret": "s", "pet": {"barks": True}}, "/pet"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, body: dict[str, Any], pointer: str) -> None:
    """Formats are asserted, and a discriminator's value stands for one branch only."""
    assert places(served(tmp_path, KINDS).put("/things", json=body)) == [("body", pointer)]


EMPTY = """
paths:
  /:
    get:
      operationId: root
      parameters:
        - {name: n, in: query, allowEmptyValue: true, schema: {type: integer}}
        - {name: l, in: query, allowEmptyValue: true, schema: {type: array, items: {enum: [a]}}}
        - {name: m, in: query, schema: {type: integer}}
      responses: {"200": {content: {application/json: {example: 1}}}}
"""


@pytest.mark.parametrize(
    ("query", "status"),
    [("n=", 200), ("n", 200), ("l=", 200), ("l=a", 200), ("n=x", 422), ("l=b", 422), ("m=", 422)],
)
def test_a_parameter_may_be_empty_where_that_is_said(
    tmp_path: Path, query: str, status: int
) -> None:
    """`allowEmptyValue` lets `name=` in, and nothing else."""
    assert served(tmp_path, EMPTY).get(f"/?{query}").status_code == status
