"""Every answer is one that the description tells of."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from jsonschema.exceptions import ValidationError, best_match

from contracts.api import Api
from contracts.exchange import ABSENT
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from openapi.description import Content, Operation, Response

_WITHOUT_BODY = {204, 205, 304}


def subjects(api: Api) -> Iterable[Operation]:
    """Every operation."""
    return api.by_key.values()


def provoke(stage: Stage, subject: Operation) -> None:
    """Call it as it is meant."""
    stage.call_any(subject)


def check(history: History) -> Iterator[Chance]:
    """Status, media type, body and required headers are as described.

    Refusals that are not described are gaps of the description, and failures another law's.
    """
    for one in history:
        if one.response is None or one.crashed or not one.operation.responses:
            continue
        described = one.operation.response(one.status)
        if described is None:
            if not one.refused:
                yield broken(f"The status {one.status} is not described.", one)
            continue
        faults = list(_faults(one, described))
        for problem, place in faults:
            yield broken(problem, one, place=place)
        if not faults:
            yield kept(one)


def _faults(one: Exchange, described: Response) -> Iterator[tuple[str, str]]:
    assert one.response is not None
    for header in described.headers:
        if header.required and one.response.header(header.name) is None:
            yield f"The answer {one.status} lacks a required header.", header.name
    if one.operation.method == "HEAD" or one.status in _WITHOUT_BODY or not described.content:
        return
    if not one.response.body:
        if any(content.schema is not None for content in described.content.values()):
            yield f"The answer {one.status} has no body.", ""
        return
    content = _content(described, one.response.media_type)
    if content is None:
        # What stands before a server refuses in words of its own.
        if one.ok:
            yield f"The answer {one.status} has a media type that is not described.", "content-type"
        return
    yield from _unfit(one, content)


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


def _unfit(one: Exchange, content: Content) -> Iterator[tuple[str, str]]:
    assert one.response is not None
    if not one.response.media_type.endswith("json") or content.schema is None:
        return
    try:
        one.response.body.decode()
    except UnicodeDecodeError:
        # RFC 8259 section 8.1; what a charset beside the media type says does not count.
        yield f"The answer {one.status} is JSON that is not in UTF-8.", ""
        return
    if one.answer is ABSENT:
        yield f"The answer {one.status} is no JSON.", ""
        return
    errors = one.api.validator(content.schema).iter_errors(one.answer)
    seen: set[tuple[str, str]] = set()
    for error in errors:
        found = _told(one, _deepest(error))
        if found not in seen:
            seen.add(found)
            yield found


def _deepest(error: ValidationError) -> ValidationError:
    """What is wrong in the branch that fits best, where there are several."""
    while error.context:
        deeper = best_match(error.context)
        if deeper is None or deeper is error:
            break
        error = deeper
    return error


def _told(one: Exchange, error: ValidationError) -> tuple[str, str]:
    place = _place(error.absolute_path)
    if error.validator == "required":
        wanted: Any = error.validator_value
        missing = [name for name in wanted if name not in cast("dict[str, Any]", error.instance)]
        return f"The answer {one.status} lacks a required property.", f"{place}/{missing[0]}"
    limit = json.dumps(error.validator_value, default=str)
    short = f" {limit}" if error.validator in {"type", "format", "enum", "const"} else ""
    return f"The answer {one.status} breaks its schema ({error.validator}{short}).", place


def _place(path: Sequence[Any]) -> str:
    return "".join("/*" if isinstance(step, int) else f"/{step}" for step in path)
