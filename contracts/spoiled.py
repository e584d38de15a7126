"""Bodies that a server has to refuse: each has one fault, and is good but for that."""

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.api import Api
from contracts.steps import Ref
from contracts.views import settable
from openapi import shapes
from openapi.schemas import Schema

_LONGEST = 10_000
"""Characters; texts beyond that are not sent."""
_WRONG: Mapping[str, tuple[Any, ...]] = {
    "string": ({"no": "text"}, ["no text"]),
    "integer": ("no number", {"no": "number"}),
    "number": ("no number", {"no": "number"}),
    "boolean": ("perhaps", [1]),
    "array": ("no list", {"no": "list"}),
    "object": ("no object", ["no object"]),
}
"""Values of other types, which no server takes for the type."""
_TEXTS = ("no-such-choice", "no date", "no-uuid", "@", "")


def spoiled(api: Api, schema: Schema, body: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Bodies with one fault, and the property that has it, which comes last in its body.

    What stands before it is good: a server that writes while it still checks is caught by that.
    """
    if not isinstance(body, Mapping):
        return
    required = shapes.required(schema)
    for name in [one for one in body if one in required]:
        yield name, {key: value for key, value in body.items() if key != name}
    for name, part in settable(schema).items():
        if isinstance(body.get(name), Ref):
            continue
        rest = {key: value for key, value in body.items() if key != name}
        for value in faults(api, part):
            yield name, {**rest, name: value}


def faults(api: Api, schema: Schema) -> list[Any]:
    """Values that a schema does not allow, one of each kind."""
    valid = api.validator(schema).is_valid
    found: list[Any] = []
    for candidates in _candidates(schema):
        found += [one for one in candidates if not valid(one)][:1]
    return found


def _candidates(schema: Schema) -> Iterator[tuple[Any, ...]]:
    kinds = shapes.types(schema)
    yield tuple(_beyond(schema))
    for kind in sorted(kinds - {"null"}):
        yield _WRONG.get(kind, ())
    if "string" in kinds:
        yield _TEXTS
        most = shapes.keyword(schema, "maxLength")
        yield ("x" * (most + 1),) if isinstance(most, int) and most < _LONGEST else ()
    if "null" not in kinds and kinds:
        yield (None,)


def _beyond(schema: Schema) -> Iterator[int | float]:
    """Numbers beyond the limits."""
    for keyword, step in (
        ("minimum", -1),
        ("maximum", 1),
        ("exclusiveMinimum", 0),
        ("exclusiveMaximum", 0),
    ):
        limit = shapes.keyword(schema, keyword)
        if isinstance(limit, int | float) and not isinstance(limit, bool):
            yield limit + step
