"""Whether an answer is as the description has it: media type, headers, and the body's schema."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, cast

from jsonschema.exceptions import ValidationError, best_match

from contracts.api import Api
from contracts.exchange import ABSENT
from contracts.exchange import Response as Answer
from openapi.description import Content, Operation, Response

_WITHOUT_BODY = {204, 205, 304}


def shared_cause(problem: str, place: str, status: int) -> str:
    """What is wrong in the same way everywhere; empty where it is an operation's own.

    A server makes refusals in one place, and forgets a status of its own for many operations.
    """
    is_refusal = status >= 400  # noqa: PLR2004
    return f"{problem} {place}".strip() if is_refusal or problem == undescribed(status) else ""


def undescribed(status: int) -> str:
    """How it is told that a status is not described."""
    return f"The status {status} is not described."


def faults(
    api: Api, operation: Operation, response: Answer, described: Response
) -> Iterator[tuple[str, str]]:
    """What of an answer is not as described: what is wrong, and in which header or property."""
    for header in described.headers:
        if header.required and response.header(header.name) is None:
            yield f"The answer {response.status} lacks a required header.", header.name
    if operation.method == "HEAD" or response.status in _WITHOUT_BODY or not described.content:
        return
    if not response.body:
        if any(content.schema is not None for content in described.content.values()):
            yield f"The answer {response.status} has no body.", ""
        return
    content = _content(described, response.media_type)
    if content is None:
        # What stands before a server refuses in words of its own.
        if response.ok:
            problem = f"The answer {response.status} has a media type that is not described."
            yield problem, "content-type"
        return
    yield from _unfit(api, response, content)


def _content(described: Response, media_type: str) -> Content | None:
    """What is described for a media type: itself, or a range that it is in."""
    for told, content in described.content.items():
        essence = told.partition(";")[0].strip().lower()
        kind = essence.partition("/")[0]
        ranges = {media_type, "*/*"} | (
            {f"{kind}/*"} if media_type.startswith(f"{kind}/") else set()
        )
        if essence in ranges:
            return content
    return None


def _unfit(api: Api, response: Answer, content: Content) -> Iterator[tuple[str, str]]:
    if not response.media_type.endswith("json") or content.schema is None:
        return
    try:
        response.body.decode()
    except UnicodeDecodeError:
        # RFC 8259 section 8.1; what a charset beside the media type says does not count.
        yield f"The answer {response.status} is JSON that is not in UTF-8.", ""
        return
    if response.value is ABSENT:
        yield f"The answer {response.status} is no JSON.", ""
        return
    errors = [_deepest(one) for one in api.validator(content.schema).iter_errors(response.value)]
    nulls = sorted({_place(one.absolute_path) for one in errors if _is_null(one)})
    found = [_told(response.status, one) for one in errors if not _is_null(one)]
    yield from dict.fromkeys(found)
    if nulls:
        # A description that forgets null forgets it everywhere.
        yield f"The answer {response.status} has null where that is not allowed.", ", ".join(nulls)


def _is_null(error: ValidationError) -> bool:
    return error.instance is None and error.validator in {"type", "enum", "const"}


def _deepest(error: ValidationError) -> ValidationError:
    """What is wrong in the branch that fits best, where there are several."""
    while error.context:
        deeper = best_match(error.context)
        if deeper is None or deeper is error:
            break
        error = deeper
    return error


def _told(status: int, error: ValidationError) -> tuple[str, str]:
    place = _place(error.absolute_path)
    if error.validator == "required":
        wanted: Any = error.validator_value
        missing = [name for name in wanted if name not in cast("dict[str, Any]", error.instance)]
        return f"The answer {status} lacks a required property.", f"{place}/{missing[0]}"
    limit = json.dumps(error.validator_value, default=str)
    short = f" {limit}" if error.validator in {"type", "format", "enum", "const"} else ""
    return f"The answer {status} breaks its schema ({error.validator}{short}).", place


def _place(path: Sequence[Any]) -> str:
    return "".join("/*" if isinstance(step, int) else f"/{step}" for step in path)
