"""Findings as JSON, as reports and finding files hold them, and back."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contracts.exchange import Headers, Request, Response
from contracts.findings import Finding, Kind, Told
from contracts.steps import from_json, to_json


class Unreadable(Exception):  # noqa: N818 - the file is what fails
    """A file that is not what it should be: which, where in it, and how to mend it."""

    def __init__(self, file: Path | str, pointer: str, problem: str) -> None:
        super().__init__(f"{file}: {pointer or '/'}: {problem}")
        self.file = str(file)
        self.pointer = pointer
        self.problem = problem


def read_json(path: Path) -> dict[str, Any]:
    """The object that a JSON file holds. Raises Unreadable."""
    try:
        held = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Unreadable(path, "", f"It cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Unreadable(path, "", f"It cannot be read as UTF-8 text: {error}.") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(path, "", f"It is not JSON at {place}: {error.msg}.") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(path, "", f"It is not JSON that can be read: {error}.") from error
    if not isinstance(held, dict):
        raise Unreadable(path, "", "It holds no object.")
    return held


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """A finding with all that is known of it."""
    return {
        "fingerprint": finding.fingerprint,
        "name": finding.name,
        "is_law": finding.is_law,
        "kind": str(finding.kind),
        "sentence": finding.sentence,
        "problem": finding.problem,
        "place": finding.place,
        "subject": finding.subject,
        "cause": finding.cause,
        "operations": list(finding.operations),
        "walk": to_json(finding.walk) if finding.walk is not None else None,
        "history": [_told_to_json(one) for one in finding.history],
    }


def finding_from_json(file: Path | str, pointer: str, held: Any) -> Finding:
    """The finding that was written so, at that place of a file. Raises Unreadable."""
    try:
        walk = held["walk"]
        return Finding(
            name=str(held["name"]),
            sentence=str(held["sentence"]),
            problem=str(held["problem"]),
            operations=tuple(map(str, held["operations"])),
            history=tuple(map(_told, held["history"])),
            kind=Kind(held["kind"]),
            place=str(held["place"]),
            subject=str(held["subject"]),
            cause=str(held.get("cause", "")),
            walk=from_json(walk) if walk is not None else None,
            is_law=bool(held["is_law"]),
        )
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        problem = f"It holds no finding: {error!r}. Take it as `understudy check` wrote it."
        raise Unreadable(file, pointer, problem) from error


def _told_to_json(told: Told) -> dict[str, Any]:
    request, response = told.request, told.response
    return {
        "operation": told.operation,
        "who": told.who,
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": [list(pair) for pair in request.headers],
            **_body(request.body),
        },
        "response": None
        if response is None
        else {
            "status": response.status,
            "headers": [list(pair) for pair in response.headers],
            **_body(response.body),
        },
        "failure": told.failure,
    }


def _told(held: Mapping[str, Any]) -> Told:
    asked, answered = held["request"], held["response"]
    request = Request(asked["method"], asked["url"], _headers(asked), _bytes(asked))
    response = None
    if answered is not None:
        response = Response(int(answered["status"]), _headers(answered), _bytes(answered))
    return Told(held["operation"], request, response, held["who"], held["failure"])


def _headers(held: Mapping[str, Any]) -> Headers:
    return tuple((str(name), str(value)) for name, value in held["headers"])


def _body(body: bytes) -> dict[str, str]:
    """A body as text where it is some, else in Base64."""
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"base64": b64encode(body).decode()}


def _bytes(held: Mapping[str, Any]) -> bytes:
    if "base64" in held:
        return b64decode(held["base64"])
    return str(held["body"]).encode()
