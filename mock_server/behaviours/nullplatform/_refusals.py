"""Refusals as Fastify words them, the framework that nullplatform's answers show."""

from typing import Any

from mock_server.refusals import Fault, Refusal

_CODES = {413: "FST_ERR_CTP_BODY_TOO_LARGE", 415: "FST_ERR_CTP_INVALID_MEDIA_TYPE"}

_PLACES = {"query": "querystring", "path": "params", "header": "headers", "cookie": "cookies"}

_WORDINGS = {
    "type": "must be {0}",
    "enum": "must be equal to one of the allowed values",
    "const": "must be equal to constant",
    "format": 'must match format "{0}"',
    "pattern": 'must match pattern "{0}"',
    "minLength": "must NOT have fewer than {0} characters",
    "maxLength": "must NOT have more than {0} characters",
    "minItems": "must NOT have fewer than {0} items",
    "maxItems": "must NOT have more than {0} items",
    "minProperties": "must NOT have fewer than {0} properties",
    "maxProperties": "must NOT have more than {0} properties",
    "minimum": "must be >= {0}",
    "maximum": "must be <= {0}",
    "exclusiveMinimum": "must be > {0}",
    "exclusiveMaximum": "must be < {0}",
    "multipleOf": "must be multiple of {0}",
    "anyOf": "must match a schema in anyOf",
    "falseSchema": "boolean schema is false",
    "oneOf": "must match exactly one schema in oneOf",
}
"""What ajv, the validator behind Fastify, says of a broken keyword; {0} is the keyword's value."""


_UNREADABLE = {"contentMediaType", "contentEncoding"}
"""The keywords of bodies that could not be read, and so never came to be validated."""


def error(refusal: Refusal) -> dict[str, Any]:
    """The refusal as `Error`; of several faults the first is told, as ajv stops there."""
    fault = refusal.faults[0] if refusal.status == 400 and refusal.faults else None  # noqa: PLR2004
    code = _CODES.get(refusal.status) if fault is None else _code(fault)
    return {
        "statusCode": refusal.status,
        **({"code": code} if code else {}),
        "error": refusal.title,
        "message": refusal.detail if fault is None else _sentence(fault),
    }


def _code(fault: Fault) -> str | None:
    if fault.keyword in _UNREADABLE:
        return None
    if _is_no_body(fault):
        return "FST_ERR_CTP_EMPTY_JSON_BODY"
    return "FST_ERR_VALIDATION"


def _is_no_body(fault: Fault) -> bool:
    return (fault.place, fault.pointer, fault.keyword) == ("body", "", "required")


def _sentence(fault: Fault) -> str:
    if fault.keyword in _UNREADABLE or _is_no_body(fault):
        return fault.message
    place = _PLACES.get(fault.place, fault.place)
    parent = f"{place}{fault.pointer.rpartition('/')[0]}"
    if fault.keyword == "required":
        return f"{parent} must have required property '{fault.field}'"
    if fault.keyword == "additionalProperties":
        return f"{parent} must NOT have additional properties"
    wording = _WORDINGS.get(fault.keyword)
    if wording is None:
        return f"{place}{fault.pointer}: {fault.message}"
    return f"{place}{fault.pointer} {wording.format(_value(fault.expected))}"


def _value(expected: Any) -> str:
    if not isinstance(expected, list):
        return str(expected)
    # The gateway's validator tells several types in an order of its own; schemas name null last.
    return ",".join(sorted(map(str, expected), key="null".__eq__))
