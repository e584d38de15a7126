"""Schemas that stand alone: what a `$ref` means is brought along in `$defs`."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

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
        if isinstance(node, list):
            node = node[int(key)] if key.isascii() and key.isdigit() else _nothing(pointer)
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


def standing_alone(document: Any, schema: Schema) -> Schema:
    """The schema with everything that it refers to, so that it means the same without the document.

    Only what is reached is copied: the cost follows the schema, not the document.
    """
    copier = _Copier()
    alone: Schema = copier.copied(schema)
    definitions: dict[str, Any] = {}
    while copier.waiting:
        pointer = copier.waiting.pop()
        definitions[copier.names[pointer]] = copier.copied(at(document, pointer))
    if definitions and isinstance(alone, dict):
        alone["$defs"] = alone.get("$defs", {}) | definitions
    return alone


class _Copier:
    """Copies schemas, and notes which references the copies need."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        """Names within `$defs` by pointer into the document."""
        self.waiting: list[str] = []
        """Pointers whose schemas are still to be copied."""

    def copied(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self.copied(item) for item in node]
        if not isinstance(node, dict):
            return node
        # An `$id` would make the references below it start there, where no `$defs` are.
        return {key: self._keyword(key, value) for key, value in node.items() if key != "$id"}

    def _keyword(self, key: str, value: Any) -> Any:
        if key in _DATA or key.startswith("x-"):
            return value
        if key in _MAPS_OF_SCHEMAS and isinstance(value, dict):
            return {name: self.copied(item) for name, item in value.items()}
        if key == "$ref" and isinstance(value, str) and value.startswith("#"):
            return f"#/$defs/{self._name(value)}"
        return self.copied(value)

    def _name(self, pointer: str) -> str:
        if pointer not in self.names:
            # What is no part of a URI fragment would have to be percent-encoded in the reference.
            name = _NOT_IN_A_NAME.sub("_", pointer.rpartition("/")[2])
            self.names[pointer] = f"{name}-{len(self.names)}"
            self.waiting.append(pointer)
        return self.names[pointer]
