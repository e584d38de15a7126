"""JSON values as XML, by the `xml` hints of their schema."""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from mock_server.gateway.xml_shape import (
    INSTANCE,
    Shape,
    items_of,
    others_of,
    properties_of,
    shape_of,
)
from openapi.schemas import Schema

_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold (XML 1.0 section 2.2)."""

_Prefixes = frozenset[str]
"""Prefixes that an element, or one around it, gives a namespace."""


def rendered(value: Any, schema: Schema | None) -> str:
    """The value as an XML document; its root is named by the schema, else `xml`."""
    root = True if schema is None else schema
    shape = shape_of(root)
    element, prefixes = _element(shape.name or "xml", shape, frozenset())
    _fill(element, value, root, prefixes)
    # A bare carriage return would be read as a line feed.
    return ET.tostring(element, encoding="unicode").replace("\r", "&#13;")


def _element(name: str, shape: Shape, around: _Prefixes) -> tuple[ET.Element, _Prefixes]:
    element = ET.Element(_qualified(name, shape, around))
    return element, around | _declare(element, shape)


def _qualified(name: str, shape: Shape, around: _Prefixes) -> str:
    """The name with its prefix, unless that stands for nothing."""
    means_something = shape.namespace is not None or shape.prefix in around
    return f"{shape.prefix}:{name}" if shape.prefix and means_something else name


def _declare(element: ET.Element, shape: Shape) -> _Prefixes:
    if shape.namespace is None:
        return frozenset()
    element.set(f"xmlns:{shape.prefix}" if shape.prefix else "xmlns", shape.namespace)
    return frozenset([shape.prefix] if shape.prefix else [])


def _fill(element: ET.Element, value: Any, schema: Schema, around: _Prefixes) -> None:
    if isinstance(value, Mapping):
        properties, others = properties_of(schema), others_of(schema)
        for name, item in value.items():
            _property(element, name, item, properties.get(name, others), around)
    elif isinstance(value, list):
        items = items_of(schema)
        for item in value:
            _child(element, shape_of(items).name or "item", item, items, around)
    elif value is None:
        element.set("xmlns:xsi", INSTANCE)
        element.set("xsi:nil", "true")
    else:
        element.text = _text(value)


def _property(
    element: ET.Element, name: str, value: Any, schema: Schema, around: _Prefixes
) -> None:
    shape = shape_of(schema)
    called = shape.name or name
    if shape.attribute and not isinstance(value, Mapping):
        if value is not None:
            if shape.prefix:
                _declare(element, shape)
            element.set(_qualified(called, shape, around), _text(value))
    elif shape.text and not isinstance(value, Mapping | list):
        element.text = "" if value is None else _text(value)
    elif isinstance(value, list):
        holder = element
        if shape.wrapped:
            holder, around = _element(called, shape, around)
            element.append(holder)
        items = items_of(schema)
        for item in value:
            _child(holder, shape_of(items).name or called, item, items, around)
    else:
        _child(element, called, value, schema, around)


def _child(parent: ET.Element, name: str, value: Any, schema: Schema, around: _Prefixes) -> None:
    child, prefixes = _element(name, shape_of(schema), around)
    _fill(child, value, schema, prefixes)
    parent.append(child)


def _text(value: Any) -> str:
    if isinstance(value, list):  # the lists of XML Schema, as in attributes
        return " ".join(map(_text, value))
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return _NO_CHARACTER.sub("\ufffd", text)
