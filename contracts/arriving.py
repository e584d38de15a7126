"""What a request says once it is sent, where the way it is written says less than a value did.

In a form every value is a text and an empty list is nothing; XML knows neither types nor null; of
lists within lists in a query OpenAPI does not say how they are written. So what was meant to be
wrong may be right when it arrives, and the other way round.
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from contracts.api import Api
from contracts.exchange import Request, first
from openapi import shapes
from openapi.description import Operation, Parameter, is_text
from openapi.schemas import Schema

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/"
_PLAIN = {"integer", "number", "boolean", "null"}
"""Types that a text of a form may be read as."""


def says_all(request: Request) -> bool:
    """Whether a body says by itself what it holds, as JSON does."""
    kind = _media_type(request)
    return not (kind == _FORM or kind.startswith(_MULTIPART) or kind.endswith("xml"))


def fits(request: Request, operation: Operation, api: Api) -> bool | None:
    """Whether a body, as it arrives, fits its schema; None where nobody can tell."""
    kind = _media_type(request)
    content = operation.body.content.get(kind) if operation.body is not None else None
    if content is None or content.schema is None:
        return None
    if kind.endswith("json"):
        try:
            return api.validator(content.schema).is_valid(json.loads(request.body))
        except ValueError:
            return False
    if is_text(kind):
        return api.validator(content.schema).is_valid(_text(request))
    if kind != _FORM:
        return None
    pairs = parse_qs(_text(request), keep_blank_values=True)
    described = shapes.properties(content.schema)
    value = {name: read(texts, described.get(name, True)) for name, texts in pairs.items()}
    return api.validator(content.schema).is_valid(value)


def is_of_described_type(request: Request, operation: Operation) -> bool:
    """Whether a body is of a media type that the operation takes: a header may say another."""
    described = operation.body.content if operation.body is not None else {}
    if not request.body or not described:
        return True
    return _media_type(request) in described or any("*" in one for one in described)


def names(request: Request) -> set[str]:
    """The properties that a body has a value for; none where it is no object."""
    if _media_type(request) == _FORM:
        return {name for name, _ in parse_qsl(_text(request))}
    try:
        body = json.loads(request.body)
    except ValueError:
        return set()
    items = body.items() if isinstance(body, dict) else ()
    return {name for name, value in items if value not in (None, "")}


def query_values(request: Request, name: str) -> list[str]:
    """The values of a name in a query, as they arrive, without empty ones."""
    return [value for one, value in parse_qsl(urlsplit(request.url).query) if one == name]


def is_written_as_told(request: Request, operation: Operation) -> bool:
    """Whether the description says how all that stands in the query is written."""
    names = {name.partition("[")[0] for name, _ in parse_qsl(urlsplit(request.url).query)}
    return not any(
        one.place == "query" and one.name in names and _is_nested(one)
        for one in operation.parameters
    )


def _is_nested(parameter: Parameter) -> bool:
    if parameter.media_type is not None:
        return False
    within = [shapes.items(parameter.schema), *shapes.properties(parameter.schema).values()]
    return any({"array", "object"} & shapes.types(one) for one in within if one is not True)


def read(texts: Sequence[str], schema: Schema) -> Any:
    """The value that the texts of one name are meant to be, in a form or a query."""
    kinds = shapes.types(schema)
    if "array" in kinds:
        part = shapes.items(schema)
        return [read([text], part) for text in texts]
    if kinds & _PLAIN and "string" not in kinds:
        try:
            return json.loads(texts[0])
        except ValueError:
            return texts[0]
    return texts[0]


def _text(request: Request) -> str:
    return request.body.decode(errors="replace")


def _media_type(request: Request) -> str:
    return (first(request.headers, "content-type") or "").partition(";")[0].strip().lower()
