"""`not`: the ways in which a value can break a schema, each as a schema of its own.

A schema holds when all its keywords hold, so there is one way or more for each keyword. Where JSON
Schema has no keyword for the contrary, one that begins with `!` stands for it; these stay in here.

- `!types`: types that the value has not       - `!values`: values that it does not equal
- `!pattern`, `!format`, `!multipleOf`: what it does not match
- `!unique`: two items are equal               - `!has`: a property with this name and this value
"""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

from openapi.schemas import Schema

_PAIRS = 10
"""`oneOf` is broken by two branches at once; more pairs than these are not tried."""


def negations(schema: Schema, target: Callable[[str], Schema]) -> Iterator[Schema]:
    """Schemas of which one holds wherever this one does not; `target` follows a `$ref`."""
    if isinstance(schema, bool):
        if not schema:
            yield True
        return
    if "$ref" in schema:
        yield {"not": target(schema["$ref"])}
    for keyword, ways in _WAYS.items():
        if keyword in schema:
            yield from ways(schema[keyword], schema)
    if "unevaluatedProperties" in schema or "unevaluatedItems" in schema:
        yield True  # What is unevaluated shows only in the value: the rest is left to chance.


def _type(names: Any, _: dict[str, Any]) -> Iterator[Schema]:
    yield {"!types": names}


def _enum(values: Any, _: dict[str, Any]) -> Iterator[Schema]:
    yield {"!values": values}


def _const(value: Any, _: dict[str, Any]) -> Iterator[Schema]:
    yield {"!values": [value]}


def _limit(contrary: str, kind: str, shift: int = 0) -> Callable[..., Iterator[Schema]]:
    """What breaks a limit is beyond it: by the contrary keyword, one further for sizes."""

    def ways(limit: Any, _: dict[str, Any]) -> Iterator[Schema]:
        if limit + shift >= 0 or not shift:
            yield {"type": kind, contrary: limit + shift}

    return ways


def _unmatched(keyword: str, kind: str) -> Callable[..., Iterator[Schema]]:
    def ways(value: Any, _: dict[str, Any]) -> Iterator[Schema]:
        yield {"type": kind, f"!{keyword}": value}

    return ways


def _items(rest: Schema, schema: dict[str, Any]) -> Iterator[Schema]:
    before = len(schema.get("prefixItems", ()))
    yield _item_at(before, rest)


def _prefix_items(prefix: list[Schema], _: dict[str, Any]) -> Iterator[Schema]:
    for index, item in enumerate(prefix):
        yield _item_at(index, item)


def _item_at(index: int, broken: Schema) -> Schema:
    prefix = [*([True] * index), {"not": broken}]
    return {"type": "array", "minItems": index + 1, "prefixItems": prefix}


def _contains(wanted: Schema, schema: dict[str, Any]) -> Iterator[Schema]:
    least = schema.get("minContains", 1)
    if least == 1:
        yield {"type": "array", "items": {"not": wanted}}
    elif least > 1:
        yield {"type": "array", "contains": wanted, "minContains": 0, "maxContains": least - 1}
    if "maxContains" in schema:
        yield {"type": "array", "contains": wanted, "minContains": schema["maxContains"] + 1}


def _unique(unique: bool, _: dict[str, Any]) -> Iterator[Schema]:
    if unique:
        yield {"type": "array", "minItems": 2, "!unique": True}


def _required(names: list[str], _: dict[str, Any]) -> Iterator[Schema]:
    for name in names:
        yield {"type": "object", "properties": {name: False}}


def _properties(schemas: dict[str, Schema], _: dict[str, Any]) -> Iterator[Schema]:
    for name, item in schemas.items():
        yield {"type": "object", "required": [name], "properties": {name: {"not": item}}}


def _pattern_properties(schemas: dict[str, Schema], _: dict[str, Any]) -> Iterator[Schema]:
    for pattern, item in schemas.items():
        yield {"type": "object", "!has": ({"pattern": pattern}, {"not": item})}


def _additional(rest: Schema, schema: dict[str, Any]) -> Iterator[Schema]:
    known: list[Schema] = [{"pattern": pattern} for pattern in schema.get("patternProperties", ())]
    known += [{"const": name} for name in schema.get("properties", ())]
    yield {"type": "object", "!has": ({"not": {"anyOf": known}} if known else True, {"not": rest})}


def _property_names(names: Schema, _: dict[str, Any]) -> Iterator[Schema]:
    yield {"type": "object", "!has": ({"not": names}, True)}


def _dependent_required(needs: dict[str, list[str]], _: dict[str, Any]) -> Iterator[Schema]:
    for name, others in needs.items():
        for other in others:
            yield {"type": "object", "required": [name], "properties": {other: False}}


def _dependent_schemas(schemas: dict[str, Schema], _: dict[str, Any]) -> Iterator[Schema]:
    for name, schema in schemas.items():
        yield {"type": "object", "required": [name], "not": schema}


def _unevaluated_properties(rest: Schema, schema: dict[str, Any]) -> Iterator[Schema]:
    yield from _additional(rest, {"properties": schema.get("properties", {})})


def _unevaluated_items(rest: Schema, schema: dict[str, Any]) -> Iterator[Schema]:
    before = len(schema.get("prefixItems", ()))
    yield {"type": "array", "minItems": before + 1, "contains": {"not": rest}}


def _all_of(schemas: list[Schema], _: dict[str, Any]) -> Iterator[Schema]:
    for schema in schemas:
        yield {"not": schema}


def _any_of(schemas: list[Schema], _: dict[str, Any]) -> Iterator[Schema]:
    yield {"allOf": [{"not": schema} for schema in schemas]}


def _one_of(schemas: list[Schema], _: dict[str, Any]) -> Iterator[Schema]:
    yield from _any_of(schemas, {})
    for pair, _number in zip(combinations(schemas, 2), range(_PAIRS), strict=False):
        yield {"allOf": list(pair)}


def _not(schema: Schema, _: dict[str, Any]) -> Iterator[Schema]:
    yield schema


def _if(condition: Schema, schema: dict[str, Any]) -> Iterator[Schema]:
    if "then" in schema:
        yield {"allOf": [condition, {"not": schema["then"]}]}
    if "else" in schema:
        yield {"allOf": [{"not": condition}, {"not": schema["else"]}]}


_WAYS: dict[str, Callable[[Any, dict[str, Any]], Iterator[Schema]]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minimum": _limit("exclusiveMaximum", "number"),
    "maximum": _limit("exclusiveMinimum", "number"),
    "exclusiveMinimum": _limit("maximum", "number"),
    "exclusiveMaximum": _limit("minimum", "number"),
    "multipleOf": _unmatched("multipleOf", "number"),
    "minLength": _limit("maxLength", "string", -1),
    "maxLength": _limit("minLength", "string", +1),
    "pattern": _unmatched("pattern", "string"),
    "format": _unmatched("format", "string"),
    "minItems": _limit("maxItems", "array", -1),
    "maxItems": _limit("minItems", "array", +1),
    "items": _items,
    "prefixItems": _prefix_items,
    "contains": _contains,
    "uniqueItems": _unique,
    "minProperties": _limit("maxProperties", "object", -1),
    "maxProperties": _limit("minProperties", "object", +1),
    "required": _required,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional,
    "propertyNames": _property_names,
    "dependentRequired": _dependent_required,
    "dependentSchemas": _dependent_schemas,
    "unevaluatedProperties": _unevaluated_properties,
    "unevaluatedItems": _unevaluated_items,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
}
