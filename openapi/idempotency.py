"""Idempotency keys: by which a client says that a request is the one that it sent before.

As draft-ietf-httpapi-idempotency-key-header has them, and as APIs had them before it: in a header,
the query or the body.
"""

import re

from openapi import shapes
from openapi.description import Operation
from openapi.resources import sent_schema

_NAMES = re.compile(r"x?idempotency(key|token|id)?|(client)?(request)?dedup.*|clienttoken")


def is_idempotency_key(name: str) -> bool:
    """Whether a parameter or property of that name is sent again with the same request."""
    return bool(_NAMES.fullmatch(shapes.spelling(name)))


def idempotency_key(operation: Operation) -> tuple[str, str] | None:
    """Where an operation takes an idempotency key, and what it is called there."""
    for parameter in operation.parameters:
        if parameter.place in {"header", "query"} and is_idempotency_key(parameter.name):
            return parameter.place, parameter.name
    named = filter(is_idempotency_key, shapes.properties(sent_schema(operation)))
    return next((("body", name) for name in named), None)
