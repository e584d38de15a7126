"""When two JSON values are the same (JSON Schema Core, 4.2.2), and which type a value has."""

from collections.abc import Hashable
from typing import Any

TYPES = ("object", "array", "string", "integer", "fraction", "boolean", "null")
"""JSON Schema's types, but `number` in two: integers, and the fractions between them."""

_TYPES_OF = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}


def frozen(value: Any) -> Hashable:
    """A hashable stand-in: equal for equal JSON values; `1` is `1.0`, and `true` is not `1`."""
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, list):
        return ("array", *map(frozen, value))
    if isinstance(value, dict):
        return ("object", frozenset((key, frozen(item)) for key, item in value.items()))
    return value  # type: ignore[no-any-return]


def type_of(value: Any) -> str:
    """One of TYPES."""
    if isinstance(value, float):
        return "integer" if value.is_integer() else "fraction"
    return _TYPES_OF.get(type(value), "integer")


def types_named(names: str | list[str]) -> set[str]:
    """The TYPES that the keyword `type` allows."""
    found = {names} if isinstance(names, str) else set(names)
    return found - {"number"} | {"integer", "fraction"} if "number" in found else found
