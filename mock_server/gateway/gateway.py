"""The gateway as an ASGI application: from bytes to a call, and from its answer to bytes."""

import hmac
import json
import logging
import math
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from mock_server.api import Api
from mock_server.gateway import cors, preferences
from mock_server.gateway.answer import refuse_at_large
from mock_server.gateway.call import Call, Headers, headers_of
from mock_server.gateway.content_coding import MOST_BYTES
from mock_server.gateway.operation import CompiledOperation
from mock_server.gateway.route import CONTROL, Place, Router, sandbox_of
from mock_server.refusals import (
    MethodNotAllowed,
    NotFound,
    Refusal,
    ServerError,
    TooLarge,
    Unauthorized,
)
from mock_server.sandbox.journal import Entry
from mock_server.sandbox.sandboxes import DEFAULT, Sandboxes

_log = logging.getLogger("understudy")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

_WITHOUT_BODY = {204, 304}
"""Statuses whose answers say nothing of a length (RFC 9110 section 8.6)."""

_STATE = f"{CONTROL}/state"


@dataclass(frozen=True, slots=True)
class Options:
    """How a server is reached, and by whom."""

    cors: bool = True
    control_token: str | None = None
    public_url: str | None = None
    """What links begin with, in the place of scheme and host of the request."""


class Gateway:
    """Answers every request that leads to an API, to the control API, or nowhere."""

    def __init__(
        self, apis: Sequence[Api], sandboxes: Sandboxes, control: Api | None, options: Options
    ) -> None:
        self._apis = apis
        self._sandboxes = sandboxes
        self._control = control
        self._options = options
        self._router = Router(apis, control)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request (ASGI 3)."""
        try:
            body = await _body(receive, _limit(scope))
        except _Disconnected:
            return
        status, headers, answer = self.respond(scope, body)
        if status not in _WITHOUT_BODY:
            headers.append((b"content-length", str(len(answer)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if scope["method"] == "HEAD":
            answer = b""
        await send({"type": "http.response.body", "body": answer})

    def respond(self, scope: Scope, body: bytes | None) -> tuple[int, Headers, bytes]:
        """Status, headers and body; a body of None was over the limit."""
        started = perf_counter()
        raw_headers: Headers = scope["headers"]
        headers = headers_of(raw_headers)
        if self._options.cors and scope["method"] == "OPTIONS":
            allowed = cors.preflight(headers)
            if allowed is not None:
                return 204, allowed, b""
        path: str = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        name, rest = sandbox_of(path, headers)
        place = self._router.route(rest, headers.get("host", ""))
        call = self._call(scope, headers, body or b"", place, name)
        operation = self._take(call, place, rest, oversized=body is None)
        if operation is not None:
            self._run(operation, call)
        else:
            call.world.settle()
        if place.mounted is not None and place.mounted.api is not self._control:
            milliseconds = (perf_counter() - started) * 1000
            self._record(call, scope, path, place, operation, milliseconds)
        if self._options.cors and "origin" in headers:
            call.response_headers += cors.exposed(headers, call.response_headers)
        return call.status, call.response_headers, call.response_body

    def _call(
        self, scope: Scope, headers: dict[str, str], body: bytes, place: Place, name: str | None
    ) -> Call:
        call = Call(
            method=scope["method"],
            query=scope["query_string"],
            headers=headers,
            raw_body=body,
            place_values=place.values,
            preferences=preferences.of(headers, scope["query_string"]),
        )
        try:
            call.world = self._sandboxes[name or DEFAULT]
        except Refusal as refusal:
            call.world = self._sandboxes[DEFAULT]
            refuse_at_large(call, None, refusal)
            return call
        if place.mounted is not None:
            api = place.mounted.api
            if api.context is not None:
                call.sandbox = api.context(call.world)
            else:
                call.sandbox = call.world.view(api.name)
                call.sandbox.base_url = self._base_url(scope, headers, place, call.world.name)
        return call

    def _base_url(self, scope: Scope, headers: dict[str, str], place: Place, sandbox: str) -> str:
        origin = self._options.public_url
        if origin is None:
            origin = f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}"
        return f"{origin}{_prefix(sandbox)}{place.mount}"

    def _take(
        self, call: Call, place: Place, path: str, *, oversized: bool
    ) -> CompiledOperation | None:
        """The operation to run; None where the call is answered already."""
        if call.refusal is not None:
            return None
        found = place.targets.get(call.method)
        if found is not None and found.api is not self._control and not oversized:
            return found
        if place.document is not None and call.method in {"GET", "HEAD"}:
            self._answer_document(call, place.document)
            return None
        if self._leads_to_dashboard(call, place, path):
            call.status = 302
            location = f"{_prefix(call.world.name)}{CONTROL}/"
            call.response_headers = [(b"location", location.encode())]
            return None
        try:
            if oversized:
                raise TooLarge(
                    f"The body is larger than {MOST_BYTES} bytes, the most that is read."
                )
            return self._operation(call, place, path)
        except Refusal as refusal:
            self._refuse_at(call, place, refusal)
            return None

    def _leads_to_dashboard(self, call: Call, place: Place, path: str) -> bool:
        """A person who opens the server's root, or the controls without the slash at the end."""
        lost = path == "/" and place.mounted is None
        return call.method == "GET" and self._control is not None and (lost or path == CONTROL)

    def _operation(self, call: Call, place: Place, path: str) -> CompiledOperation | None:
        if place.mounted is not None and place.mounted.api is self._control:
            self._check_control_token(call)
        target = place.targets.get(call.method)
        if target is None and call.method == "HEAD":
            target = place.targets.get("GET")
        if target is not None:
            return target
        if not place.targets:
            raise NotFound(self._nowhere(path, place))
        allow = _allowed_methods(place)
        if call.method == "OPTIONS" and self._options.cors:
            call.status = 204
            call.response_headers = [(b"allow", allow.encode())]
            return None
        raise MethodNotAllowed(
            f"{call.method} is not among the methods of {path}: {allow}.", headers={"Allow": allow}
        )

    def _check_control_token(self, call: Call) -> None:
        token = self._options.control_token
        sent = call.headers.get("understudy-token", "")
        if token is not None and not hmac.compare_digest(sent.encode(), token.encode()):
            raise Unauthorized(
                "The control API needs the header `Understudy-Token` of this server.",
                headers={"WWW-Authenticate": 'ApiKey in="header", name="Understudy-Token"'},
            )

    def _nowhere(self, path: str, place: Place) -> str:
        if place.mounted is not None:
            return f"No operation of {place.mounted.api.name} has a path like {path}."
        mounts = ", ".join(f"{api.mount}/" for api in self._apis)
        controls = f"; the controls are at {CONTROL}/" if self._control is not None else ""
        return f"Nothing is served at {path}. The APIs are at {mounts}{controls}."

    def _answer_document(self, call: Call, api: Api) -> None:
        """The description, with this server before the ones that it names."""
        document = api.description.source
        here = {"url": call.world.view(api.name).base_url or "/"}
        if "openapi" in document:
            document = document | {"servers": [here, *(document.get("servers") or ())]}
        call.status = 200
        call.response_headers = [(b"content-type", b"application/json")]
        call.response_body = json.dumps(document).encode()

    def _run(self, operation: CompiledOperation, call: Call) -> None:
        try:
            operation.run(call)
        except Exception as error:  # noqa: BLE001 - whatever a behaviour raises, the client is told
            _log.exception("%s failed.", operation.name)
            detail = f"{operation.name} failed: {type(error).__name__}: {error}"
            self._refuse(call, operation.api, ServerError(detail))

    def _refuse_at(self, call: Call, place: Place, refusal: Refusal) -> None:
        """Refuse as an operation of the path documents it, else as the API does."""
        for target in place.targets.values():
            if any(one.status == str(refusal.status) for one in target.operation.responses):
                call.refusal = refusal
                target.answers.refuse(call, refusal)
                return
        self._refuse(call, place.mounted.api if place.mounted else None, refusal)

    def _refuse(self, call: Call, api: Api | None, refusal: Refusal) -> None:
        try:
            refuse_at_large(call, api, refusal)
        except Exception as error:  # noqa: BLE001
            # The API's own words for refusals are what failed: plain ones are left.
            _log.exception("The refusal of a request failed.")
            detail = f"The refusal failed: {type(error).__name__}: {error}"
            refuse_at_large(call, None, ServerError(detail))

    def _record(
        self,
        call: Call,
        scope: Scope,
        path: str,
        place: Place,
        operation: CompiledOperation | None,
        milliseconds: float,
    ) -> None:
        query = f"?{call.query.decode('latin-1')}" if call.query else ""
        host = call.headers.get("host", "")
        assert place.mounted is not None
        call.world.journal.record(
            Entry(
                at=call.world.now,
                api=place.mounted.api.name,
                operation=None if operation is None else operation.name,
                answered_by="refused" if operation is None else operation.answered_by,
                method=call.method,
                url=f"{scope.get('scheme', 'http')}://{host}{path}{query}",
                request_headers=scope["headers"],
                request_body=call.raw_body,
                status=call.status,
                response_headers=call.response_headers,
                response_body=call.response_body,
                problems=()
                if call.refusal is None
                else [(fault.place, fault.pointer, fault.message) for fault in call.refusal.faults],
                milliseconds=milliseconds,
            )
        )


def _prefix(sandbox: str) -> str:
    """What names the sandbox in a path: a browser that follows a link sends no header."""
    return "" if sandbox == DEFAULT else f"/~{sandbox}"


def _allowed_methods(place: Place) -> str:
    methods = set(place.targets)
    if "GET" in methods:
        methods.add("HEAD")
    return ", ".join(sorted(methods))


class _Disconnected(Exception):  # noqa: N818 - the client is gone, and nothing is wrong
    """The client left before its request was whole."""


def _limit(scope: Scope) -> float:
    # A state that could be read must be able to come back, however large it is.
    return math.inf if scope["path"].endswith(_STATE) else MOST_BYTES


async def _body(receive: Receive, limit: float) -> bytes | None:
    """The whole body; None where it is over the limit."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Disconnected
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        if not message.get("more_body", False):
            break
    return b"".join(chunks) if size <= limit else None
