"""Bodies: from bytes to the value that the schema means, by media type."""

from email.message import Message
from typing import Any

from mock_server.gateway import json_text, sequences, xml_value
from mock_server.gateway.forms import Form
from mock_server.gateway.media_types import is_json
from mock_server.gateway.multipart import BodyReader, Multipart
from mock_server.gateway.parameters import typed, types_of
from mock_server.gateway.unreadable import Unreadable
from mock_server.refusals import Fault
from openapi.description import Content
from openapi.schemas import Schema


def body_reader(media_type: str, content: Content) -> BodyReader:
    """How a body of that media type is read."""
    if is_json(media_type):
        return read_json
    if sequences.is_read(media_type):
        return sequences.read
    if media_type == "application/x-www-form-urlencoded":
        return Form(content).read
    if media_type.startswith("multipart/"):
        return Multipart(content, body_reader).read
    return _text_reader(media_type, True if content.schema is None else content.schema)


def _text_reader(media_type: str, schema: Schema) -> BodyReader:
    if media_type.endswith(("/xml", "+xml")):
        return lambda raw, sent: xml_value.read(raw, schema, _charset(sent))
    if media_type.startswith("text/"):
        return lambda raw, sent: _text(raw, sent, schema)
    # JSON Schema knows no bytes: they are a text with one character a byte.
    return lambda raw, _: raw.decode("latin-1")


def read_json(raw: bytes, _: str) -> Any:
    """The JSON value of a body. Raises Unreadable with the place of the fault."""
    try:
        return json_text.parsed(raw)
    except UnicodeDecodeError as error:
        raise _not("JSON", f"it is not UTF-8 at byte {error.start}") from error
    except ValueError as error:
        raise _not("JSON", str(error)) from error


def _text(raw: bytes, content_type: str, schema: Schema) -> Any:
    """A text, or the number, boolean or null that the schema wants it to be."""
    charset = _charset(content_type) or "utf-8"
    try:
        text = raw.decode(charset)
        types = types_of(schema)
        return text if not types or "string" in types else typed(text.strip(), types)
    except UnicodeDecodeError as error:
        raise _not(f"a {charset.upper()} text", f"byte {error.start} is wrong") from error
    except LookupError as error:
        raise _not("a text that can be read", f"no charset is called {charset[:40]!r}") from error
    except ValueError as error:
        raise _not("a number that can be read", str(error)) from error


def _charset(content_type: str) -> str | None:
    if "charset" not in content_type.lower():
        return None
    message = Message()
    message["Content-Type"] = content_type
    return message.get_content_charset()


def _not(kind: str, reason: str) -> Unreadable:
    message = f"The body is not {kind}: {reason}."
    return Unreadable(Fault("body", "", "contentMediaType", message))
