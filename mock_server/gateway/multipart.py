"""Multipart bodies: each part read as its property, `encoding` and media type say (RFC 7578)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from email import message_from_string
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Any

from mock_server.gateway.media_types import find
from mock_server.gateway.parameters import typed, types_of
from mock_server.gateway.unreadable import Unreadable
from mock_server.gateway.xml_shape import items_of, properties_of
from mock_server.refusals import Fault, UnsupportedMediaType
from openapi.description import Content
from openapi.schemas import Schema, escaped

BodyReader = Callable[[bytes, str], Any]
"""Makes a value of a body and its `Content-Type`. Raises Unreadable."""


class Multipart:
    """Reads the multipart bodies of one operation.

    `reader` makes the reader of a part of its media type and description.
    """

    def __init__(self, content: Content, reader: Callable[[str, Content], BodyReader]) -> None:
        schema: Schema = content.schema if content.schema is not None else True
        self._is_list = "array" in types_of(schema)
        self._items = _Part("", schema, {}, reader) if self._is_list else None
        self._unknown = _Part("", True, {}, reader)
        self._parts = {
            name: _Part(name, below, content.encoding.get(name, {}), reader)
            for name, below in properties_of(schema).items()
        }

    def read(self, raw: bytes, content_type: str) -> Any:
        """An object of the parts by name; the list of all parts where the schema is an array.

        Raises Unreadable.
        """
        parts = list(_parts(raw, content_type))
        if self._items is not None:
            return [self._items.value(part) for _, part in parts]
        form: dict[str, Any] = {}
        for name, part in parts:
            described = self._parts.get(name) or self._unknown
            value = described.value(part)
            if described.is_list:
                form.setdefault(name, []).extend(value if isinstance(value, list) else [value])
            elif name not in form:
                form[name] = value
            elif described is self._unknown:
                # Nothing is said of it: given several times, it is a list.
                before = form[name]
                form[name] = [*(before if isinstance(before, list) else [before]), value]
            else:
                raise _unreadable(name, "it is given more than once", "style")
        return form


def _parts(raw: bytes, content_type: str) -> Iterator[tuple[str, Message]]:
    """The parts with their names, which are UTF-8; a part may have none."""
    # One character a byte: what is binary must come out as it went in.
    text = raw.decode("latin-1")
    message = message_from_string(f"Content-Type: {content_type}\r\n\r\n{text}")
    if message.get_boundary() is None:
        raise UnsupportedMediaType(f"The media type {content_type[:200]!r} names no boundary.")
    if not message.is_multipart() or message.defects:
        detail = "The body is not multipart: its boundary does not fit."
        raise Unreadable(Fault("body", "", "contentMediaType", detail))
    for part in message.get_payload():
        assert isinstance(part, Message)
        name = part.get_param("name", "", header="content-disposition")
        plain = collapse_rfc2231_value(name)
        yield plain.encode("latin-1", errors="replace").decode(errors="replace"), part


class _Part:
    """What is said of the parts of one name."""

    def __init__(
        self,
        name: str,
        schema: Schema,
        hints: Mapping[str, Any],
        reader: Callable[[str, Content], BodyReader],
    ) -> None:
        self._name = name
        self.is_list = "array" in types_of(schema)
        self._schema = items_of(schema) if self.is_list else schema
        self._types = types_of(self._schema)
        allowed = str(hints.get("contentType", "")).split(",")
        self._allowed = tuple(kind.strip().lower() for kind in allowed if kind.strip())
        self._required = [
            header
            for header, node in (hints.get("headers") or {}).items()
            if isinstance(node, Mapping) and node.get("required") is True
            if header.lower() != "content-type"
        ]
        self._reader = reader

    def value(self, part: Message) -> Any:
        """The value of a part. Raises Unreadable with its name as the place."""
        media_type = self._media_type(part)
        for header in self._required:
            if header not in part:
                raise _unreadable(self._name, f"its header `{header}` is missing", "required")
        payload = part.get_payload(decode=True)
        raw = payload if isinstance(payload, bytes) else b""
        if self._types == {"string"} or (not self._types and part.get_filename() is not None):
            return self._text(raw, part)
        if media_type in {"text/plain", "application/octet-stream"}:
            return typed(self._text(raw, part), self._types)
        read = self._reader(media_type, Content(self._schema))
        try:
            return read(raw, part.get("content-type", media_type))
        except Unreadable as unreadable:
            place = f"/{escaped(self._name)}"
            faults = (replace(f, pointer=place + f.pointer) for f in unreadable.faults)
            raise Unreadable(*faults) from unreadable

    def _media_type(self, part: Message) -> str:
        """What the part says it is, else what it is described as (OpenAPI 3.1, 4.8.15.1.1)."""
        if "content-type" not in part:
            if len(self._allowed) == 1 and "*" not in self._allowed[0]:
                return self._allowed[0]
            return "application/json" if "object" in self._types else "text/plain"
        sent = part.get_content_type()
        if self._allowed and find(sent, self._allowed) is None:
            reason = f"it is {sent}, and {', '.join(self._allowed)} is described"
            raise _unreadable(self._name, reason, "contentType")
        # Clients that do not know better call everything text.
        return "application/json" if sent == "text/plain" and "object" in self._types else sent

    def _text(self, raw: bytes, part: Message) -> str:
        """A text, by its charset; a file has one character a byte: JSON Schema knows no bytes."""
        if part.get_filename() is not None or part.get_content_maintype() != "text":
            return raw.decode("latin-1")
        charset = part.get_content_charset("utf-8")
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            if isinstance(self._schema, dict) and self._schema.get("format") == "binary":
                return raw.decode("latin-1")
            raise _unreadable(self._name, f"it is not {charset}", "contentMediaType") from None
        except LookupError:
            reason = f"nothing is known of the charset {charset[:40]!r}"
            raise _unreadable(self._name, reason, "contentMediaType") from None


def _unreadable(name: str, reason: str, keyword: str) -> Unreadable:
    message = f"The part `{name}` cannot be read: {reason}."
    return Unreadable(Fault("body", f"/{escaped(name)}", keyword, message))
