"""Schemas that stand alone: what a `$ref` means is brought along in `$defs`."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import unquote

from openapi.dialects import DIALECT, MODERN, modern

Schema = dict[str, Any] | bool

_MAPS_OF_SCHEMAS = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
_DATA = {"default", "const", "enum", "example", "examples"}
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]")


def at(document: Any, pointer: str) -> Any:
    """The node at a JSON pointer (RFC 6901); with a leading `#` it is percent-encoded.

    Raises LookupError where there is none.
    """
    path = unquote(pointer[1:]) if pointer.startswith("#") else pointer
    if path and not path.startswith("/"):
        _nothing(pointer)
    node = document
    for part in path.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(node, list) and key.isascii() and key.isdigit() and int(key) < len(node):
            node = node[int(key)]
        elif isinstance(node, Mapping) and key in node:
            node = node[key]
        else:
            _nothing(pointer)
    return node


def _nothing(pointer: str) -> Any:
    raise LookupError(f"There is nothing at {pointer}.")


def escaped(key: str) -> str:
    """A key as one part of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def resolved(document: Any, node: Any) -> Any:
    """What a node means: itself, or what its `$ref` leads to, through any number of steps.

    Raises LookupError for a reference that leads nowhere or in a circle.
    """
    seen: set[str] = set()
    while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
        pointer = node["$ref"]
        if not pointer.startswith("#"):
            raise LookupError(f"The reference {pointer} leads out of the file.")
        if pointer in seen:
            raise LookupError(f"The reference {pointer} leads back to itself.")
        seen.add(pointer)
        node = at(document, pointer)
    return node


def part_of(root: Schema, part: Any) -> Schema:
    """A part of a schema that stands alone, with the definitions that its references need."""
    if isinstance(root, dict) and isinstance(part, dict) and "$defs" in root:
        return part | {"$defs": root["$defs"]}
    return part if isinstance(part, dict | bool) else True


class Direction(StrEnum):
    """Which way a body goes: `readOnly` and `writeOnly` depend on it."""

    REQUEST = "readOnly"
    RESPONSE = "writeOnly"


def standing_alone(document: Any, schema: Schema, direction: Direction | None = None) -> Schema:
    """The schema with everything that it refers to, so that it means the same without the document.

    It is in the words of JSON Schema 2020-12, whichever version the document has. In a request no
    `readOnly` property is required; in a response no `writeOnly` property is allowed. A branch of
    a `oneOf` or `anyOf` with a `discriminator` holds only for its own value of that property.
    Only what is reached is copied: the cost follows the schema, not the document.
    """
    copier = _Copier(document, direction)
    alone: Schema = copier.copied(schema)
    definitions: dict[str, Any] = {}
    while copier.waiting:
        pointer, flagged = copier.waiting.pop()
        name = copier.names[pointer, flagged]
        definitions[name] = copier.copied(at(document, pointer), flagged)
    if definitions and isinstance(alone, dict):
        alone["$defs"] = alone.get("$defs", {}) | definitions
    return alone


_Names = frozenset[str]


class _Copier:
    """Copies schemas, and notes which references the copies need."""

    def __init__(self, document: Any, direction: Direction | None) -> None:
        self._document = document
        self._direction = direction
        self._dialect = document.get(DIALECT, MODERN) if isinstance(document, Mapping) else MODERN
        self.names: dict[tuple[str, _Names], str] = {}
        """Names within `$defs` by pointer into the document and flagged properties."""
        self.waiting: list[tuple[str, _Names]] = []
        """What is still to be copied."""

    def copied(self, node: Any, flagged: _Names = frozenset()) -> Any:
        """A copy; `flagged` are properties that the schema around it has for one direction only."""
        if isinstance(node, list):
            return [self.copied(item) for item in node]
        if not isinstance(node, dict):
            return node
        schema = modern(node, self._dialect)
        if self._direction is not None:
            flagged |= self._flagged(schema, set())
            schema = _directed(schema, flagged, self._direction)
        if "discriminator" in schema:
            schema = self._told_apart(schema)
        # An `$id` would make the references below it start there, where no `$defs` are.
        return {
            key: self._keyword(key, value, flagged) for key, value in schema.items() if key != "$id"
        }

    def _keyword(self, key: str, value: Any, flagged: _Names) -> Any:
        if key in _DATA or key.startswith("x-"):
            return value
        if key in _MAPS_OF_SCHEMAS and isinstance(value, dict):
            return {name: self.copied(item) for name, item in value.items()}
        if key == "$ref" and isinstance(value, str) and value.startswith("#"):
            return f"#/$defs/{self._name(value, flagged)}"
        if key == "allOf" and isinstance(value, list):
            return [self.copied(item, flagged) for item in value]
        return self.copied(value)

    def _name(self, pointer: str, flagged: _Names) -> str:
        key = (pointer, flagged)
        if key not in self.names:
            # What is no part of a URI fragment would have to be percent-encoded in the reference.
            name = _NOT_IN_A_NAME.sub("_", pointer.rpartition("/")[2])
            self.names[key] = f"{name}-{len(self.names)}"
            self.waiting.append(key)
        return self.names[key]

    def _flagged(self, schema: Mapping[str, Any], seen: set[int]) -> _Names:
        """The properties that carry the keyword of the direction, those of `allOf` included."""
        found: set[str] = set()
        properties = schema.get("properties")
        for name, node in properties.items() if isinstance(properties, dict) else ():
            meant = resolved(self._document, node)
            if isinstance(meant, Mapping) and meant.get(str(self._direction)) is True:
                found.add(name)
        for part in schema.get("allOf", ()):
            meant = resolved(self._document, part)
            if isinstance(meant, Mapping) and id(meant) not in seen:
                seen.add(id(meant))
                found |= self._flagged(meant, seen)
        return frozenset(found)

    def _told_apart(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Each branch with the value of the property that stands for it (OpenAPI 3.1, 4.8.25)."""
        discriminator = schema.get("discriminator")
        if not isinstance(discriminator, Mapping):
            return schema
        name = discriminator.get("propertyName")
        if not isinstance(name, str):
            return schema
        by_target: dict[str, list[str]] = {}
        for value, target in (discriminator.get("mapping") or {}).items():
            by_target.setdefault(str(target).rpartition("/")[2], []).append(value)
        plain = {key: value for key, value in schema.items() if key != "discriminator"}
        for key in ("oneOf", "anyOf"):
            if key in schema:
                plain[key] = [_branch(branch, name, by_target) for branch in schema[key]]
        return plain


def _branch(branch: Any, name: str, by_target: Mapping[str, list[str]]) -> Any:
    if not isinstance(branch, Mapping) or not isinstance(branch.get("$ref"), str):
        return branch
    target = branch["$ref"].rpartition("/")[2]
    values = by_target.get(target, [target])
    told = {"properties": {name: {"enum": values}}, "required": [name]}
    return {"allOf": [branch, {"type": "object", **told}]}


def _directed(schema: dict[str, Any], flagged: _Names, direction: Direction) -> dict[str, Any]:
    if not flagged:
        return schema
    directed = dict(schema)
    if isinstance(schema.get("required"), list):
        directed["required"] = [name for name in schema["required"] if name not in flagged]
    if direction is Direction.RESPONSE and isinstance(schema.get("properties"), dict):
        directed["properties"] = {
            name: False if name in flagged else node for name, node in schema["properties"].items()
        }
    return directed
