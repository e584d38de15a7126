"""State never makes an invalid answer, whatever the description."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mock_server.api import Serving
from mock_server.app import Settings, create_app
from openapi.description import Operation, Parameter, read
from openapi.loading import BUILT_IN, built_in_names
from openapi.synthesis import Synthesiser, Unsatisfiable
from tests.mock_server.gateway.own import client_of
from tests.mock_server.resources.described import TEXT, answers, list_of, served, takes
from tests.openapi.synthesis.satisfiable import CHECKER, satisfiable_schemas

Request = tuple[str, str, dict[str, Any]]


def value_of(schema: Any, seed: str) -> Any:
    """A value of a schema, the same for the same seed."""
    try:
        return Synthesiser(schema).value(Random(seed))
    except Unsatisfiable:
        return None


def text_of(parameter: Parameter, seed: str) -> str:
    """A value of a parameter as it is sent, if it is a plain one."""
    value = value_of(parameter.schema, seed)
    return str(value).lower() if isinstance(value, bool) else str(value)


def requests_to(operation: Operation) -> Iterator[Request]:
    """Requests that fit the description, with the same keys as those to its neighbours."""
    for number in range(3):
        by_name = {one.name: one for one in operation.parameters if one.place == "path"}
        pieces = (
            quote(text_of(by_name[piece], f"{piece}/{number}"), safe="") if index % 2 else piece
            for index, piece in enumerate(operation.path_pieces)
        )
        sent: dict[str, Any] = {"headers": {"Authorization": "Bearer any", "x-api-key": "any"}}
        for one in operation.parameters:
            if one.place == "query" and (one.required or number == 1):
                sent.setdefault("params", {})[one.name] = text_of(one, f"{one.name}/{number}")
            elif one.place == "header" and one.required:
                sent["headers"][one.name] = text_of(one, f"{one.name}/{number}")
        for media_type, content in operation.body.content.items() if operation.body else ():
            body = value_of(content.schema, f"{operation.key}/{number}")
            sent["content"] = json.dumps(body)
            sent["headers"]["Content-Type"] = media_type
            break
        yield operation.method, "".join(pieces), sent


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("name", built_in_names())
def test_shipped_descriptions_without_their_behaviours(name: str, strict: bool) -> None:
    """Their inferred state answers each operation as it is described, again and again."""
    file = BUILT_IN / f"{name}.yaml"
    serving = Serving(strict_state=strict, seed=1)
    client = client_of(create_app(Settings(apis=[str(file)], serving=serving)))
    operations = read(file).operations
    succeeded = set()
    for operation in (*operations, *operations):
        for method, path, sent in requests_to(operation):
            answer = client.request(method, path, **sent)
            assert answer.status_code != 500, answer.text
            if answer.is_success:
                succeeded.add(operation.key)
    assert len(succeeded) > len(operations) * (0.3 if strict else 0.6)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=satisfiable_schemas(), other=satisfiable_schemas(), data=st.data())
def test_items_of_any_schema(drawn: Any, other: Any, data: st.DataObject) -> None:
    """Reading and listing show a valid item, also where both have schemas that never met."""
    # OpenAPI's discriminator says more than JSON Schema, which judges here, knows of.
    assume('"discriminator"' not in json.dumps([drawn[0], other[0]]))
    alone, value = drawn
    shown_alone = data.draw(st.sampled_from([alone, other[0]]))
    schema, shown = {"$ref": "#/components/schemas/Sent"}, {"$ref": "#/components/schemas/Shown"}
    schemas = {"Sent": placed(alone, "Sent"), "Shown": placed(shown_alone, "Shown")}
    key = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    client = served(
        {
            "/things": {
                "get": answers(list_of(shown)),
                "post": takes(schema, answers(schema, 201)),
            },
            "/things/{id}": {
                "parameters": [key],
                "get": answers(shown),
                "put": takes(schema, answers(shown)),
                "patch": takes({}, answers(schema)),
                "delete": answers(shown),
            },
            "/things/{id}/copy": {"parameters": [key], "post": answers(shown, 201)},
        },
        schemas,
    )
    identified = value.get("id", "a") if isinstance(value, dict) else "a"
    at = (
        f"/things/{quote(str(identified), safe='')}"
        if identified not in ("", ".", "..")
        else "/things/a"
    )
    listed = {"type": "array"}
    valid(client.post("/things", json=value), alone)
    valid(client.get("/things"), listed, shown_alone)
    for method, path, sent, expected in (
        ("GET", at, None, shown_alone),
        ("PUT", at, value, shown_alone),
        ("PATCH", at, {"id": [], "added": None}, alone),
        ("POST", f"{at}/copy", None, shown_alone),
        ("GET", "/things/another", None, shown_alone),
        ("DELETE", at, None, shown_alone),
    ):
        valid(client.request(method, path, json=sent), expected)
    valid(client.get("/things"), listed, shown_alone)


def placed(schema: Any, name: str) -> Any:
    """A schema that stands alone, as a named schema of a description."""
    moved = f"#/components/schemas/{name}/$defs/"
    return json.loads(json.dumps(schema).replace("#/$defs/", moved))


def valid(answer: httpx.Response, schema: Any, item: Any = True) -> None:
    """An answer is a refusal with a reason, or as it is described, its items included."""
    assert answer.status_code < 500, answer.text
    if answer.is_success:
        body = answer.json()
        Draft202012Validator(schema, format_checker=CHECKER).validate(body)
        for one in body if isinstance(body, list) and item is not True else ():
            Draft202012Validator(item, format_checker=CHECKER).validate(one)
