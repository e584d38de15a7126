"""Validators: schemas compiled by jsonschema-rs, and their errors as faults."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError

from mock_server.refusals import Fault
from openapi.schemas import Schema, escaped
from openapi.usable import FORMATS, PATTERNS

_LIMITS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
"""OpenAPI 3.1 section 4.4: signed whole numbers of that many bits."""
_DATA = {"default", "const", "enum", "example", "examples"}

MOST_FAULTS = 20
"""A body may be wrong in thousands of places; a client mends them a few at a time."""


def validator(schema: Schema) -> Draft202012Validator:
    """The validator of a schema that stands alone; formats are asserted, nothing is fetched."""
    return Draft202012Validator(
        _bounded(schema),
        validate_formats=True,
        formats=FORMATS,
        offline=True,
        mask="The value",
        pattern_options=PATTERNS,
    )


def _bounded(node: Any) -> Any:
    """The schema with the limits of OpenAPI's own formats of numbers, which JSON Schema lacks."""
    if isinstance(node, list):
        return [_bounded(item) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {
        key: value if key in _DATA or not isinstance(value, dict | list) else _bounded(value)
        for key, value in node.items()
    }
    kind = node.get("format")
    if isinstance(kind, str) and kind in _LIMITS:
        least, most = _LIMITS[kind]
        copy["allOf"] = [*copy.get("allOf", ()), {"minimum": least, "maximum": most}]
    return copy


def faults(
    checker: Draft202012Validator, value: Any, place: str, root: str = ""
) -> tuple[Fault, ...]:
    """Where the value breaks the schema; pointers begin with `root`."""
    found = (
        fault
        for error in checker.iter_errors(value)
        for fault in _faults_of(error, value, place, root)
    )
    return tuple(islice(found, MOST_FAULTS))


def _faults_of(error: ValidationError, whole: Any, place: str, root: str) -> Iterator[Fault]:
    pointer = root + "".join(f"/{escaped(str(part))}" for part in error.instance_path)
    kind = error.kind
    message = error.message[:300]
    if kind.name == "required":
        missing = str(kind.property)  # type: ignore[attr-defined]
        message = f"The required property `{missing}` is missing."
        yield Fault(place, f"{pointer}/{escaped(missing)}", "required", message)
    elif (unexpected := _unexpected(error, whole)) is not None:
        keyword = str(error.schema_path[-1])
        for name, value in unexpected.items():
            message = f"The property `{name}` is not described, and others are not allowed."
            yield Fault(place, f"{pointer}/{escaped(name)}", keyword, message, value)
    else:
        yield Fault(place, pointer, kind.name, message, error.instance, kind.value)


def _unexpected(error: ValidationError, whole: Any) -> dict[str, Any] | None:
    """The properties that are not allowed; None where something else is wrong."""
    kind = error.kind
    if kind.name in {"additionalProperties", "unevaluatedProperties"}:
        return {name: error.instance[name] for name in kind.unexpected}  # type: ignore[attr-defined, index]
    if kind.name != "falseSchema" or list(error.schema_path)[-1:] != ["additionalProperties"]:
        return None
    # Where no property is described, jsonschema-rs tells of the first one only, and not its name.
    node = whole
    for part in error.instance_path:
        node = node[part]
    return node if isinstance(node, dict) else None
