"""Schemas that stand alone: what a `$ref` means is brought along in `$defs`."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from openapi.dialects import DIALECT, MODERN, modern
from openapi.pointers import at, escaped, resolved
from openapi.references import located
from openapi.usable import Warner, usable

Schema = dict[str, Any] | bool

SOURCE = "x-understudy-source"
"""Where a document keeps the Warner that knows what it was read from."""

_HEIRS = "x-understudy-heirs"
"""Where a document keeps which schemas inherit from which, once somebody asked."""

__all__ = [
    "SOURCE",
    "Direction",
    "Schema",
    "at",
    "escaped",
    "part_of",
    "resolved",
    "standing_alone",
]

_MAPS_OF_SCHEMAS = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
_DATA = {"default", "const", "enum", "example", "examples"}
_OF_A_DOCUMENT = {"$id", "$schema", "$vocabulary", "$anchor", "$dynamicAnchor", "$dynamicRef"}
"""What speaks of a schema as a document: an `$id` would make the references below it start there,
where no `$defs` are, and references lead by pointers."""
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]")


def part_of(root: Schema, part: Any) -> Schema:
    """A part of a schema that stands alone, with the definitions that its references need."""
    if isinstance(root, dict) and isinstance(part, dict) and "$defs" in root:
        return part | {"$defs": root["$defs"]}
    return part if isinstance(part, dict | bool) else True


class Direction(StrEnum):
    """Which way a body goes: `readOnly` and `writeOnly` depend on it."""

    REQUEST = "readOnly"
    RESPONSE = "writeOnly"


def standing_alone(
    document: Any, schema: Schema, direction: Direction | None = None, pointer: str = ""
) -> Schema:
    """The schema with everything that it refers to, so that it means the same without the document.

    It is in the words of JSON Schema 2020-12, whichever version the document has. In a request no
    `readOnly` property is required; in a response no `writeOnly` property is allowed. A branch of
    a `oneOf` or `anyOf` with a `discriminator` holds only for its own value of that property; where
    there are neither, a reference stands for the schemas that inherit by `allOf`.
    Only what is reached is copied: the cost follows the schema, not the document. What makes no
    sense is left out, with a warning that names its place; `pointer` is that of the schema.
    """
    copier = _Copier(document, direction)
    alone: Schema = copier.copied(schema)
    definitions: dict[str, Any] = {}
    while copier.waiting:
        found, flagged = copier.waiting.pop()
        name = copier.names[found, flagged]
        definitions[name] = copier.copied(at(document, found), flagged)
    if definitions and isinstance(alone, dict):
        own = alone.get("$defs")
        alone["$defs"] = (own if isinstance(own, dict) else {}) | definitions
    pointers = {name: found for (found, _), name in copier.names.items()}
    warner: Warner = document.get(SOURCE) or Warner("")

    def place(inside: str) -> str:
        _, first, name, *rest = f"{inside}///".split("/", 3)
        if first == "$defs" and name in pointers:
            where = pointers[name].removeprefix("#") + f"/{rest[0]}".rstrip("/")
        else:
            where = pointer + inside
        source, where = located(warner.source, where)
        return f"{source}: {where or '/'}"

    return usable(alone, place, warner)


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

    def copied(self, node: Any, flagged: _Names = frozenset(), *, is_part: bool = False) -> Any:
        """A copy; `flagged` are properties that the schema around it has for one direction only.

        A part of an `allOf` says what its heir has in common with others: it stands for no heir.
        """
        if isinstance(node, list):
            return [self.copied(item) for item in node]
        if not isinstance(node, dict):
            return node
        schema = modern(node, self._dialect)
        if not is_part:
            schema = self._inherited(schema)
        if self._direction is not None:
            flagged |= self._flagged(schema, set())
            schema = _directed(schema, flagged, self._direction)
        if "discriminator" in schema:
            schema = self._told_apart(schema)
        return {
            key: self._keyword(key, value, flagged)
            for key, value in schema.items()
            if key not in _OF_A_DOCUMENT
        }

    def _keyword(self, key: str, value: Any, flagged: _Names) -> Any:
        if key in _DATA or key.startswith("x-"):
            return value
        if key in _MAPS_OF_SCHEMAS and isinstance(value, dict):
            return {name: self.copied(item) for name, item in value.items()}
        if key == "$ref" and isinstance(value, str) and value.startswith("#"):
            return f"#/$defs/{self._name(value, flagged)}"
        if key == "allOf" and isinstance(value, list):
            return [self.copied(item, flagged, is_part=True) for item in value]
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
        parts = schema.get("allOf")
        for part in parts if isinstance(parts, list) else ():
            meant = resolved(self._document, part)
            if isinstance(meant, Mapping) and id(meant) not in seen:
                seen.add(id(meant))
                found |= self._flagged(meant, seen)
        return frozenset(found)

    def _inherited(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The heirs, where a reference leads to a schema that tells them apart but lists none.

        They are the schemas that refer to it in their `allOf` (OpenAPI 3.1, 4.8.25.4).
        """
        pointer = schema.get("$ref")
        if not isinstance(pointer, str) or "oneOf" in schema:
            return schema
        target = modern(_object_at(self._document, pointer), self._dialect)
        name = _told_by(target)
        if name is None or "oneOf" in target or "anyOf" in target:
            return schema
        values = _values_by_target(target)
        heirs = [pointer] if pointer.rpartition("/")[2] in values else []
        heirs += _heirs(self._document, pointer)
        if not heirs:
            return schema
        branches = [_branch({"$ref": heir}, name, values) for heir in heirs]
        return {key: value for key, value in schema.items() if key != "$ref"} | {"oneOf": branches}

    def _told_apart(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Each branch with the value of the property that stands for it (OpenAPI 3.1, 4.8.25)."""
        plain = {key: value for key, value in schema.items() if key != "discriminator"}
        name = _told_by(schema)
        if name is None:
            return plain
        values = _values_by_target(schema)
        for key in ("oneOf", "anyOf"):
            if isinstance(schema.get(key), list):
                plain[key] = [_branch(branch, name, values) for branch in schema[key]]
        return plain


def _told_by(schema: Mapping[str, Any]) -> str | None:
    """The property that tells which schema an instance follows, where there is one."""
    discriminator = schema.get("discriminator")
    name = discriminator.get("propertyName") if isinstance(discriminator, Mapping) else None
    return name if isinstance(name, str) else None


def _values_by_target(schema: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the discriminator's mapping calls each schema, by the last part of its reference."""
    mapping = schema["discriminator"].get("mapping")
    values: dict[str, list[str]] = {}
    for value, target in mapping.items() if isinstance(mapping, dict) else ():
        values.setdefault(str(target).rpartition("/")[2], []).append(value)
    return values


def _object_at(document: Any, pointer: str) -> dict[str, Any]:
    try:
        node = at(document, pointer)
    except LookupError:
        return {}
    return node if isinstance(node, dict) else {}


def _heirs(document: dict[str, Any], pointer: str) -> list[str]:
    """The named schemas that have the one at the pointer in their `allOf`, and their heirs."""
    if _HEIRS not in document:
        document[_HEIRS] = _all_heirs(document)
    found: list[str] = []
    waiting = [pointer]
    while waiting:
        for heir in document[_HEIRS].get(waiting.pop(), ()):
            if heir not in found and heir != pointer:
                found.append(heir)
                waiting.append(heir)
    return found


def _all_heirs(document: Mapping[str, Any]) -> dict[str, list[str]]:
    heirs: dict[str, list[str]] = {}
    for place in ("/components/schemas", "/definitions"):
        for name, node in _object_at(document, place).items():
            parts = node.get("allOf") if isinstance(node, dict) else None
            for part in parts if isinstance(parts, list) else ():
                if isinstance(part, dict) and isinstance(part.get("$ref"), str):
                    heir = f"#{place}/{quote(escaped(name), safe='~')}"
                    heirs.setdefault(part["$ref"], []).append(heir)
    return heirs


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
        directed["required"] = [
            name for name in schema["required"] if not (isinstance(name, str) and name in flagged)
        ]
    if direction is Direction.RESPONSE and isinstance(schema.get("properties"), dict):
        directed["properties"] = {
            name: False if name in flagged else node for name, node in schema["properties"].items()
        }
    return directed
