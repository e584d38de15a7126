"""What the tests of the three seed documents share: reading a description field by field."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

SOURCES = {"seed", "docs", "inferred"}
"""The values that `x-source` may have."""

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

_FOLDER = Path(__file__).parents[2] / "openapi"


def load(api: str) -> dict[str, Any]:
    """The description of that name, as it stands in the file."""
    text = (_FOLDER / f"{api}.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document


def resolve(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """The node with its `$ref` followed; what stands beside the reference stays."""
    while "$ref" in node:
        target: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = target | {key: value for key, value in node.items() if key != "$ref"}
    return node


def field(
    document: dict[str, Any], schema: dict[str, Any], name: str
) -> tuple[dict[str, Any], bool]:
    """A property by the dotted name that a seed gives it, and whether it is required.

    Arrays are looked through: `links.actor` is the actor in each item of `links`. Raises KeyError
    for a property that is not there.
    """
    found, required = resolve(document, schema), False
    for step in name.split("."):
        while "items" in found:
            found = resolve(document, found["items"])
        required = step in found.get("required", [])
        found = resolve(document, found["properties"][step])
    return found, required


def example(schema: dict[str, Any]) -> Any:
    """The first example of a schema or parameter, in whichever keyword it is; None without one."""
    return schema["example"] if "example" in schema else schema.get("examples", [None])[0]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation, as `METHOD /path` and what is written there."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def x_source_gaps(document: dict[str, Any]) -> list[str]:
    """Every operation, parameter and schema property without a valid `x-source`, by its place."""
    return [place for place, node in _sourced(document) if node.get("x-source") not in SOURCES]


def _sourced(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that must say where it comes from."""
    yield from operations(document)
    for group in ("paths", "webhooks"):
        for path, item in document.get(group, {}).items():
            for part in [item, *(item[method] for method in METHODS if method in item)]:
                yield from _parts(f"{group} {path}", part)
    components = document.get("components", {})
    for name, parameter in components.get("parameters", {}).items():
        yield from _parameter(f"parameter {name}", parameter)
    for group in ("responses", "requestBodies"):
        for name, body in components.get(group, {}).items():
            yield from _content(f"{group} {name}", body)
    for name, schema in components.get("schemas", {}).items():
        yield from _properties(f"schema {name}", schema)


def _parts(place: str, operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for parameter in operation.get("parameters", []):
        if "$ref" not in parameter:
            yield from _parameter(f"{place} {parameter['name']}", parameter)
    yield from _content(f"{place} body", operation.get("requestBody", {}))
    for status, response in operation.get("responses", {}).items():
        yield from _content(f"{place} {status}", response)


def _parameter(place: str, parameter: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield place, parameter
    yield from _properties(place, parameter.get("schema", {}))


def _content(place: str, holder: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for media_type, content in holder.get("content", {}).items():
        yield from _properties(f"{place} {media_type}", content.get("schema", {}))


def _properties(place: str, schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The properties within a schema; those behind a `$ref` are met where they are defined."""
    if not isinstance(schema, dict):
        return
    for name, property_schema in schema.get("properties", {}).items():
        yield f"{place}/{name}", property_schema
        yield from _properties(f"{place}/{name}", property_schema)
    for keyword in ("items", "additionalProperties", "not"):
        yield from _properties(f"{place}/{keyword}", schema.get(keyword))
    for keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
        for branch in schema.get(keyword, []):
            yield from _properties(f"{place}/{keyword}", branch)
