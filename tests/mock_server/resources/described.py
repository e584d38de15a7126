"""Short ways to write down a description, and to serve it within the process."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from mock_server.api import Serving
from mock_server.app import Settings, create_app
from openapi.description import Description, read
from tests.mock_server.gateway.own import client_of

Object = dict[str, Any]
TEXT: Object = {"type": "string"}
WHOLE: Object = {"type": "integer"}
THING: Object = {"type": "object", "properties": {"id": WHOLE, "name": TEXT}}


def object_of(**properties: Any) -> Object:
    """The schema of an object."""
    return {"type": "object", "properties": properties}


def list_of(schema: Object) -> Object:
    """The schema of an array."""
    return {"type": "array", "items": schema}


def json_of(schema: Any, **more: Any) -> Object:
    """The content of a body in JSON; `more` may be its example."""
    return {"content": {"application/json": {"schema": schema, **more}}}


def answers(
    schema: Any = None, status: int = 200, headers: tuple[str, ...] = (), **more: Any
) -> Any:
    """An operation with one answer, which is empty without a schema."""
    told: Object = (
        {"description": "It."} if schema is None else {"description": "It.", **json_of(schema)}
    )
    if "example" in more:
        told["content"]["application/json"]["example"] = more.pop("example")
    if headers:
        told["headers"] = {name: {"schema": TEXT} for name in headers}
    return {"responses": {str(status): told}, **more}


def takes(schema: Any, answered: Any, media_type: str = "application/json") -> Object:
    """An operation with a body, or with another type of body."""
    content = {media_type: {"schema": schema}}
    before = answered.get("requestBody", {}).get("content", {})
    return {**answered, "requestBody": {"content": before | content}}


def queries(answered: Any, **parameters: Any) -> Object:
    """An operation with query parameters."""
    listed = [{"name": name, "in": "query", "schema": s} for name, s in parameters.items()]
    return {**answered, "parameters": listed}


def document(paths: Object, **schemas: Any) -> Object:
    """A description with those named schemas."""
    head = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}
    return {**head, "paths": paths, "components": {"schemas": schemas}}


def of_things(schema: Object | None = None, **more: Any) -> Object:
    """Everything that can be done to things and to one of them."""
    thing = schema or THING
    key = {"name": "id", "in": "path", "required": True, "schema": thing["properties"]["id"]}
    return {
        "/things": {
            "get": answers(list_of(thing)),
            "post": takes(thing, answers(thing, 201)),
        },
        "/things/{id}": {
            "parameters": [key],
            "get": answers(thing),
            "put": takes(thing, answers(thing)),
            "patch": takes(thing, answers(thing)),
            "delete": answers(status=204),
        },
        **more,
    }


def loaded(paths: Object) -> Description:
    """The description of those paths."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "own.json"
        file.write_text(json.dumps(document(paths)))
        return read(file)


def served(paths: Object, schemas: Object | None = None, **serving: Any) -> httpx.Client:
    """A client of a server of those paths and named schemas."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "own.json"
        file.write_text(json.dumps(document(paths, **(schemas or {}))))
        return client_of(create_app(Settings(apis=[str(file)], serving=Serving(**serving))))
