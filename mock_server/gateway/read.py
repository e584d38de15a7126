"""Third stage: parameters and body become values."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from mock_server.gateway.authenticate import cookies
from mock_server.gateway.call import Call, Stage
from mock_server.gateway.media_types import essence, find
from mock_server.gateway.parameters import (
    Decoder,
    decoded_query,
    decoder,
    deep_object,
    typed,
    types_of,
)
from mock_server.gateway.validate import refusal_class
from mock_server.refusals import Fault, UnsupportedMediaType
from openapi.description import Content, Operation, Parameter
from openapi.schemas import resolved


class Unreadable(Exception):  # noqa: N818 - turned into a refusal by the stage that validates
    """Faults found while reading, before any schema was asked."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults[0].message)
        self.faults = faults


_BodyReader = Callable[[bytes], Any]
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
            if parameter.name in call.path_values:
                _decode(call, parameter, decode, [call.path_values[parameter.name]])

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
    readers = {
        media_type: _body_reader(media_type, content)
        for media_type, content in body.content.items()
    }
    listed = ", ".join(readers)
    offered = tuple(readers)

    def read(call: Call) -> None:
        if not call.raw_body:
            return
        sent = call.headers.get("content-type")
        # RFC 9110 section 8.3: without the header the receiver may assume a type.
        media_type = offered[0] if sent is None else find(essence(sent), offered)
        if media_type is None:
            raise UnsupportedMediaType(
                f"The body's media type is {essence(sent or '')!r}; this operation reads {listed}.",
                headers={"Accept-Post": listed} if call.method == "POST" else {},
            )
        call.media_type = media_type
        call.body = readers[media_type](call.raw_body)

    return read


def _body_reader(media_type: str, content: Content) -> _BodyReader:
    if media_type == "application/json" or media_type.endswith("+json"):
        return read_json
    if media_type == "application/x-www-form-urlencoded":
        return _form_reader(content)
    if media_type.startswith("text/"):
        return _text
    return lambda raw: raw


def read_json(raw: bytes) -> Any:
    """The JSON value of a body (RFC 8259). Raises Unreadable with the place of the fault."""
    try:
        text = raw.decode("utf-8-sig")
        value = _decoder.decode(text)
        if "\\u" in text:
            # An escaped lone surrogate is valid JSON, but no text that could be sent back.
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise _not_json(f"it is not UTF-8 at byte {error.start}") from error
    except UnicodeEncodeError as error:
        raise _not_json("it holds half of a surrogate pair") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _not_json(f"{error.msg} at {place}") from error
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise _not_json(reason) from error
    return value


def _not_json(reason: str) -> Unreadable:
    return Unreadable(Fault("body", "", "contentMediaType", f"The body is not JSON: {reason}."))


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text[:40]} is too large")
    return number


_decoder = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)


def _form_reader(content: Content) -> _BodyReader:
    schema = content.schema if isinstance(content.schema, dict) else {}
    properties: Mapping[str, Any] = resolved(schema, schema).get("properties", {})
    types = {name: types_of(node, schema) for name, node in properties.items()}

    def read(raw: bytes) -> Any:
        try:
            pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict")
        except ValueError as error:
            message = "The body is not an UTF-8 form."
            raise Unreadable(Fault("body", "", "contentMediaType", message)) from error
        form: dict[str, Any] = {}
        for name, text in pairs:
            if "array" in types.get(name, ()):
                form.setdefault(name, []).append(text)
            else:
                form[name] = typed(text, types.get(name, frozenset()))
        return form

    return read


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        message = f"The body is not UTF-8 at byte {error.start}."
        raise Unreadable(Fault("body", "", "contentEncoding", message)) from error
