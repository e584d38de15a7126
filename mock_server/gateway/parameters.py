"""Parameters: from the text of a URL, header or cookie to the value that the schema means.

OpenAPI 3.1 section 4.8.12 defines the styles, RFC 6570 what they look like.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import unquote, unquote_plus

from mock_server.gateway import json_text
from openapi.description import Parameter
from openapi.schemas import Schema, part_of, resolved

Decoder = Callable[[list[str]], Any]
"""Makes a value of the raw, still encoded texts that were sent under a parameter's name.

Raises ValueError, with a reason for the client, where they cannot be read.
"""

_DELIMITERS = {"spaceDelimited": r"%20|\+| ", "pipeDelimited": r"%7C|%7c|\|"}
_INTEGER = re.compile(r"-?[0-9]+")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def decoder(parameter: Parameter) -> Decoder:
    """The way of one parameter, worked out once."""
    unquoted = _plain if parameter.place in {"header", "cookie"} else _decoded
    if parameter.place == "query":
        unquoted = decoded_query
    if parameter.media_type is not None:
        return lambda raw: _from_json(unquoted(_single(raw)))
    types = types_of(parameter.schema)
    if "array" in types:
        return _array_decoder(parameter, unquoted)
    if "object" in types:
        return _object_decoder(parameter, unquoted)
    prefix = _prefix(parameter)
    if not prefix and types <= {"string"}:
        return lambda raw: unquoted(_single(raw))
    return lambda raw: typed(unquoted(_without(prefix, _single(raw))), types)


def _array_decoder(parameter: Parameter, unquoted: Callable[[str], str]) -> Decoder:
    items = _item_types(parameter.schema)
    scalars = types_of(parameter.schema) - {"array"}
    exploded_query = parameter.place == "query" and parameter.explode
    cut = _cutter(parameter)

    def decode(raw: list[str]) -> Any:
        pieces = raw if exploded_query else cut(_single(raw))
        if scalars and len(pieces) == 1:
            alone = typed(unquoted(pieces[0]), scalars)
            if not isinstance(alone, str) or "string" in scalars:
                return alone
        return [typed(unquoted(piece), items) for piece in pieces]

    return decode


def _cutter(parameter: Parameter) -> Callable[[str], list[str]]:
    """Cuts the text of an array into those of its items, by the parameter's style."""
    if parameter.style == "matrix" and parameter.explode:
        return lambda text: [piece.partition("=")[2] for piece in text.split(";")[1:]]
    prefix, delimiter = _prefix(parameter), _delimiter(parameter)

    def cut(text: str) -> list[str]:
        inner = _without(prefix, text)
        return re.split(delimiter, inner) if inner else []

    return cut


def _item_types(schema: Schema) -> frozenset[str]:
    """The JSON types of an array's items, also where the array is one of several alternatives."""
    node = _resolved(schema)
    if "items" in node:
        return types_of(part_of(schema, node["items"]))
    parts = [*node.get("allOf", ()), *node.get("anyOf", ()), *node.get("oneOf", ())]
    found = [(part_of(schema, part), _resolved(part_of(schema, part))) for part in parts]
    return frozenset[str]().union(
        *(types_of(part_of(part, meant["items"])) for part, meant in found if "items" in meant)
    )


def _object_decoder(parameter: Parameter, unquoted: Callable[[str], str]) -> Decoder:
    properties = _properties(parameter.schema)
    exploded_matrix = parameter.style == "matrix" and parameter.explode
    prefix = ";" if exploded_matrix else _prefix(parameter)
    delimiter = ";" if exploded_matrix else _delimiter(parameter)

    def decode(raw: list[str]) -> Any:
        text = _without(prefix, _single(raw))
        pieces = re.split(delimiter, text) if text else []
        if parameter.explode:
            pairs = [piece.partition("=")[::2] for piece in pieces]
        else:
            if len(pieces) % 2:
                raise ValueError("names and values do not pair up")
            pairs = list(zip(pieces[::2], pieces[1::2], strict=True))
        return _typed_object(
            ((unquoted(name), unquoted(value)) for name, value in pairs), properties
        )

    return decode


def deep_object(parameter: Parameter) -> Callable[[Iterable[tuple[str, str]]], Any]:
    """For `name[key]=value` pairs of the query, and for the pairs of an exploded form object."""
    properties = _properties(parameter.schema)
    return lambda pairs: _typed_object(
        ((key, decoded_query(value)) for key, value in pairs), properties
    )


_Properties = dict[str, tuple[frozenset[str], frozenset[str]]]
"""The JSON types of properties, and of their items where they are arrays."""


def _properties(schema: Schema) -> _Properties:
    return {
        name: (types_of(part_of(schema, node)), _item_types(part_of(schema, node)))
        for name, node in _resolved(schema).get("properties", {}).items()
    }


def _typed_object(pairs: Iterable[tuple[str, str]], properties: _Properties) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, text in pairs:
        types, items = properties.get(name, (frozenset(), frozenset()))
        if "array" in types:
            found.setdefault(name, []).append(typed(text, items))
        else:
            found[name] = typed(text, types)
    return found


def typed(text: str, types: frozenset[str]) -> Any:
    """The text as the first type that it fits; it stays text where it fits none, so that
    validation can say what is wrong with it.
    """
    if "integer" in types and _INTEGER.fullmatch(text):
        return _integer(text)
    if "number" in types and _NUMBER.fullmatch(text):
        return _integer(text) if _INTEGER.fullmatch(text) else float(text)
    if "boolean" in types and text in {"true", "false"}:
        return text == "true"
    if "null" in types and text in {"", "null"} and "string" not in types:
        return None
    return text


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:  # Python refuses to read thousands of digits
        raise ValueError("the number has too many digits") from error


def types_of(
    schema: Schema, root: Schema | None = None, seen: frozenset[int] = frozenset()
) -> frozenset[str]:
    """The JSON types that a schema allows, as far as they show; empty where any is allowed."""
    root = schema if root is None else root
    node = resolved(root, schema) if isinstance(root, dict) else schema
    if not isinstance(node, dict) or id(node) in seen:
        return frozenset()
    if "type" in node:
        kinds = node["type"]
        return frozenset([kinds] if isinstance(kinds, str) else kinds)
    if "const" in node or "enum" in node:
        return frozenset(_type_of(value) for value in node.get("enum", [node.get("const")]))
    parts = [*node.get("allOf", ()), *node.get("anyOf", ()), *node.get("oneOf", ())]
    return frozenset[str]().union(*(types_of(part, root, seen | {id(node)}) for part in parts))


def _type_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    names = {int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]


def _resolved(schema: Schema) -> dict[str, Any]:
    node = resolved(schema, schema)
    return node if isinstance(node, dict) else {}


def _prefix(parameter: Parameter) -> str:
    """What stands before the value in the path: `.` of labels, `;name` of matrices."""
    return {"label": ".", "matrix": f";{parameter.name}"}.get(parameter.style, "")


def _delimiter(parameter: Parameter) -> str:
    if parameter.style == "label":
        return r"\." if parameter.explode else ","
    return _DELIMITERS.get(parameter.style, ",")


def _without(prefix: str, text: str) -> str:
    if not prefix or not text.startswith(prefix):
        return text
    # A matrix leaves the `=` of an empty text out (RFC 6570 section 3.2.7).
    rest = text[len(prefix) :]
    return rest.removeprefix("=") if prefix[0] == ";" else rest


def _single(raw: Sequence[str]) -> str:
    if len(raw) > 1:
        raise ValueError("it is given more than once")
    return raw[0]


def _plain(text: str) -> str:
    return text.strip()


def _decoded(text: str) -> str:
    return unquote(text, errors="strict") if "%" in text else text


def decoded_query(text: str) -> str:
    """A piece of a query, decoded. Raises UnicodeDecodeError where it is not UTF-8."""
    return unquote_plus(text, errors="strict") if "%" in text or "+" in text else text


def _from_json(text: str) -> Any:
    try:
        return json_text.parsed(text.encode())
    except ValueError as error:
        raise ValueError(f"it is not JSON: {error}") from error
