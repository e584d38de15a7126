"""Third stage: parameters and body become values."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from mock_server.gateway.authenticate import cookies
from mock_server.gateway.bodies import BodyReader, Unreadable, body_reader
from mock_server.gateway.call import Call, Stage
from mock_server.gateway.media_types import essence, find
from mock_server.gateway.parameters import (
    Decoder,
    decoded_query,
    decoder,
    deep_object,
    types_of,
)
from mock_server.gateway.validate import refusal_class
from mock_server.refusals import Fault, UnsupportedMediaType
from openapi.description import Operation, Parameter
from openapi.schemas import resolved

_Pairs = list[tuple[str, str]]


def compiled(operation: Operation) -> Stage:
    """The stage for an operation."""
    invalid = refusal_class(operation)
    readers = [
        reader
        for reader in (
            _url_reader(operation.parameters),
            _query_reader(operation.parameters),
            _field_reader(operation.parameters),
            _body_stage(operation),
        )
        if reader is not None
    ]

    def read(call: Call) -> None:
        try:
            for reader in readers:
                reader(call)
        except Unreadable as unreadable:
            faults = unreadable.faults
            raise invalid(faults[0].message, faults=faults) from unreadable

    return read


def _decode(call: Call, parameter: Parameter, decode: Decoder, raw: list[str]) -> None:
    try:
        call.values[parameter.place, parameter.name] = decode(raw)
    except ValueError as error:
        reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        raise Unreadable(
            Fault(
                parameter.place,
                f"/{parameter.name}",
                "style",
                f"The {parameter.place} parameter `{parameter.name}` cannot be read: {reason}.",
                raw,
            )
        ) from error


def _url_reader(parameters: tuple[Parameter, ...]) -> Stage | None:
    decoders = [(p, decoder(p)) for p in parameters if p.place == "path"]
    if not decoders:
        return None

    def read(call: Call) -> None:
        for parameter, decode in decoders:
            sent = call.path_values.get(parameter.name)
            if sent is not None:
                _decode(call, parameter, decode, [sent])

    return read


def _query_reader(parameters: tuple[Parameter, ...]) -> Stage | None:
    queried = [p for p in parameters if p.place == "query"]
    if not queried:
        return None
    deep = [(p, deep_object(p)) for p in queried if p.style == "deepObject"]
    exploded = [(p, deep_object(p)) for p in queried if _is_exploded_object(p)]
    plain = [p for p in queried if p.style != "deepObject" and not _is_exploded_object(p)]
    named = {p.name: (p, decoder(p)) for p in plain}

    def read(call: Call) -> None:
        if not call.query:
            return
        pairs = _raw_pairs(call.query)
        found: dict[str, list[str]] = {}
        for name, value in pairs:
            found.setdefault(name, []).append(value)
        for name, raw in found.items():
            if name in named:
                _decode(call, *named[name], raw)
        for parameter, decode_pairs in deep:
            _read_pairs(call, parameter, decode_pairs, _inside_brackets(parameter.name, pairs))
        for parameter, decode_pairs in exploded:
            properties = resolved(parameter.schema, parameter.schema).get("properties", {})
            inner = [(n, v) for n, v in pairs if n in properties and n not in named]
            _read_pairs(call, parameter, decode_pairs, inner)

    return read


def _raw_pairs(query: bytes) -> _Pairs:
    """Names decoded, values as they were sent: delimiters must be seen before decoding."""
    pairs = []
    for piece in query.decode("latin-1").split("&"):
        if not piece:
            continue
        name, _, value = piece.partition("=")
        try:
            pairs.append((decoded_query(name), value))
        except UnicodeDecodeError as error:
            message = f"The name of the query parameter `{name}` is not UTF-8."
            raise Unreadable(Fault("query", "", "style", message, name)) from error
    return pairs


def _is_exploded_object(parameter: Parameter) -> bool:
    return (
        parameter.style == "form"
        and parameter.explode
        and parameter.media_type is None
        and "object" in types_of(parameter.schema)
        and "array" not in types_of(parameter.schema)
    )


def _inside_brackets(name: str, pairs: _Pairs) -> _Pairs:
    start = f"{name}["
    return [
        (sent[len(start) : -1], value)
        for sent, value in pairs
        if sent.startswith(start) and sent.endswith("]")
    ]


def _read_pairs(
    call: Call, parameter: Parameter, decode_pairs: Callable[[_Pairs], Any], inner: _Pairs
) -> None:
    if inner:
        _decode(call, parameter, lambda _: decode_pairs(inner), [])


def _field_reader(parameters: tuple[Parameter, ...]) -> Stage | None:
    """Header and cookie parameters."""
    # OpenAPI 3.1 section 4.8.12.2: parameters of these names are ignored.
    ignored = {"accept", "content-type", "authorization"}
    headers = [
        (p, decoder(p)) for p in parameters if p.place == "header" and p.name.lower() not in ignored
    ]
    sweets = [(p, decoder(p)) for p in parameters if p.place == "cookie"]
    if not headers and not sweets:
        return None

    def read(call: Call) -> None:
        for parameter, decode in headers:
            if (value := call.headers.get(parameter.name.lower())) is not None:
                _decode(call, parameter, decode, [value])
        sent = cookies(call) if sweets else {}
        for parameter, decode in sweets:
            if parameter.name in sent:
                _decode(call, parameter, decode, [sent[parameter.name]])

    return read


def _body_stage(operation: Operation) -> Stage | None:
    body = operation.body
    if body is None or not body.content:
        return None
    listed = ", ".join(body.content)
    offered = tuple(body.content)
    content = body.content

    @lru_cache(maxsize=64)
    def chosen(sent: str | None) -> tuple[str, BodyReader] | None:
        # RFC 9110 section 8.3: without the header the receiver may assume a type.
        media_type = offered[0] if sent is None else find(essence(sent), offered)
        if media_type is None:
            return None
        # A range such as `*/*` does not say how a body is written: what was sent does.
        written = essence(sent if sent is not None and "*" in media_type else media_type)
        return media_type, body_reader(written, content[media_type])

    def read(call: Call) -> None:
        if not call.raw_body:
            return
        sent = call.headers.get("content-type")
        choice = chosen(sent)
        if choice is None:
            raise UnsupportedMediaType(
                f"The body's media type is {essence(sent or '')!r}; this operation reads {listed}.",
                headers={"Accept-Post": listed} if call.method == "POST" else {},
            )
        call.media_type, reader = choice
        call.body = reader(call.raw_body, sent or call.media_type)

    return read
