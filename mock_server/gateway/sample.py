"""Samples: the plainest value of a schema, the same every time: `string`, 0, true."""

from collections.abc import Mapping
from typing import Any

from openapi.schemas import Schema, resolved

MOST_VALUES = 2_500
"""A sample with more values than that would be of no use to anybody."""

_FORMATS = {
    "date-time": "2019-08-24T14:15:22Z",
    "date": "2019-08-24",
    "time": "14:15:22Z",
    "duration": "P3D",
    "email": "user@example.com",
    "idn-email": "пользователь@пример.ру",  # noqa: RUF001 - Cyrillic on purpose
    "hostname": "example.com",
    "idn-hostname": "пример.ру",  # noqa: RUF001 - as above
    "ipv4": "192.168.0.1",
    "ipv6": "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
    "uri": "http://example.com",
    "uri-reference": "../dictionary",
    "iri": "http://example.com/entity/1",
    "iri-reference": "../словарь",
    "uuid": "497f6eca-6276-4993-bfeb-53cbbba6f08e",
    "json-pointer": "/json/pointer",
    "relative-json-pointer": "1/relative/json/pointer",
    "uri-template": "http://example.com/{endpoint}",
    "regex": "/regex/",
    "password": "pa$$word",
}
_TWICE = 2


class TooComplex(Exception):  # noqa: N818 - it says what the schema is
    """The schema asks for more values than a sample may hold."""


def sample(schema: Schema) -> Any:
    """The plainest value of a schema that stands alone; it need not be valid.

    Raises TooComplex.
    """
    return _Sampler(schema).of(schema, ())


class _Sampler:
    def __init__(self, root: Schema) -> None:
        self._root = root
        self._left = MOST_VALUES

    def of(self, schema: Any, path: tuple[str, ...]) -> Any:
        self._left -= 1
        if self._left < 0:
            raise TooComplex
        reference = schema.get("$ref") if isinstance(schema, Mapping) else None
        node = resolved(self._root, schema)
        if not isinstance(node, Mapping):
            return None
        if isinstance(reference, str):
            if path.count(reference) >= _TWICE:
                return [] if node.get("type") == "array" else {}
            path = (*path, reference)
        for keyword in ("const", "example", "default"):
            if keyword in node:
                return node[keyword]
        for keyword in ("examples", "enum"):
            if isinstance(node.get(keyword), list) and node[keyword]:
                return node[keyword][0]
        return self._composed(node, path)

    def _composed(self, node: Mapping[str, Any], path: tuple[str, ...]) -> Any:
        for keyword in ("oneOf", "anyOf"):
            if node.get(keyword) and "properties" not in node:
                return self.of(node[keyword][0], path)
        if "allOf" in node:
            parts = [self.of(part, path) for part in node["allOf"]]
            if "properties" in node:
                parts.append(self._object(node, path))
            if all(isinstance(part, dict) for part in parts):
                return {name: value for part in parts for name, value in part.items()}
            return parts[0]
        return self._typed(node, path)

    def _typed(self, node: Mapping[str, Any], path: tuple[str, ...]) -> Any:
        kind = node.get("type")
        if isinstance(kind, list):
            kind = next((one for one in kind if one != "null"), "null")
        if kind == "object" or (kind is None and "properties" in node):
            return self._object(node, path)
        if kind == "array" or (kind is None and "items" in node):
            return self._array(node, path)
        if kind in {"integer", "number"}:
            return _number(node)
        if kind == "string":
            return _text(node)
        return True if kind == "boolean" else None

    def _object(self, node: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
        made = {
            name: self.of(schema, path)
            for name, schema in node.get("properties", {}).items()
            if schema is not False
        }
        extra = node.get("additionalProperties")
        if isinstance(extra, Mapping) and not made:
            made = {"property1": self.of(extra, path), "property2": self.of(extra, path)}
        return made

    def _array(self, node: Mapping[str, Any], path: tuple[str, ...]) -> list[Any]:
        first = [self.of(schema, path) for schema in node.get("prefixItems", ())]
        if "items" in node:
            wanted = max(node.get("minItems", 1), 1) - len(first)
            return first + [self.of(node["items"], path) for _ in range(wanted)]
        if "contains" in node:
            wanted = max(node.get("minContains", 1), 1)
            return first + [self.of(node["contains"], path) for _ in range(wanted)]
        return first


def _number(node: Mapping[str, Any]) -> Any:
    if "exclusiveMinimum" in node:
        return node["exclusiveMinimum"] + 1
    if "minimum" in node:
        return node["minimum"]
    limit = node.get("maximum", node.get("exclusiveMaximum", 1) - 1)
    return min(0, limit)


def _text(node: Mapping[str, Any]) -> str:
    text = _FORMATS.get(node.get("format", ""), "string")
    shortest, longest = node.get("minLength", 0), node.get("maxLength", len(text))
    while len(text) < shortest:
        text += text
    return text[: max(shortest, longest)] if shortest or longest < len(text) else text
