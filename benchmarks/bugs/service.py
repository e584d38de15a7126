"""A small server: its operations are methods, Flask, Starlette or nothing at all is around it."""

import json
import logging
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, cast

import flask
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException as StarletteError
from starlette.requests import Request as StarletteRequest
from starlette.responses import Response as StarletteResponse
from starlette.routing import Route
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from benchmarks.bugs.validation import (
    Invalid,
    Operation,
    Pairs,
    UnsupportedType,
    operations_of,
)

App = Callable[..., Any]
HERE = Path(__file__).parent


@dataclass
class Call:
    """One request, as an operation sees it."""

    operation: Operation
    headers: Mapping[str, str]
    """By names in lower case."""
    base: str
    """The server's own URL, with no slash at its end."""
    parameters: dict[str, Any] = field(default_factory=dict)
    body: Any = None

    def __getitem__(self, name: str) -> Any:
        return self.parameters[name]


@dataclass
class Reply:
    """An answer: a value that becomes JSON, or text or bytes of another type, or nothing."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = "application/json"

    def content(self) -> bytes:
        """The body as it is sent."""
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body).encode()

    def all_headers(self) -> dict[str, str]:
        """The headers as they are sent."""
        return (
            self.headers if self.body is None else self.headers | {"Content-Type": self.media_type}
        )


class Refused(Exception):  # noqa: N818 - a refusal is no error
    """A request that is turned down."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Service:
    """The state and the operations of one server: a method in snake case for each operationId."""

    description: ClassVar[str]
    """The file beside this one."""
    invalid: ClassVar[int] = 400
    """The status that refuses what the description does not allow."""
    racing: ClassVar[Mapping[str, str]] = {}
    """The bugs that let an operation run without the lock, and that operation."""

    def __init__(self, bugs: frozenset[str]) -> None:
        self.bugs = bugs
        self.operations = operations_of(HERE / self.description)
        self.lock = threading.RLock()
        self.unlocked = {operation for bug, operation in self.racing.items() if bug in bugs}

    def guard(self, call: Call) -> None:
        """What comes before the request is looked at. Raises Refused."""

    def refusal(self, status: int, message: str) -> Reply:
        """The shape of a refusal."""
        return Reply({"error": message}, status)

    def respond(
        self,
        operation: Operation,
        path: Mapping[str, str],
        query: Pairs,
        received: Mapping[str, str],
        raw: bytes,
        base: str,
    ) -> Reply:
        """The answer to a request, whatever happens."""
        headers = {name.lower(): value for name, value in received.items()}
        call = Call(operation, headers, base)
        act: Callable[[Call], Reply] = getattr(self, in_snake_case(operation.id))
        try:
            self.guard(call)
            call.parameters = operation.read(path, query, headers)
            call.body = operation.read_body(headers.get("content-type", ""), raw)
            if operation.id in self.unlocked:
                return act(call)
            with self.lock:
                return act(call)
        except Refused as refused:
            reply = self.refusal(refused.status, str(refused))
            reply.headers |= refused.headers
            return reply
        except UnsupportedType as error:
            return self.refusal(415, str(error))
        except Invalid as error:
            return self.refusal(self.invalid, str(error))
        except Exception as error:  # noqa: BLE001 - a server in development shows what failed
            return self.refusal(500, f"{type(error).__name__}: {error}")


def in_snake_case(name: str) -> str:
    """`createOrder` as `create_order`."""
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def flask_app(service: Service) -> flask.Flask:
    """The service in Flask."""
    app = flask.Flask(service.__class__.__name__, static_folder=None)
    app.url_map.merge_slashes = False
    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    def view(**path: str) -> flask.Response:
        request = flask.request
        rule = cast("str", request.endpoint)
        pairs = list(request.args.items(multi=True))
        reply = service.respond(
            service.operations[rule],
            path,
            pairs,
            dict(request.headers),
            request.get_data(),
            request.host_url.rstrip("/"),
        )
        return flask.Response(reply.content(), reply.status, reply.all_headers())

    def refuse(error: HTTPException) -> flask.Response:
        reply = service.refusal(error.code or 500, error.name)
        kept = {name: text for name, text in error.get_headers() if name == "Allow"}
        return flask.Response(reply.content(), reply.status, reply.all_headers() | kept)

    for operation in service.operations.values():
        rule = operation.path.replace("{", "<").replace("}", ">")
        app.add_url_rule(rule, operation.id, view, methods=[operation.method])
    app.register_error_handler(HTTPException, refuse)
    return app


def starlette_app(service: Service) -> Starlette:
    """The service in Starlette; operations run in its threads."""

    def route(operation: Operation) -> Route:
        async def endpoint(request: StarletteRequest) -> StarletteResponse:
            reply = await run_in_threadpool(
                service.respond,
                operation,
                request.path_params,
                request.query_params.multi_items(),
                dict(request.headers),
                await request.body(),
                str(request.base_url).rstrip("/"),
            )
            return StarletteResponse(reply.content(), reply.status, reply.all_headers())

        return Route(operation.path, endpoint, methods=[operation.method])

    async def refuse(request: StarletteRequest, error: Exception) -> StarletteResponse:
        assert isinstance(error, StarletteError)
        reply = service.refusal(error.status_code, error.detail)
        headers = reply.all_headers() | dict(error.headers or {})
        if error.status_code == 405:
            allowed = methods_of(service, request.url.path)
            headers = {name: headers[name] for name in headers if name.lower() != "allow"}
            headers["Allow"] = ", ".join(sorted(allowed))
        return StarletteResponse(reply.content(), reply.status, headers)

    return Starlette(
        routes=[route(operation) for operation in service.operations.values()],
        exception_handlers={StarletteError: refuse},
    )


def wsgi_app(service: Service) -> App:
    """The service with no framework around it."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        for operation in service.operations.values():
            path = operation.matches(request.path)
            if path is not None and operation.method == request.method:
                reply = service.respond(
                    operation,
                    path,
                    list(request.args.items(multi=True)),
                    dict(request.headers),
                    request.get_data(),
                    request.host_url.rstrip("/"),
                )
                break
        else:
            methods = methods_of(service, request.path)
            reply = service.refusal(405 if methods else 404, "There is nothing here.")
            if methods:
                reply.headers["Allow"] = ", ".join(sorted(methods))
        answer = Response(reply.content(), reply.status, reply.all_headers())
        return answer(environ, start_response)

    return app


def methods_of(service: Service, path: str) -> set[str]:
    """The methods that a path takes."""
    known = service.operations.values()
    return {one.method for one in known if one.matches(path) is not None}
