"""What a schema says of XML (OpenAPI 3.1 section 4.8.26), for those who write and read it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openapi.schemas import Schema, at, part_of

INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
"""The namespace of `nil`, which marks a null."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a value stands in a document."""

    name: str | None = None
    namespace: str | None = None
    prefix: str | None = None
    attribute: bool = False
    text: bool = False
    """Whether it is the text of the element around it."""
    wrapped: bool = False
    """Whether the items of an array stand in an element of their own."""


def shape_of(schema: Schema) -> Shape:
    """The `xml` hints of a schema."""
    for node in _nodes(schema):
        hints = node.get("xml")
        if isinstance(hints, Mapping):
            kind = hints.get("nodeType")  # since OpenAPI 3.2
            return Shape(
                name=hints.get("name"),
                namespace=hints.get("namespace"),
                prefix=hints.get("prefix"),
                attribute=kind == "attribute" or hints.get("attribute") is True,
                text=kind in {"text", "cdata"},
                wrapped=kind == "element" or hints.get("wrapped") is True,
            )
    return Shape()


def properties_of(schema: Schema) -> dict[str, Schema]:
    """The properties that a schema describes, also in its parts and alternatives."""
    found: dict[str, Schema] = {}
    for node in _nodes(schema):
        for name, child in (node.get("properties") or {}).items():
            found.setdefault(name, part_of(schema, child))
    return found


def others_of(schema: Schema) -> Schema:
    """What describes properties that have no description of their own."""
    return _first(schema, "additionalProperties")


def items_of(schema: Schema) -> Schema:
    """What describes the items of an array."""
    return _first(schema, "items")


def _first(schema: Schema, keyword: str) -> Schema:
    for node in _nodes(schema):
        if keyword in node:
            return part_of(schema, node[keyword])
    return True


def _nodes(schema: Schema) -> Iterator[Mapping[str, Any]]:
    """The schema with what it refers to, its parts and its alternatives, the nearest first."""
    waiting: list[Any] = [schema]
    seen: set[str] = set()
    for node in waiting:
        if not isinstance(node, Mapping):
            continue
        yield node
        reference = node.get("$ref")
        if isinstance(reference, str) and reference not in seen:
            seen.add(reference)
            waiting.append(at(schema, reference))
        for keyword in ("allOf", "anyOf", "oneOf"):
            waiting.extend(node.get(keyword) or ())
