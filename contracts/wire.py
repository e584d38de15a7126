"""Requests in bytes: parameters in every style, and bodies by media type.

OpenAPI 3.1 section 4.8.12 defines the styles, RFC 6570 what they look like.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from contracts.exchange import ABSENT, Request
from contracts.history import text_of
from openapi.description import Operation, Parameter

_DELIMITERS = {"spaceDelimited": "%20", "pipeDelimited": "|"}


def request_to(
    base: str,
    operation: Operation,
    values: Mapping[tuple[str, str], Any],
    body: Any,
    media_type: str | None,
) -> Request:
    """The request of an operation, below a base URL without a slash at its end.

    `values` are the parameters by place and name; those that are not described are sent in the
    simplest way.
    """
    known = {(one.place, one.name): one for one in operation.parameters}
    pieces = list(operation.path_pieces)
    for index in range(1, len(pieces), 2):
        name = pieces[index]
        pieces[index] = _path_text(known.get(("path", name)), values.get(("path", name), ""))
    queries: list[str] = []
    headers: list[tuple[str, str]] = []
    cookies: list[str] = []
    for (place, name), value in values.items():
        parameter = known.get((place, name))
        if place == "query":
            queries += _query_texts(name, parameter, value)
        elif place == "header":
            headers.append((name, _plain(value)))
        elif place == "cookie":
            cookies.append(f"{name}={quote(_plain(value), safe='')}")
    if cookies:
        headers.append(("Cookie", "; ".join(cookies)))
    if body is not ABSENT:
        headers.append(("Content-Type", media_type or "application/json"))
    query = f"?{'&'.join(queries)}" if queries else ""
    url = f"{base}{''.join(pieces)}{query}"
    written = b"" if body is ABSENT else written_body(body, media_type or "application/json")
    return Request(operation.method, url, tuple(headers), written)


def written_body(body: Any, media_type: str) -> bytes:
    """The body in bytes; a text in bytes stays what it is."""
    if isinstance(body, bytes):
        return body
    if "form-urlencoded" in media_type:
        pairs = body.items() if isinstance(body, Mapping) else ()
        # The values of a list come one after another (OpenAPI 3.1 section 4.8.15.1).
        several = ((name, value if _is_plain(value) else [value]) for name, value in pairs)
        return urlencode(
            [(name, _form_text(one)) for name, values in several for one in values]
        ).encode()
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _is_plain(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(one, dict | list) for one in value)


def _form_text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, dict | list) else _plain(value)


def _plain(value: Any) -> str:
    """A value without structure around it, as headers and cookies have it (`simple`)."""
    if isinstance(value, list):
        return ",".join(map(_plain, value))
    if isinstance(value, Mapping):
        return ",".join(f"{name},{_plain(one)}" for name, one in value.items())
    return "" if value is None else text_of(value)


def _quoted(value: Any) -> str:
    return quote("" if value is None else text_of(value), safe="")


def _path_text(parameter: Parameter | None, value: Any) -> str:
    style = parameter.style if parameter is not None else "simple"
    explode = parameter.explode if parameter is not None else False
    if parameter is not None and parameter.media_type is not None:
        return _quoted(json.dumps(value))
    name = parameter.name if parameter is not None else ""
    between = {"label": "." if explode else ",", "matrix": f";{name}=" if explode else ","}
    joint = between.get(style, ",")
    if isinstance(value, list):
        text = joint.join(map(_quoted, value))
    elif isinstance(value, Mapping):
        sign = "=" if explode else ","
        pairs = [f"{_quoted(key)}{sign}{_quoted(one)}" for key, one in value.items()]
        text = (";" if style == "matrix" and explode else joint).join(pairs)
        return f";{text}" if style == "matrix" and explode else _begun(style, name, text)
    else:
        text = _quoted(value)
    return _begun(style, name, text)


def _begun(style: str, name: str, text: str) -> str:
    return {"label": f".{text}", "matrix": f";{name}={text}"}.get(style, text)


def _query_texts(name: str, parameter: Parameter | None, value: Any) -> list[str]:
    key = quote(name, safe="[]$")
    style = parameter.style if parameter is not None else "form"
    explode = parameter.explode if parameter is not None else True
    if parameter is not None and parameter.media_type is not None:
        value = json.dumps(value)
    if isinstance(value, list):
        if explode and style == "form":
            return [f"{key}={_quoted(one)}" for one in value]
        value = list(map(_quoted, value))
        return [f"{key}={_DELIMITERS.get(style, ',').join(value)}"]
    if not isinstance(value, Mapping):
        return [f"{key}={_quoted(value)}"]
    if style == "deepObject":
        return [f"{key}[{quote(str(one))}]={_quoted(value[one])}" for one in value]
    pairs = [(_quoted(one), _quoted(value[one])) for one in value]
    if explode:
        return [f"{one}={other}" for one, other in pairs]
    return [f"{key}={','.join(part for pair in pairs for part in pair)}"]
