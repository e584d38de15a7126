"""Runtime expressions: what a callback's URL takes from an exchange (OpenAPI 3.1, 4.8.19.3)."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote

from mock_server.gateway.call import NOTHING, Call
from openapi.description import Operation
from openapi.schemas import at


def evaluated(expression: str, call: Call, operation: Operation) -> str:
    """The text that an expression such as `$request.body#/url` stands for, once a call is answered.

    Raises LookupError where the exchange has nothing there.
    """
    source, _, rest = expression.removeprefix("$").partition(".")
    place, _, name = rest.partition(".")
    if expression == "$url":
        return url_of(call, operation)
    if expression == "$method":
        return call.method
    if expression == "$statusCode":
        return str(call.status)
    if (source, place) in _NAMED:
        return _NAMED[source, place](call, name)
    body, _, pointer = rest.partition("#")
    if expression.startswith("$request.") and body == "body":
        return _text(at(_there(call.body, expression), pointer))
    if expression.startswith("$response.") and body == "body":
        return _text(at(_there(call.result.body, expression), pointer))
    raise LookupError(f"{expression} is no expression that is known")


def url_of(call: Call, operation: Operation) -> str:
    """The URL of the request, where a client reaches this API."""
    # By place: another method of the path may call its values by other names.
    values = iter(call.path_values.values())
    pieces = enumerate(operation.path_pieces)
    path = "".join(next(values) if index % 2 else piece for index, piece in pieces)
    query = f"?{call.query.decode('latin-1')}" if call.query else ""
    return f"{call.sandbox.base_url}{path}{query}"


def _query(call: Call, name: str) -> str:
    return dict(parse_qsl(call.query.decode("latin-1"), keep_blank_values=True))[name]


def _response_header(call: Call, name: str) -> str:
    headers = {key.decode("latin-1"): value for key, value in call.response_headers}
    return headers[name.lower()].decode("latin-1")


_NAMED: dict[tuple[str, str], Callable[[Call, str], str]] = {
    ("request", "query"): _query,
    ("request", "header"): lambda call, name: call.headers[name.lower()],
    ("request", "path"): lambda call, name: unquote(call.path_values[name]),
    ("response", "header"): _response_header,
}


def _there(body: Any, expression: str) -> Any:
    if body is NOTHING:
        raise LookupError(f"{expression} is not there")
    return body


def _text(value: Any) -> str:
    """Texts are taken as they are, other values in JSON; no URL is made of null."""
    if value is None:
        raise LookupError("it is null")
    return value if isinstance(value, str) else json.dumps(value)
