"""Documents of 2.0 to 3.2 end as the same operations."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from openapi.description import Content, Description, read

SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "host": "api.example.com",
    "basePath": "/v1",
    "schemes": ["https"],
    "consumes": ["application/json"],
    "securityDefinitions": {"basic": {"type": "basic"}},
    "parameters": {"Body": {"name": "pet", "in": "body", "schema": {"$ref": "#/definitions/Pet"}}},
    "responses": {"Missing": {"description": "None.", "schema": {"$ref": "#/definitions/Pet"}}},
    "definitions": {
        "Pet": {
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string", "x-nullable": True}},
        }
    },
    "paths": {
        "/pets": {
            "parameters": [{"name": "lang", "in": "header", "type": "string"}],
            "post": {
                "operationId": "create",
                "parameters": [{"$ref": "#/parameters/Body"}],
                "responses": {
                    "200": {
                        "description": "Made.",
                        "schema": {"$ref": "#/definitions/Pet"},
                        "examples": {"application/json": {"name": "Rex"}},
                        "headers": {"X-Rate": {"type": "integer"}},
                    },
                    "404": {"$ref": "#/responses/Missing"},
                },
            },
            "get": {
                "operationId": "list",
                "produces": ["application/xml"],
                "parameters": [
                    {
                        "name": "tags",
                        "in": "query",
                        "type": "array",
                        "items": {"type": "string"},
                        "collectionFormat": "pipes",
                    },
                    {
                        "name": "age",
                        "in": "query",
                        "type": "integer",
                        "minimum": 0,
                        "exclusiveMinimum": True,
                    },
                ],
                "responses": {"200": {"description": "All.", "schema": {"type": "string"}}},
            },
            "put": {
                "operationId": "upload",
                "parameters": [
                    {"name": "photo", "in": "formData", "type": "file", "required": True},
                    {"name": "note", "in": "formData", "type": "string"},
                ],
                "responses": {"204": {"description": "Kept."}},
            },
        }
    },
}


def checker_of(content: Mapping[str, Content]) -> Draft202012Validator:
    """A validator of what is documented for JSON."""
    schema = content["application/json"].schema
    assert schema is not None
    return Draft202012Validator(schema)


def described(folder: Path, document: dict[str, Any]) -> Description:
    """The description of a document that is written to a file."""
    path = folder / "own.yaml"
    path.write_text(yaml.safe_dump(document))
    return read(path)


def test_swagger_servers_and_security(tmp_path: Path) -> None:
    """Host, base path and security definitions of 2.0 are servers and schemes."""
    found = described(tmp_path, SWAGGER)
    assert found.hosts == {"api.example.com"}
    assert found.base_paths == ("/v1",)
    assert found.security_schemes == {"basic": {"type": "http", "scheme": "basic"}}


def test_swagger_bodies(tmp_path: Path) -> None:
    """A body parameter is the request body, in each media type that the operation consumes."""
    body = described(tmp_path, SWAGGER).by_id["create"].body
    assert body is not None
    assert not body.required
    assert list(body.content) == ["application/json"]
    checker = checker_of(body.content)
    assert checker.is_valid({"name": None})
    assert not checker.is_valid({})


def test_swagger_forms(tmp_path: Path) -> None:
    """Form parameters are one body; a file makes it multipart."""
    body = described(tmp_path, SWAGGER).by_id["upload"].body
    assert body is not None
    assert body.required
    schema = body.content["multipart/form-data"].schema
    assert isinstance(schema, dict)
    assert schema["properties"]["photo"] == {"type": "string", "format": "binary"}
    assert schema["required"] == ["photo"]


def test_swagger_parameters(tmp_path: Path) -> None:
    """Collection formats are styles, boolean limits numbers; the path's parameters are there."""
    parameters = {p.name: p for p in described(tmp_path, SWAGGER).by_id["list"].parameters}
    assert (parameters["tags"].style, parameters["tags"].explode) == ("pipeDelimited", False)
    assert parameters["age"].schema == {"type": "integer", "exclusiveMinimum": 0}
    assert parameters["lang"].place == "header"


def test_swagger_responses(tmp_path: Path) -> None:
    """Schemas, examples and headers of 2.0 responses are found, shared ones too."""
    create = described(tmp_path, SWAGGER).by_id["create"]
    made = create.response(200)
    missing = create.response(404)
    assert made is not None
    assert missing is not None
    assert made.content["application/json"].examples == ({"name": "Rex"},)
    assert made.headers[0].schema == {"type": "integer"}
    assert missing.content["application/json"].schema is not None
    listed = described(tmp_path, SWAGGER).by_id["list"].response(200)
    assert listed is not None
    assert list(listed.content) == ["application/xml"]


def test_swagger_references_lead_through_what_was_written(tmp_path: Path) -> None:
    """A reference may lead into a path, or to what 2.0 has no word for; its shape there counts."""
    get = {
        "parameters": [{"name": "age", "in": "query", "type": "integer"}],
        "responses": {"200": {"schema": {"type": "string"}}},
    }
    properties = {
        "answer": {"$ref": "#/paths/~1a/get/responses/200/schema"},
        "asked": {"$ref": "#/paths/~1a/get/parameters/0"},
        "modern": {"$ref": "#/components/schemas/Text"},
    }
    body = {"name": "b", "in": "body", "schema": {"type": "object", "properties": properties}}
    put = {"operationId": "put", "parameters": [body], "responses": {"204": {}}}
    document = {
        "swagger": "2.0",
        "paths": {"/a": {"get": get, "put": put}},
        "components": {"schemas": {"Text": {"type": "string"}}},
    }
    found = described(tmp_path, document).by_id["put"].body
    assert found is not None
    checker = checker_of(found.content)
    assert checker.is_valid({"answer": "a", "asked": 1, "modern": "a"})
    assert [checker.is_valid({name: []}) for name in properties] == [False, False, False]


def test_swagger_has_no_servers(tmp_path: Path) -> None:
    """What 2.0 has no word for is of no concern."""
    assert described(tmp_path, SWAGGER | {"servers": [None]}).base_paths == ("/v1",)


def with_schema(version: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A document of that version whose only answer has that schema."""
    content = {"application/json": {"schema": schema}}
    operation = {"operationId": "only", "responses": {"200": {"content": content}}}
    return {"openapi": version, "paths": {"/": {"get": operation}}}


@pytest.mark.parametrize(
    ("schema", "valid", "invalid"),
    [
        ({"type": "string", "nullable": True}, None, 1),
        ({"type": "string", "enum": ["a"], "nullable": True}, None, "b"),
        ({"allOf": [{"type": "string"}], "nullable": True}, None, 1),
        ({"type": "integer", "maximum": 3, "exclusiveMaximum": True}, 2, 3),
        ({"type": "integer", "maximum": 3, "exclusiveMaximum": False}, 3, 4),
        ({"type": "object", "required": True, "properties": {"a": {"type": "null"}}}, {}, []),
        ({"type": "array", "items": [{"type": "integer"}]}, [1, "a"], ["a"]),
        ({"type": "anything"}, 1, None),
    ],
)
def test_older_schemas_mean_the_same(
    tmp_path: Path, schema: dict[str, Any], valid: Any, invalid: Any
) -> None:
    """A schema of 3.0 accepts and refuses what its words mean there."""
    response = described(tmp_path, with_schema("3.0.3", schema)).by_id["only"].response(200)
    assert response is not None
    checker = checker_of(response.content)
    assert checker.is_valid(valid)
    if schema["type" if "type" in schema else "allOf"] != "anything":
        assert not checker.is_valid(invalid)


def test_siblings_of_references_count_since_3_1(tmp_path: Path) -> None:
    """What stands beside a `$ref` is ignored in 3.0 and means something in 3.1."""
    schema = {"$ref": "#/components/schemas/Text", "minLength": 2}
    for version, accepted in (("3.0.3", True), ("3.1.0", False), ("3.2.0", False)):
        document = with_schema(version, schema)
        document["components"] = {"schemas": {"Text": {"type": "string"}}}
        response = described(tmp_path, document).by_id["only"].response(200)
        assert response is not None
        checker = checker_of(response.content)
        assert checker.is_valid("x") is accepted


def test_additional_operations(tmp_path: Path) -> None:
    """OpenAPI 3.2 has the method QUERY, and any other by name."""
    answered = {"responses": {"204": {"description": "Done."}}}
    item = {"query": answered, "additionalOperations": {"COPY": answered}}
    found = described(tmp_path, {"openapi": "3.2.0", "paths": {"/a": item}})
    assert [operation.name for operation in found.operations] == ["QUERY /a", "COPY /a"]


def test_a_document_of_webhooks_only(tmp_path: Path) -> None:
    """A document without paths is read where it has webhooks."""
    found = described(tmp_path, {"openapi": "3.1.0", "webhooks": {}})
    assert found.operations == ()


def test_directions(tmp_path: Path) -> None:
    """No answer holds what is `writeOnly`, and no request needs what is `readOnly`."""
    pet = {
        "allOf": [
            {"$ref": "#/components/schemas/Kept"},
            {"required": ["id", "secret", "name"], "properties": {"name": {"type": "string"}}},
        ]
    }
    kept = {
        "type": "object",
        "properties": {
            "id": {"type": "integer", "readOnly": True},
            "secret": {"type": "string", "writeOnly": True},
        },
    }
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}
    operation = {
        "operationId": "only",
        "requestBody": {"content": content},
        "responses": {"200": {"content": content}},
    }
    document = {
        "openapi": "3.1.0",
        "paths": {"/": {"post": operation}},
        "components": {"schemas": {"Pet": pet, "Kept": kept}},
    }
    only = described(tmp_path, document).by_id["only"]
    response = only.response(200)
    assert only.body is not None
    assert response is not None
    sent = checker_of(only.body.content)
    given = checker_of(response.content)
    assert sent.is_valid({"name": "Rex", "secret": "s"})
    assert not sent.is_valid({"name": "Rex"})
    assert given.is_valid({"name": "Rex", "id": 1})
    assert not given.is_valid({"name": "Rex"})
    assert not given.is_valid({"name": "Rex", "id": 1, "secret": "s"})


def test_discriminators_tell_branches_apart(tmp_path: Path) -> None:
    """A branch holds only for the value that stands for it, by mapping or by its own name."""
    named = {"type": "object", "properties": {"kind": {"type": "string"}}}
    schema = {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"c": "#/components/schemas/Cat"}},
    }
    document = with_schema("3.1.0", schema)
    document["components"] = {"schemas": {"Cat": named, "Dog": named}}
    response = described(tmp_path, document).by_id["only"].response(200)
    assert response is not None
    checker = checker_of(response.content)
    assert [checker.is_valid({"kind": kind}) for kind in ("c", "Dog", "Cat")] == [True, True, False]
