"""XML as JSON values, by the `xml` hints of their schema: what xml_text writes is read back."""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

from mock_server.gateway.json_text import DEEPEST
from mock_server.gateway.parameters import typed, types_of
from mock_server.gateway.unreadable import Unreadable
from mock_server.gateway.xml_shape import (
    INSTANCE,
    Shape,
    items_of,
    others_of,
    properties_of,
    shape_of,
)
from mock_server.refusals import Fault
from openapi.schemas import Schema

_Scope = Mapping[str, str]
"""The namespaces that prefixes stand for; the default one has the empty prefix."""


def read(raw: bytes, schema: Schema, charset: str | None = None) -> Any:
    """The value of a document; one that its schema calls a string stays as it is.

    Raises Unreadable with line and column where it is malformed, holds a document type declaration
    (no entity is ever expanded), or has another root than the schema.
    """
    root = _parsed(raw, charset)
    if types_of(schema) == {"string"}:
        return raw.decode(charset or "utf-8", errors="replace")
    shape, scope = shape_of(schema), _within(root, {})
    if shape.name is not None and not _fits(root.tag, shape.name, shape, scope):
        raise _not_xml(f"its root is `{root.tag[:80]}`, and `{shape.name}` is described")
    return _value(root, schema, {})


def _parsed(raw: bytes, charset: str | None) -> ET.Element:
    builder = ET.TreeBuilder()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise _not_xml(f"it is nested too deeply: more than {DEEPEST} levels")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def refuse_declaration(*_: Any) -> None:
        raise _not_xml("it holds a document type declaration")

    try:
        parser = expat.ParserCreate(charset)
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = builder.data
        parser.StartDoctypeDeclHandler = refuse_declaration
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        reason = expat.errors.messages[error.code]
        column = error.offset + 1
        raise _not_xml(f"{reason} at line {error.lineno}, column {column}") from error
    except (LookupError, ValueError) as error:
        raise _not_xml(str(error)) from error
    return builder.close()


def _not_xml(reason: str) -> Unreadable:
    return Unreadable(Fault("body", "", "contentMediaType", f"The body is not XML: {reason}."))


def _value(element: ET.Element, schema: Schema, around: _Scope) -> Any:
    scope = _within(element, around)
    attributes = _attributes(element, scope)
    if (INSTANCE, "nil") in attributes and attributes.pop((INSTANCE, "nil")) in {"true", "1"}:
        return None
    types = types_of(schema)
    has_parts = len(element) > 0 or bool(attributes)
    if "array" in types and (has_parts or "string" not in types) and "object" not in types:
        items = items_of(schema)
        return [_value(child, items, scope) for child in element]
    if has_parts or "object" in types or (not types and properties_of(schema)):
        return _object(element, attributes, schema, scope)
    return _typed(element.text or "", types)


def _typed(text: str, types: frozenset[str]) -> Any:
    try:
        return typed(text if "string" in types or not types else text.strip(), types)
    except ValueError as error:
        raise _not_xml(str(error)) from error


def _object(
    element: ET.Element, attributes: dict[tuple[str, str], str], schema: Schema, scope: _Scope
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    rest = list(element)
    for name, below in properties_of(schema).items():
        shape = shape_of(below)
        called = shape.name or name
        if shape.attribute:
            for (namespace, local), text in list(attributes.items()):
                if local == called and namespace in {"", shape.namespace or namespace}:
                    found[name] = _listed_or_typed(text, below)
                    del attributes[namespace, local]
        elif shape.text:
            found[name] = _typed(element.text or "", types_of(below))
        else:
            mine: list[ET.Element] = []
            others: list[ET.Element] = []
            for child in rest:
                (mine if _is_of(child, called, below, scope) else others).append(child)
            rest = others
            if mine:
                found[name] = _property(mine, below, scope)
    for (_, local), text in attributes.items():
        found.setdefault(local, text)
    _add_others(found, rest, others_of(schema), scope)
    return found


def _listed_or_typed(text: str, schema: Schema) -> Any:
    types = types_of(schema)
    if "array" in types:
        items = types_of(items_of(schema))
        return [_typed(piece, items) for piece in text.split()]
    return _typed(text, types)


def _is_of(child: ET.Element, called: str, schema: Schema, scope: _Scope) -> bool:
    """Whether an element belongs to a property; those of bare arrays are called like its items."""
    shape = shape_of(schema)
    inner = _within(child, scope)
    if "array" in types_of(schema) and not shape.wrapped:
        shape = shape_of(items_of(schema))
        return _fits(child.tag, shape.name or called, shape, inner)
    return _fits(child.tag, called, shape, inner)


def _property(mine: list[ET.Element], schema: Schema, scope: _Scope) -> Any:
    if "array" in types_of(schema):
        items = items_of(schema)
        if shape_of(schema).wrapped:
            inner = [(item, _within(holder, scope)) for holder in mine for item in holder]
            return [_value(item, items, around) for item, around in inner]
        return [_value(child, items, scope) for child in mine]
    values = [_value(child, schema, scope) for child in mine]
    # Given more than once it is a list, which the validator will not take for a value.
    return values[0] if len(values) == 1 else values


def _add_others(
    found: dict[str, Any], rest: list[ET.Element], schema: Schema, scope: _Scope
) -> None:
    by_name: dict[str, list[ET.Element]] = {}
    for child in rest:
        by_name.setdefault(child.tag.rpartition(":")[2], []).append(child)
    for name, children in by_name.items():
        found.setdefault(name, _property(children, schema, scope))


def _within(element: ET.Element, around: _Scope) -> _Scope:
    declared = {
        name[6:]: value
        for name, value in element.attrib.items()
        if name == "xmlns" or name.startswith("xmlns:")
    }
    return {**around, **declared} if declared else around


def _attributes(element: ET.Element, scope: _Scope) -> dict[tuple[str, str], str]:
    """The attributes by namespace and local name, without declarations of namespaces."""
    found = {}
    for name, value in element.attrib.items():
        prefix, _, local = name.rpartition(":")
        if prefix != "xmlns" and name != "xmlns":
            found[scope.get(prefix, "") if prefix else "", local] = value
    return found


def _fits(tag: str, called: str, shape: Shape, scope: _Scope) -> bool:
    """Names must be equal, and namespaces where both sides have one."""
    prefix, _, local = tag.rpartition(":")
    namespace = scope.get(prefix)
    return local == called and (
        shape.namespace is None or namespace is None or namespace == shape.namespace
    )
