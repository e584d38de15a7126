"""How many levels the smallest value of a schema has: where recursion can end soonest."""

from typing import Any

from openapi.schemas import Schema
from openapi.synthesis.references import References

HIGHEST = 12
"""No end is looked for further down."""


class Heights:
    """The heights of the parts of one schema, found out at need."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._known: dict[tuple[int, int], bool] = {}
        self._kept: list[Schema] = []
        """Measured schemas, as the id of one that is gone may be another's."""

    def of(self, schema: Schema) -> int:
        """Levels below the value itself; HIGHEST where there is no end in sight."""
        fitting = (levels for levels in range(HIGHEST) if self._fits(schema, levels, ()))
        return next(fitting, HIGHEST)

    def _fits(self, schema: Schema, levels: int, path: tuple[int, ...]) -> bool:
        """True when some value has no more than these levels, as far as can be told quickly."""
        if isinstance(schema, bool):
            return schema
        if levels < 0 or id(schema) in path:
            return False
        key = (id(schema), levels)
        if key not in self._known:
            self._kept.append(schema)
            self._known[key] = self._measured(schema, levels, (*path, id(schema)))
        return self._known[key]

    def _measured(self, schema: dict[str, Any], levels: int, path: tuple[int, ...]) -> bool:
        target = self._references.target(schema["$ref"]) if "$ref" in schema else True
        if not self._fits(target, levels, path):
            return False
        if not all(self._fits(part, levels, path) for part in schema.get("allOf", ())):
            return False
        for keyword in schema.keys() & {"anyOf", "oneOf"}:
            if not any(self._fits(branch, levels, path) for branch in schema[keyword]):
                return False
        kinds = schema.get("type", ())
        if kinds in ("object", ["object"]):
            return all(self._fits(part, levels - 1, ()) for part in _needed_properties(schema))
        if kinds in ("array", ["array"]):
            return all(self._fits(part, levels - 1, ()) for part in _needed_items(schema))
        return True


def _needed_properties(schema: dict[str, Any]) -> list[Schema]:
    properties = schema.get("properties", {})
    rest = schema.get("additionalProperties", True)
    needed: list[Schema] = [properties.get(name, rest) for name in schema.get("required", ())]
    if schema.get("minProperties", 0) > len(needed):
        needed += [] if properties else [rest]
    return needed


def _needed_items(schema: dict[str, Any]) -> list[Schema]:
    prefix, least = schema.get("prefixItems", []), schema.get("minItems", 0)
    needed: list[Schema] = prefix[:least]
    if least > len(prefix):
        needed = [*needed, schema.get("items", True)]
    if "contains" in schema and schema.get("minContains", 1):
        needed = [*needed, schema["contains"]]
    return needed
