"""Whether an item is what a filter asks for, where that is beyond doubt."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from contracts.values import same
from openapi import shapes
from openapi.filters import Filter, value_at
from openapi.moments import instant
from openapi.schemas import Schema


def matches(
    meant: Filter, wanted: Any, known: Sequence[Mapping[str, Any]], described: Schema
) -> bool | None:
    """Whether an item, of which all that is known is given, passes a filter; None: who knows.

    Servers compare texts in their own ways: in any case, by their beginning, by a part.
    """
    if meant.operator == "contains":
        return any(meant.passes(item, wanted) for item in known)
    values = [value_at(item, meant.path) for item in known if _has(item, meant.path)]
    if not values or wanted is None:
        return None
    schema = described
    for name in meant.path:
        schema = shapes.properties(schema).get(name, True)
    value = values[-1]
    if meant.operator in {"in", "ne"}:
        equal = _equal(value, wanted, schema)
        return equal if meant.operator == "in" or equal is None else not equal
    return _on_side(meant, value, wanted)


def _has(item: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    found: Any = item
    for name in path:
        if not isinstance(found, Mapping) or name not in found:
            return False
        found = found[name]
    return True


def _equal(value: Any, wanted: Any, schema: Schema) -> bool | None:
    if isinstance(value, list):
        found = [_equal(one, wanted, shapes.items(schema)) for one in value]
        return True if True in found else None if None in found else False
    choices = shapes.keyword(schema, "enum")
    is_odd = isinstance(choices, list) and wanted not in choices
    if is_odd or isinstance(wanted, list | dict) or isinstance(value, dict):
        # Such as `all`, or several with commas between them.
        return None
    if isinstance(value, bool) or isinstance(wanted, bool):
        return str(value).lower() == str(wanted).lower()
    if value is None:
        return None if wanted in ("", "null", "none") else False
    if same(value, wanted) or str(value) == str(wanted):
        return True
    return _alike(value, wanted, is_exact=isinstance(choices, list))


def _alike(value: Any, wanted: Any, *, is_exact: bool) -> bool | None:
    """False where two values that are not equal cannot be meant as equal; else None."""
    first, second = instant(value), instant(wanted)
    if first is not None and second is not None:
        return None if abs(first - second) < _DAY else False
    one, other = str(value).casefold(), str(wanted).casefold()
    if is_exact or isinstance(value, int | float):
        return None if "," in other else False
    return None if other in one or set(other) & set(",*%") else False


def _on_side(meant: Filter, value: Any, wanted: Any) -> bool | None:
    first, second = instant(value), instant(wanted)
    if first is not None and second is not None:
        if len(str(value)) != len(str(wanted)) and abs(first - second) < _DAY:
            # A day and a moment on it: either may be meant.
            return None
        return _compared(meant, first.timestamp(), second.timestamp())
    for one in (value, wanted):
        if isinstance(one, bool) or not isinstance(one, int | float):
            return None
    return _compared(meant, value, wanted)


def _compared(meant: Filter, value: float, bound: float) -> bool | None:
    if value == bound:
        return meant.operator.endswith("e") if meant.is_sure else None
    return (value > bound) is meant.operator.startswith("g")


_DAY = timedelta(days=2)
"""Two time zones may disagree on which day it is."""
