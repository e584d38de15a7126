"""Histories made by hand: a description, and what was asked and answered, line by line."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from contracts.api import Api
from contracts.exchange import ABSENT, Headers, Request, Response
from contracts.history import Exchange, History
from contracts.law import Chance, Law, all_laws
from contracts.steps import FIRST, Ref, Step, Walk
from openapi import shapes
from openapi.description import Operation, read

URL = "http://testserver"


def api_of(document: Mapping[str, Any] | Path) -> Api:
    """The API that a document describes, or the file that holds one."""
    if isinstance(document, Path):
        return Api(read(document))
    with TemporaryDirectory() as folder:
        path = Path(folder, "api.json")
        path.write_text(json.dumps(document))
        return Api(read(path))


@dataclass(frozen=True)
class Line:
    """One exchange: what is asked, what is sent, and what comes back."""

    request: str
    """Method and path with query, as in `GET /books?size=2`."""
    status: int
    """0: no usable answer came."""
    answer: Any = ABSENT
    sent: Any = ABSENT
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of the answer."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """Headers of the request, which are parameters where they are described."""
    who: str = FIRST
    together: bool = False
    """Whether it is under way at the same time as the one before it."""
    wait: float = 0
    now: datetime | None = None
    """The time on the target's clock; None: nobody knows."""
    url: Ref | None = None
    """The URL that was handed out, where it is opened."""
    path: Mapping[str, Ref] = field(default_factory=dict)
    """The parameters of its path that came from earlier lines."""
    media_type: str = "application/json"
    """Of the answer; what is given in bytes is sent as it is."""


def history_of(api: Api, *lines: Line) -> History:
    """The history that consists of these lines."""
    return History(api, Walk(tuple(map(_step(api), lines))), tuple(_exchanges(api, lines)))


def judged(law: str, api: Api, *lines: Line) -> list[Chance]:
    """The chances that a law finds in these lines."""
    return list(law_called(law).check(history_of(api, *lines)))


def law_called(name: str) -> Law:
    """The law of that name."""
    return next(law for law in all_laws() if law.name == name)


def problems(chances: Sequence[Chance]) -> list[str]:
    """What is wrong, in order; empty texts stand for what was kept."""
    return [chance.problem for chance in chances]


def _step(api: Api) -> Any:
    def step(line: Line) -> Step:
        operation, values = _operation(api, line)
        by_place: dict[str, dict[str, Any]] = {}
        for (place, name), value in values.items():
            by_place.setdefault(place, {})[name] = line.path.get(name, value)
        return Step(
            operation.key,
            values=by_place,
            body=line.sent,
            who=line.who,
            together=line.together,
            wait=line.wait,
            url=line.url,
        )

    return step


def _exchanges(api: Api, lines: Sequence[Line]) -> Iterator[Exchange]:
    began = 0.0
    for index, line in enumerate(lines):
        began = began if line.together else float(index)
        operation, values = _operation(api, line)
        method, _, target = line.request.partition(" ")
        yield Exchange(
            index=index,
            step=_step(api)(line),
            operation=operation,
            part=api.parts[operation.key],
            values=values,
            sent=line.sent,
            request=Request(
                method,
                f"{URL}{target}",
                tuple((name, str(value)) for name, value in line.asked.items()),
                b"" if line.sent is ABSENT else _written(line.sent),
            ),
            response=_response(line) if line.status else None,
            api=api,
            failure="" if line.status else "No answer came.",
            began=began,
            ended=index + 0.5,
            now=line.now,
        )


def _response(line: Line) -> Response:
    headers: Headers = tuple(line.headers.items())
    if line.answer is not ABSENT:
        headers = (("content-type", line.media_type), *headers)
    return Response(line.status, headers, b"" if line.answer is ABSENT else _written(line.answer))


def _written(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def _operation(api: Api, line: Line) -> tuple[Operation, dict[tuple[str, str], Any]]:
    """The operation of a line, and the parameters that it gives."""
    method, _, target = line.request.partition(" ")
    parts = urlsplit(target)
    # What is written out in a path goes before a placeholder, as it does in servers.
    for operation in sorted(api.description.operations, key=lambda one: len(one.path_pieces)):
        pattern = "".join(
            re.escape(piece) if index % 2 == 0 else "([^/]+)"
            for index, piece in enumerate(operation.path_pieces)
        )
        match = re.fullmatch(pattern, parts.path)
        if operation.method != method or match is None:
            continue
        names = operation.path_pieces[1::2]
        values: dict[tuple[str, str], Any] = {
            ("path", name): unquote(text) for name, text in zip(names, match.groups(), strict=True)
        }
        for name, text in parse_qsl(parts.query, keep_blank_values=True):
            values["query", name] = _parameter(operation, name, text)
        return operation, values | {("header", name): one for name, one in line.asked.items()}
    raise LookupError(f"No operation answers {line.request}.")


def _parameter(operation: Operation, name: str, text: str) -> Any:
    """A parameter of a query, as the number or truth value that it is described as."""
    found = next((one for one in operation.parameters if one.name == name), None)
    kinds = shapes.types(found.schema) if found is not None else frozenset()
    if kinds & {"integer", "number", "boolean"}:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text
