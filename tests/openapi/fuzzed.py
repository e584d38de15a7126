"""Documents that somebody has meddled with, and what becomes of them when they are served."""

import asyncio
import faulthandler
import json
import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from hypothesis import strategies as st

from mock_server.app import Settings, create_app
from mock_server.gateway.gateway import Asgi
from mock_server.refusals import ServerError
from openapi.description import Operation, read
from openapi.loading import BUILT_IN, UnusableDescription, built_in_names, load
from openapi.pointers import escaped

LIMIT = 120
"""Seconds after which the process is ended: a description hangs it."""


_HERE = Path(__file__).parent / "documents"
_MODERN = {"openapi": "3.1.0"}
_DOCUMENTS: dict[str, dict[str, Any]] = {
    "2.0": load(_HERE / "old.yaml"),
    "3.0": load(_HERE / "rich.yaml"),
    "3.1": load(_HERE / "rich.yaml") | _MODERN,
    **{name: load(BUILT_IN / f"{name}.yaml") for name in built_in_names()},
}
_JUNK: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1.5,
        10**30,
        "",
        "x",
        "/",
        "$ref",
        "{",
        "http://[",
        "^(a+)+$",
        "(?<!",
        "200",
    ),
    *(
        [],
        {},
        [None],
        [{}],
        [[]],
        ["x", "x"],
        {"a": None},
        {"$ref": 5},
        {"type": "objekt"},
        "a" * 300,
    ),
    *(
        {"type": ["string", "null"]},
        {"not": {}},
        {"allOf": []},
        {"enum": []},
        "object",
        "array",
        "http",
    ),
)


_NAMES = ("x", "x-a", "/", "$ref", "", "200", "type", "example", "{id}")
"""What keys are renamed to."""


def documents() -> dict[str, dict[str, Any]]:
    """The documents that are meddled with: small ones of each version, and those that ship."""
    return deepcopy(_DOCUMENTS)


@dataclass(frozen=True)
class Fuzzed:
    """A document that was meddled with, told by what was done to it: whole ones are too long."""

    name: str
    changes: tuple[str, ...]
    document: dict[str, Any] = field(repr=False)


@st.composite
def fuzzed(draw: st.DrawFn, names: tuple[str, ...]) -> Fuzzed:
    """One of the documents after one to four changes."""
    name = draw(st.sampled_from(names))
    document: dict[str, Any] = deepcopy(_DOCUMENTS[name])
    changes = []
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(document, ""))
        if not places:
            break
        parent, key, pointer = places[draw(st.integers(0, len(places) - 1))]
        changes.append(f"{pointer}: {_change(draw, parent, key, places)}")
    return Fuzzed(name, tuple(changes), document)


_Place = tuple[Any, Any, str]


def _places(node: Any, pointer: str) -> Iterator[_Place]:
    items: Any = node.items() if isinstance(node, dict) else ()
    items = enumerate(node) if isinstance(node, list) else items
    for key, value in items:
        here = f"{pointer}/{escaped(str(key))}"
        yield node, key, here
        yield from _places(value, here)


def _change(draw: st.DrawFn, parent: Any, key: Any, places: list[_Place]) -> str:
    """Change what stands in a place, and say how."""
    kind = draw(st.sampled_from(["junk", "remove", "rename", "another", "reference", "wrap"]))
    other_parent, other_key, pointer = places[draw(st.integers(0, len(places) - 1))]
    match kind:
        case "junk":
            parent[key] = deepcopy(draw(st.sampled_from(_JUNK)))
            return f"is {parent[key]!r}"
        case "remove":
            del parent[key]
        case "rename" if isinstance(parent, dict):
            name = draw(st.sampled_from([*_NAMES, str(other_key)]))
            parent[name] = parent.pop(key)
            return f"is called {name!r}"
        case "another":
            parent[key] = deepcopy(other_parent[other_key])
            return f"is a copy of {pointer}"
        case "reference":
            known = [f"#{pointer}", "#", "#/nowhere", "", "other.yaml", "http://127.0.0.1:1/a.json"]
            parent[key] = {"$ref": draw(st.sampled_from(known))}
            return f"is {parent[key]!r}"
        case "wrap":
            parent[key] = [parent[key]] if draw(st.booleans()) else {"x": parent[key]}
            return f"is in {type(parent[key]).__name__}"
    return kind


def judged(file: Path, document: dict[str, Any]) -> str:
    """Serve a document, and send two requests to each operation: `served`, or `refused: ` and why.

    Raises whatever but UnusableDescription comes of it; a 500 that is nobody's word is one such.
    """
    file.write_text(json.dumps(document), encoding="utf-8")
    faulthandler.dump_traceback_later(LIMIT, exit=True)
    try:
        app = create_app(Settings(apis=[str(file)]))
        asyncio.run(_asked(app, read(file).operations))
    except UnusableDescription as error:
        return f"refused: {error.problem}"
    finally:
        faulthandler.cancel_dump_traceback_later()
    return "served"


_SENT = (
    {"accept": "*/*"},
    {"authorization": "Basic YTpi", "x-api-key": "a", "cookie": "sweet={}; key=a"},
)


async def _asked(app: Asgi, operations: tuple[Operation, ...]) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://mock.test") as client:
        for operation in operations:
            path = re.sub(r"\{[^{}]*\}", "1", operation.path)
            for number, headers in enumerate(_SENT):
                query = "?key=a&page=2&filter[a]=1&ids=1&tags=a,b" if number else ""
                body = {"kind": "cat", "id": 1} if number else None
                with unraised() as raised:
                    try:
                        url = httpx.URL(f"http://mock.test{path.replace('?', '%3F')}{query}")
                        answer = await client.request(
                            operation.method, url, headers=headers, json=body
                        )
                    except (httpx.InvalidURL, UnicodeEncodeError, httpx.LocalProtocolError):
                        continue
                assert not raised, (operation.name, raised, answer.text)


class unraised(logging.Handler):  # noqa: N801 - used as a context
    """Collects the exceptions that the server reports instead of raising them."""

    def __init__(self) -> None:
        super().__init__()
        self._found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        # A ServerError is the gateway's own word for an answer that cannot be given.
        if record.exc_info and not isinstance(record.exc_info[1], ServerError):
            self._found.append(logging.Formatter().formatException(record.exc_info))

    def __enter__(self) -> list[str]:
        logging.getLogger("understudy").addHandler(self)
        return self._found

    def __exit__(self, *_: object) -> None:
        logging.getLogger("understudy").removeHandler(self)
