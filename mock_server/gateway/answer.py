"""Sixth stage: status, media type and headers of the answer, and proof that it fits."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jsonschema_rs import Draft202012Validator

from mock_server.answer import Answer
from mock_server.api import HTML, PROBLEM, Api
from mock_server.gateway import behave, csv_text, deprecation, json_text, sequences, xml_text
from mock_server.gateway.call import Call, Headers, Stage
from mock_server.gateway.described import Described, laid_over_message
from mock_server.gateway.media_types import acceptable, concrete, essence, is_json
from mock_server.gateway.response_headers import MadeUp, ResponseHeaders
from mock_server.pages import page
from mock_server.refusals import Fault, NotAcceptable, Refusal, ServerError, problem
from mock_server.validators import faults, validator
from openapi.description import Operation, Response, is_text
from openapi.resources import holds_objects
from openapi.schemas import Schema

_log = logging.getLogger("understudy")

VIOLATIONS = "sl-violations"

_MAKES_UP = {
    behave.WRITTEN: MadeUp.NONE,
    behave.DECLARED: MadeUp.REQUIRED,
    behave.INFERRED: MadeUp.REQUIRED,
    behave.SYNTHESISED: MadeUp.ALL,
}
"""A made-up `Location` or `Link` beside what was remembered would lead astray."""


@dataclass(frozen=True, slots=True)
class _Documented:
    """A documented response, ready for use."""

    offered: tuple[str, ...]
    checkers: Mapping[str, Draft202012Validator]
    schemas: Mapping[str, Schema]
    headers: ResponseHeaders


class Answers:
    """The responses of one operation: success, refusal, and the check of both."""

    def __init__(self, operation: Operation, api: Api, described: Described) -> None:
        self._described = described
        self._operation = operation
        self._api = api
        self._documented: dict[int, _Documented | None] = {}
        self._success = _success_status(operation)
        self._makes_up = _MAKES_UP[behave.answered_by(operation, api)]
        self._deprecation = deprecation.headers_of(operation)

    def negotiate(self) -> Stage | None:
        """A stage that refuses before anything happens when no success would be acceptable."""
        offers = [
            tuple(response.content)
            for response in self._operation.responses
            if response.status[0] in "23"
        ]
        if not offers or not all(offers):
            return None
        offered = tuple(media_type for offer in offers for media_type in offer)

        def negotiate(call: Call) -> None:
            accept = call.headers.get("accept")
            if call.preferences.code is not None:
                return
            if accept is not None and acceptable(accept, offered) is None:
                raise NotAcceptable(
                    f"`Accept: {accept[:200]}` leaves nothing that this operation answers with: "
                    f"{', '.join(offered)}."
                )

        return negotiate

    def answer(self, call: Call) -> None:
        """Render what the behaviour gave.

        Raises ServerError where it does not fit the description.
        """
        answer: Answer = call.result
        if answer.refusal is not None:
            self.refuse(call, answer.refusal)
            return
        status = answer.status or self._success
        documented = self._of(status)
        if documented is None:
            raise ServerError(f"{self._operation.name} answered {status}, which is not documented.")
        media_type = self._media_type(call, answer, documented)
        headers = answer.headers
        if media_type is not None:
            broken = self._broken(answer.body, media_type, documented)
            if broken and (self._api.serving.errors or not answer.exemplary):
                raise ServerError(
                    f"The answer of {self._operation.name} breaks its description at "
                    f"{broken[0].pointer or '/'}: {broken[0].message}",
                    faults=broken,
                    headers={VIOLATIONS: _violations(broken, call.warnings)},
                )
            if broken or call.warnings:
                headers = {**headers, VIOLATIONS: _violations(broken, call.warnings)}
            _check_writable(answer.body, media_type, documented.offered)
        call.status = status
        schema = documented.schemas.get(media_type or "")
        call.response_body = (
            b"" if media_type is None else _rendered(answer.body, media_type, schema)
        )
        if media_type is not None and "*" in media_type:
            media_type = concrete(call.headers.get("accept"), media_type)
        made_up = MadeUp.ALL if call.preferences.chooses_answer else self._makes_up
        call.response_headers = self._headers(call, headers, media_type, documented, made_up)
        if documented.headers.required:
            self._check_required(documented.headers.required, call.response_headers)

    def refuse(self, call: Call, refusal: Refusal) -> None:
        """Render a refusal in the API's own shape, as a page where a browser asks for one."""
        if self._api.behaviour.refusal is None and self._refuse_as_described(call, refusal):
            return
        documented = self._of(refusal.status)
        offered = documented.offered if documented is not None else ()
        offered = offered or (self._api.refusal_type,)
        media_type = acceptable(call.headers.get("accept"), offered) or offered[0]
        body: Any
        if media_type == HTML:
            body = page("refusal.html", title=refusal.title, detail=refusal.detail)
        elif media_type.startswith("text/"):
            body = refusal.detail
        else:
            body = refusal_body(self._api, call, refusal)
            checker = documented.checkers.get(media_type) if documented else None
            if checker is not None and not checker.is_valid(body):
                _log.warning(
                    "The refusal of %s does not fit its description.", self._operation.name
                )
        call.status = refusal.status
        call.response_body = _rendered(body, media_type)
        call.response_headers = self._headers(
            call, refusal.headers, media_type, documented, made_up=MadeUp.NONE
        )

    def _refuse_as_described(self, call: Call, refusal: Refusal) -> bool:
        """Take the documented answer for the status, if there is one that fits."""
        if isinstance(refusal, ServerError):
            return False
        try:
            described = self._described.refusal(call, refusal)
        except ServerError as error:
            _log.warning("A refusal is told in words of our own: %s", error)
            return False
        except Refusal as other:
            refuse_at_large(call, None, other)
            return True
        documented = self._of(refusal.status)
        if described is None or documented is None:
            return False
        body, media_type = described.body, described.media_type
        if media_type is not None:
            told = body if described.exemplary else laid_over_message(body, refusal)
            body = body if self._broken(told, media_type, documented) else told
            schema = documented.schemas.get(media_type)
            call.response_body = _rendered(body, media_type, schema)
        call.status = refusal.status
        told = {VIOLATIONS: _refused(refusal), **refusal.headers}
        call.response_headers = self._headers(
            call, told, media_type, documented, made_up=MadeUp.ALL
        )
        return True

    def _of(self, status: int) -> _Documented | None:
        try:
            return self._documented[status]
        except KeyError:
            response = self._operation.response(status)
            documented = None
            if response is not None:
                headers = ResponseHeaders(self._operation, response, self._api.serving)
                documented = _ready(response, headers)
            return self._documented.setdefault(status, documented)

    def _media_type(self, call: Call, answer: Answer, documented: _Documented) -> str | None:
        if not documented.offered:
            if answer.body is not None:
                raise ServerError(f"{self._operation.name} answered a body; none is documented.")
            return None
        if answer.media_type is not None:
            return answer.media_type
        accept = call.headers.get("accept")
        chosen = None if accept is None else acceptable(accept, documented.offered)
        return chosen or documented.offered[0]

    def _broken(self, body: Any, media_type: str, documented: _Documented) -> tuple[Fault, ...]:
        if media_type not in documented.offered:
            raise ServerError(f"{self._operation.name} answered the undocumented {media_type}.")
        checker = documented.checkers.get(media_type)
        if checker is None or checker.is_valid(body):
            return ()
        return faults(checker, body, "response")

    def _check_required(self, required: frozenset[str], headers: Headers) -> None:
        if missing := required - {name.decode("latin-1") for name, _ in headers}:
            names = ", ".join(sorted(missing))
            raise ServerError(f"The answer of {self._operation.name} lacks: {names}.")

    def _headers(
        self,
        call: Call,
        given: Mapping[str, str],
        media_type: str | None,
        documented: _Documented | None,
        made_up: MadeUp,
    ) -> Headers:
        headers: Headers = []
        for name, value in given.items():
            headers.append((name.lower().encode("latin-1"), self._field(name, value)))
        if media_type is not None:
            headers.append(_content_type(media_type))
        if documented is not None and documented.headers:
            present = {name.decode("latin-1") for name, _ in headers}
            for name, value in documented.headers.missing(call, present, made_up=made_up):
                headers.append((name.encode("latin-1"), self._field(name, value)))
        if self._deprecation:
            told = {name for name, _ in headers}
            headers += [pair for pair in self._deprecation if pair[0] not in told]
        return headers

    def _field(self, name: str, value: str) -> bytes:
        raw = value.encode("latin-1")
        if b"\n" in raw or b"\r" in raw or b"\0" in raw:
            raise ServerError(f"The header {name} of {self._operation.name} breaks its line.")
        return raw


def refuse_at_large(call: Call, api: Api | None, refusal: Refusal) -> None:
    """Render a refusal of a request that reached no operation."""
    media_type = PROBLEM if api is None else api.refusal_type
    body = problem(refusal) if api is None else refusal_body(api, call, refusal)
    call.refusal = refusal
    call.status = refusal.status
    call.response_body = _rendered(body, media_type)
    headers = [(name.lower(), value) for name, value in refusal.headers.items()]
    headers.append(("content-type", media_type))
    call.response_headers = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in headers]


def refusal_body(api: Api, call: Call, refusal: Refusal) -> Any:
    """The refusal in the API's own words, or as problem details."""
    written = api.behaviour.refusal
    return problem(refusal) if written is None else written(call.sandbox, refusal)


@lru_cache(maxsize=256)
def _content_type(media_type: str) -> tuple[bytes, bytes]:
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return b"content-type", f"{media_type}{charset}".encode("latin-1")


def _ready(response: Response, headers: ResponseHeaders) -> _Documented:
    return _Documented(
        offered=tuple(response.content),
        checkers={
            media_type: validator(content.schema)
            for media_type, content in response.content.items()
            if content.schema is not None
        },
        schemas={
            media_type: content.schema
            for media_type, content in response.content.items()
            if content.schema is not None
        },
        headers=headers,
    )


def _success_status(operation: Operation) -> int:
    """The first documented success; 200 for a range, or where none is documented."""
    statuses = [response.status.upper() for response in operation.responses]
    for first in "23":
        for status in statuses:
            if status[0] == first:
                return int(status.replace("X", "0"))
    return 200


def _check_writable(body: Any, media_type: str, offered: Sequence[str]) -> None:
    """Refuse to write an object as a text, where no other media type shows how it is meant.

    Raises ServerError.
    """
    if not isinstance(body, dict | list) or not is_text(media_type):
        return
    if essence(media_type) != "text/csv" and not any(map(holds_objects, offered)):
        raise ServerError(f"An object or array cannot be written as {media_type}.")


@lru_cache(maxsize=256)
def _is_written_as_json(media_type: str) -> bool:
    return media_type == "*/*" or is_json(media_type)


def _rendered(body: Any, media_type: str, schema: Schema | None = None) -> bytes:
    if _is_written_as_json(media_type):
        return json_text.rendered(body)
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    kind = essence(media_type)
    text: str | None = None
    if kind.endswith(("/xml", "+xml")):
        text = xml_text.rendered(body, schema)
    elif kind == "text/csv" and isinstance(body, dict | list):
        text = csv_text.rendered(body)
    else:
        text = sequences.rendered(body, kind)
    if text is not None:
        return text.encode()
    return b"" if body is None else json_text.rendered(body)


def _refused(refusal: Refusal) -> str:
    """What a refusal turned down, for those whom the documented shape does not tell."""
    faults = refusal.faults or (Fault("", "", str(refusal.status), refusal.detail),)
    return _listed((["request", *filter(None, [fault.place])], "Error", fault) for fault in faults)


def _violations(broken: Sequence[Fault], warnings: Sequence[Fault]) -> str:
    """Faults of an example, and warnings, as Prism's users know them from its header."""
    errors = [(["response", "body"], "Error", fault) for fault in broken]
    hints = [(["request", fault.place], "Warning", fault) for fault in warnings]
    return _listed([*errors, *hints])


def _listed(violations: Iterable[tuple[list[str], str, Fault]]) -> str:
    return json.dumps(
        [
            {
                "location": [*place, *fault.pointer.split("/")[1:]],
                "severity": severity,
                "code": fault.keyword,
                "message": fault.message,
            }
            for place, severity, fault in violations
        ]
    )
