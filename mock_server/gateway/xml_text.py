"""JSON values as XML, by the `xml` hints of their schema (OpenAPI 3.1 section 4.8.26)."""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from openapi.schemas import Schema, part_of, resolved


def rendered(value: Any, schema: Schema | None) -> str:
    """The value as an XML document; its root is named by the schema, else `xml`."""
    root = schema if schema is not None else {}
    hints = _hints(root)
    element = _element(hints.get("name", "xml"), hints)
    _fill(element, value, root)
    return ET.tostring(element, encoding="unicode")


def _hints(schema: Schema) -> Mapping[str, Any]:
    node = resolved(schema, schema)
    hints = node.get("xml", {}) if isinstance(node, Mapping) else {}
    return hints if isinstance(hints, Mapping) else {}


def _element(name: str, hints: Mapping[str, Any]) -> ET.Element:
    prefix, namespace = hints.get("prefix"), hints.get("namespace")
    element = ET.Element(f"{prefix}:{name}" if prefix else name)
    if namespace:
        element.set(f"xmlns:{prefix}" if prefix else "xmlns", str(namespace))
    return element


def _fill(element: ET.Element, value: Any, schema: Schema) -> None:
    node = resolved(schema, schema)
    described = node if isinstance(node, Mapping) else {}
    if isinstance(value, Mapping):
        for name, item in value.items():
            below = part_of(schema, described.get("properties", {}).get(name, True))
            _property(element, name, item, below)
    elif isinstance(value, list):
        below = part_of(schema, described.get("items", True))
        for item in value:
            _child(element, _hints(below).get("name", "item"), item, below)
    elif value is not None:
        element.text = _text(value)


def _property(element: ET.Element, name: str, value: Any, schema: Schema) -> None:
    hints = _hints(schema)
    called = hints.get("name", name)
    if hints.get("attribute"):
        element.set(called, _text(value))
    elif isinstance(value, list):
        node = resolved(schema, schema)
        items = part_of(schema, node.get("items", True) if isinstance(node, Mapping) else True)
        holder = element
        if hints.get("wrapped"):
            holder = _element(called, hints)
            element.append(holder)
        for item in value:
            _child(holder, _hints(items).get("name", called), item, items)
    else:
        _child(element, called, value, schema)


def _child(parent: ET.Element, name: str, value: Any, schema: Schema) -> None:
    child = _element(name, _hints(schema))
    _fill(child, value, schema)
    parent.append(child)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
