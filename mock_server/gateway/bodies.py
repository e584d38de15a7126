"""Bodies: from bytes to the value that the schema means, by media type."""

from collections.abc import Callable, Mapping
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from mock_server.gateway import json_text
from mock_server.gateway.parameters import decoded_query, typed, types_of
from mock_server.refusals import Fault
from openapi.description import Content
from openapi.schemas import escaped, part_of, resolved

_RESERVED = set(":/?#[]@!$'()*,;")
"""What RFC 3986 reserves, as far as it can stand in a form's value."""


class Unreadable(Exception):  # noqa: N818 - turned into a refusal by the stage that validates
    """Faults found while reading, before any schema was asked."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults[0].message)
        self.faults = faults


BodyReader = Callable[[bytes, str], Any]
"""Makes a value of a body and its `Content-Type`. Raises Unreadable."""


def body_reader(media_type: str, content: Content) -> BodyReader:
    """How a body of that media type is read."""
    if media_type == "application/json" or media_type.endswith("+json"):
        return read_json
    if media_type == "application/x-www-form-urlencoded":
        return _Form(content).read
    if media_type.startswith("multipart/"):
        return _Form(content).read_parts
    if media_type.startswith("text/"):
        return _text
    # JSON Schema knows no bytes: they are a text with one character a byte.
    return lambda raw, _: raw.decode("latin-1")


def read_json(raw: bytes, _: str) -> Any:
    """The JSON value of a body. Raises Unreadable with the place of the fault."""
    try:
        return json_text.parsed(raw)
    except UnicodeDecodeError as error:
        raise _not_json(f"it is not UTF-8 at byte {error.start}") from error
    except ValueError as error:
        raise _not_json(str(error)) from error


def _not_json(reason: str) -> Unreadable:
    return Unreadable(Fault("body", "", "contentMediaType", f"The body is not JSON: {reason}."))


class _Form:
    """What a schema says of the fields of a form."""

    def __init__(self, content: Content) -> None:
        schema = content.schema if isinstance(content.schema, dict) else {}
        properties: Mapping[str, Any] = resolved(schema, schema).get("properties", {})
        self._types = {name: types_of(node, schema) for name, node in properties.items()}
        self._items = {
            name: types_of(part_of(schema, node.get("items", True)))
            for name, raw in properties.items()
            if isinstance(node := resolved(schema, raw), dict)
        }
        self._encoded = {
            name for name, hints in content.encoding.items() if hints.get("allowReserved") is False
        }

    def read(self, raw: bytes, _: str) -> Any:
        """A URL-encoded form."""
        try:
            pairs = [_pair(piece) for piece in raw.decode().split("&") if piece]
        except UnicodeDecodeError as error:
            message = "The body is not an UTF-8 form."
            raise Unreadable(Fault("body", "", "contentMediaType", message)) from error
        form: dict[str, Any] = {}
        for name, text, raw_value in pairs:
            if name in self._encoded and _RESERVED & set(raw_value):
                message = f"Reserved characters of `{name}` must be percent-encoded."
                raise Unreadable(Fault("body", f"/{escaped(name)}", "allowReserved", message, text))
            self._add(form, name, text)
        return form

    def read_parts(self, raw: bytes, content_type: str) -> Any:
        """A multipart form (RFC 7578)."""
        head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", errors="replace")
        message = BytesParser(policy=HTTP).parsebytes(head + raw)
        if not message.is_multipart() or message.defects:
            detail = "The body is not multipart: its boundary is missing or does not fit."
            raise Unreadable(Fault("body", "", "contentMediaType", detail))
        form: dict[str, Any] = {}
        for part in message.iter_parts():
            name = part.get_param("name", header="content-disposition")
            if isinstance(name, str):
                self._add_part(form, name, part)
        return form

    def _add_part(self, form: dict[str, Any], name: str, part: Message) -> None:
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        if part.get_content_type().endswith("json") or "object" in self._types.get(name, ()):
            form[name] = read_json(content, "")
        elif part.get_filename() is not None:
            # JSON Schema knows no bytes: a file is a string with one character a byte.
            self._add(form, name, content.decode("latin-1"))
        else:
            self._add(form, name, content.decode(errors="replace"))

    def _add(self, form: dict[str, Any], name: str, text: str) -> None:
        if name not in self._types:
            # Nothing is said of it: given several times, it is a list.
            before = form.get(name)
            several = [*(before if isinstance(before, list) else [before]), text]
            form[name] = several if name in form else text
            return
        types = self._types[name]
        try:
            if "array" in types:
                form.setdefault(name, []).append(typed(text, self._items.get(name, frozenset())))
                return
            if name not in form:
                form[name] = typed(text, types)
                return
        except ValueError as error:
            raise _unreadable(name, str(error), text) from error
        raise _unreadable(name, "it is given more than once", text)


def _unreadable(name: str, reason: str, text: str) -> Unreadable:
    message = f"The field `{name}` cannot be read: {reason}."
    return Unreadable(Fault("body", f"/{escaped(name)}", "style", message, text))


def _pair(piece: str) -> tuple[str, str, str]:
    """Name and value, and the value as it was sent."""
    name, _, value = piece.partition("=")
    return decoded_query(name), decoded_query(value), value


def _text(raw: bytes, _: str) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        message = f"The body is not UTF-8 at byte {error.start}."
        raise Unreadable(Fault("body", "", "contentEncoding", message)) from error
