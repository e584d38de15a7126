"""What a schema of OpenAPI 2.0 or 3.0 means in JSON Schema 2020-12, one node at a time."""

from collections.abc import Mapping
from typing import Any

DIALECT = "x-understudy-dialect"
"""Where a document keeps the dialect of its schemas: `2.0`, `3.0` or `2020-12`."""
MODERN = "2020-12"


def modern(node: Mapping[str, Any], dialect: str) -> dict[str, Any]:
    """The node in words of 2020-12; what is below it is left as it is.

    `dialect` is `2.0`, `3.0` or `2020-12`.
    """
    if dialect != MODERN and isinstance(node.get("$ref"), str):
        # OpenAPI 3.0 section 4.7.23.1: whatever stands beside a reference is ignored.
        return {"$ref": node["$ref"]}
    schema = dict(node)
    if isinstance(schema.get("discriminator"), str):
        schema["discriminator"] = {"propertyName": schema["discriminator"]}
    if not isinstance(schema.get("xml", {}), Mapping):
        del schema["xml"]
    if schema.get("type") == "file":
        schema |= {"type": "string", "format": "binary"}
    if dialect == MODERN:
        return schema
    if isinstance(schema.get("items"), list):
        # Draft 4: one schema for each item, and `additionalItems` for those behind them.
        schema["prefixItems"] = schema.pop("items")
        if "additionalItems" in schema:
            schema["items"] = schema.pop("additionalItems")
    _bounds(schema, "minimum", "exclusiveMinimum")
    _bounds(schema, "maximum", "exclusiveMaximum")
    return _nullable(schema)


def _bounds(schema: dict[str, Any], inclusive: str, exclusive: str) -> None:
    """A boolean `exclusiveMinimum` says how `minimum` is meant (JSON Schema draft 4)."""
    flag = schema.get(exclusive)
    if isinstance(flag, bool):
        del schema[exclusive]
        if flag and inclusive in schema:
            schema[exclusive] = schema.pop(inclusive)


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    nullable = schema.pop("nullable", schema.pop("x-nullable", False))
    if nullable is not True:
        return schema
    if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
        schema["enum"] = [*schema["enum"], None]
    if isinstance(schema.get("type"), str):
        return schema | {"type": [schema["type"], "null"]}
    if "type" in schema or not schema.keys() & {"allOf", "anyOf", "oneOf", "not"}:
        return schema
    annotations = {key: schema[key] for key in ("title", "description", "example") if key in schema}
    return annotations | {"anyOf": [schema, {"type": "null"}]}
