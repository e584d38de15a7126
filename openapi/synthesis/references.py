"""What the references of one schema lead to, and the names of what they lead to."""

from typing import Any
from urllib.parse import unquote

from openapi.schemas import Schema, at

Conjunction = tuple[Schema, ...]
"""Schemas that must all hold."""

_DEFINITIONS = "#/$defs/"
_SAYS_NOTHING = {
    *("$ref", "$comment", "title", "description", "summary", "deprecated"),
    *("readOnly", "writeOnly", "externalDocs", "xml"),
}


class References:
    """The references of a schema that stands alone."""

    def __init__(self, root: Schema) -> None:
        self.root = root
        self._targets: dict[str, Schema] = {}
        self._names: dict[int, str] = {}
        self._definitions: dict[str, Schema] = {}
        if isinstance(root, dict):
            self._definitions = root.get("$defs", {})
        self._needs: dict[str, set[str]] = {}

    def target(self, reference: str) -> Schema:
        """What a `$ref` leads to. Raises LookupError where that is nothing."""
        if reference not in self._targets:
            target: Schema = at(self.root, reference)
            self._targets[reference] = target
            self._names.setdefault(id(target), reference.rpartition("/")[2])
        return self._targets[reference]

    def name(self, schema_id: int) -> str | None:
        """The last part of the reference that led to the schema of that `id()`, where one did."""
        return self._names.get(schema_id)

    def meant(self, schema: Schema) -> Schema:
        """The schema itself, or what it refers to where it does nothing but refer."""
        seen: list[Schema] = []
        while isinstance(schema, dict) and "$ref" in schema and schema not in seen:
            if any(key not in _SAYS_NOTHING and not key.startswith("x-") for key in schema):
                break
            seen.append(schema)
            schema = self.target(schema["$ref"])
        return schema

    def with_definitions(self, schema: Schema) -> Schema:
        """The schema with those definitions that it needs, so that it stands alone too."""
        needed: dict[str, Schema] = {}
        waiting = _definitions_in(schema)
        while waiting:
            name = waiting.pop()
            if name not in needed and name in self._definitions:
                needed[name] = self._definitions[name]
                if name not in self._needs:
                    self._needs[name] = _definitions_in(needed[name])
                waiting |= self._needs[name]
        return {"allOf": [schema], "$defs": needed} if needed else schema


def _definitions_in(node: Any) -> set[str]:
    """The names of the definitions that the references within a schema lead to."""
    if isinstance(node, list):
        return set().union(*map(_definitions_in, node))
    if not isinstance(node, dict):
        return set()
    found = set().union(*(_definitions_in(value) for value in node.values()))
    reference = node.get("$ref")
    if isinstance(reference, str) and reference.startswith(_DEFINITIONS):
        name = unquote(reference.removeprefix(_DEFINITIONS)).partition("/")[0]
        found.add(name.replace("~1", "/").replace("~0", "~"))
    return found
