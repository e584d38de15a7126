"""Third stage: parameters and body become values."""

from functools import lru_cache

from mock_server.gateway import content_coding
from mock_server.gateway.authenticate import cookies
from mock_server.gateway.bodies import body_reader
from mock_server.gateway.call import Call, Stage
from mock_server.gateway.media_types import essence, find
from mock_server.gateway.multipart import BodyReader
from mock_server.gateway.pairs import PairsReader, unreadable
from mock_server.gateway.parameters import Decoder, decoder
from mock_server.gateway.unreadable import Unreadable
from mock_server.gateway.validate import refusal_class
from mock_server.refusals import UnsupportedMediaType
from openapi.description import Operation, Parameter


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
        except Unreadable as error:
            raise invalid(error.faults[0].message, faults=error.faults) from error

    return read


def _decode(call: Call, parameter: Parameter, decode: Decoder, raw: list[str]) -> None:
    place, name = parameter.place, parameter.name
    try:
        call.values[place, name] = decode(raw)
    except ValueError as error:
        raise unreadable(place, f"{place} parameter", name, error, raw) from error


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
    reader = PairsReader(queried, "query", "query parameter")

    def read(call: Call) -> None:
        if call.query:
            values, _ = reader.read(reader.pairs(call.query.decode("latin-1")))
            for name, value in values.items():
                call.values["query", name] = value

    return read


def _field_reader(parameters: tuple[Parameter, ...]) -> Stage | None:
    """Header and cookie parameters."""
    headers = [(p, decoder(p)) for p in parameters if p.place == "header"]
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
        codings = call.headers.get("content-encoding")
        raw = call.raw_body if codings is None else content_coding.decoded(call.raw_body, codings)
        call.body = reader(raw, sent or call.media_type)

    return read
