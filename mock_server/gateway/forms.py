"""URL-encoded forms: written like a query, each field by its `encoding` (OpenAPI 3.1, 4.8.15)."""

from collections.abc import Iterator, Mapping
from typing import Any

from mock_server.gateway.pairs import PairsReader, unreadable
from mock_server.gateway.parameters import decoded_query, types_of
from mock_server.gateway.unreadable import Unreadable
from mock_server.gateway.xml_shape import properties_of
from mock_server.refusals import Fault
from openapi.description import Content, Parameter
from openapi.schemas import Schema, escaped

_RESERVED = set(":/?#[]@!$'()*,;")
"""What RFC 3986 reserves, as far as it can stand in a form's value."""


class Form:
    """Reads the forms of one body."""

    def __init__(self, content: Content) -> None:
        properties = properties_of(content.schema if content.schema is not None else True)
        fields = [
            field
            for name, schema in properties.items()
            for field in _fields(name, schema, content.encoding.get(name, {}))
        ]
        self._reader = PairsReader(fields, "body", "field")
        self._encoded = {
            name for name, hints in content.encoding.items() if hints.get("allowReserved") is False
        }

    def read(self, raw: bytes, _: str) -> Any:
        """The fields by name; one that is not described and given several times is a list.

        Raises Unreadable.
        """
        try:
            pairs = self._reader.pairs(raw.decode())
        except UnicodeDecodeError as error:
            message = "The body is not an UTF-8 form."
            raise Unreadable(Fault("body", "", "contentMediaType", message)) from error
        for name, text in pairs:
            if name in self._encoded and _RESERVED & set(text):
                message = f"Reserved characters of `{name}` must be percent-encoded."
                raise Unreadable(Fault("body", f"/{escaped(name)}", "allowReserved", message, text))
        form, others = self._reader.read(pairs)
        sent: dict[str, list[str]] = {}
        for name, text in others:
            try:
                sent.setdefault(name, []).append(decoded_query(text))
            except UnicodeDecodeError as error:
                raise unreadable("body", "field", name, error, text) from error
        return form | {name: texts if len(texts) > 1 else texts[0] for name, texts in sent.items()}


def _fields(name: str, schema: Schema, hints: Mapping[str, Any]) -> Iterator[Parameter]:
    """A field as a parameter of a query; two where it may be written in two ways."""
    style = hints.get("style", "form")
    explode = hints.get("explode", style == "form")
    media_type = hints.get("contentType")
    chosen = hints.keys() & {"style", "explode", "allowReserved", "contentType"}
    if not chosen and "object" in types_of(schema):
        # JSON is what the specification has for objects, brackets are what most clients send.
        yield Parameter(name, "query", False, schema, "deepObject", True, None)
        media_type = "application/json"
    if media_type is not None and not media_type.endswith("json"):
        media_type = None
    yield Parameter(name, "query", False, schema, style, explode, media_type)
