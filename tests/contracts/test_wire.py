"""Requests in bytes: what is written here is read by the gateway as it was meant."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.exchange import ABSENT, first
from contracts.wire import request_to, written_body
from mock_server.gateway.parameters import decoder, deep_object
from openapi.description import Operation

SCHEMAS: dict[str, tuple[dict[str, Any], st.SearchStrategy[Any]]] = {
    "text": ({"type": "string"}, st.text(st.characters(codec="utf-8"), min_size=1)),
    "number": ({"type": "integer"}, st.integers()),
    "list": ({"type": "array", "items": {"type": "integer"}}, st.lists(st.integers(), min_size=2)),
    "object": (
        {"type": "object", "properties": {"R": {"type": "integer"}, "G": {"type": "string"}}},
        st.fixed_dictionaries({"R": st.integers(), "G": st.text("abc% &=é", min_size=1)}),
    ),
}
STYLES = [
    *(("path", style, explode) for style in ("simple", "label", "matrix") for explode in (0, 1)),
    *(("query", "form", explode) for explode in (0, 1)),
    ("query", "pipeDelimited", 0),
    ("query", "spaceDelimited", 0),
]


def operation_of(place: str, style: str, explode: int, schema: dict[str, Any]) -> Operation:
    """An operation with one parameter."""
    parameter = {
        "name": "p",
        "in": place,
        "required": True,
        "schema": schema,
        "style": style,
        "explode": bool(explode),
    }
    path = "/x/{p}" if place == "path" else "/x"
    return Operation("GET", path, {"parameters": [parameter]}, {}, {})


@pytest.mark.parametrize("kind", SCHEMAS)
@pytest.mark.parametrize(("place", "style", "explode"), STYLES)
@given(data=st.data())
def test_parameters_come_through(
    kind: str, place: str, style: str, explode: int, data: st.DataObject
) -> None:
    """In every style, the gateway reads the value that was sent."""
    schema, values = SCHEMAS[kind]
    if kind == "object" and (place == "query" or (style == "label" and explode)):
        # Exploded into the query its name is lost, and a full stop in a text cuts a label.
        return
    value = data.draw(values)
    if style == "label" and explode and kind == "list":
        value = [abs(one) for one in value]
    operation = operation_of(place, style, explode, schema)
    request = request_to("http://a", operation, {(place, "p"): value}, ABSENT, None)
    parts = urlsplit(request.url)
    if place == "path":
        raw = [parts.path.removeprefix("/x/")]
    else:
        raw = [pair.partition("=")[2] for pair in parts.query.split("&")]
    assert decoder(operation.parameters[0])(raw) == value


@given(st.fixed_dictionaries({"R": st.integers(), "G": st.text("abc% &=é", min_size=1)}))
def test_deep_objects_come_through(value: dict[str, Any]) -> None:
    """An object in brackets is put together again."""
    operation = operation_of("query", "deepObject", 1, SCHEMAS["object"][0])
    request = request_to("http://a", operation, {("query", "p"): value}, ABSENT, None)
    parts = [pair.partition("=") for pair in urlsplit(request.url).query.split("&")]
    pairs = [(name.removeprefix("p[").removesuffix("]"), text) for name, _, text in parts]
    assert deep_object(operation.parameters[0])(pairs) == value


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_stays_one_segment_of_a_path(text: str) -> None:
    """Slashes, dots and signs of URLs stay what they are."""
    operation = operation_of("path", "simple", 0, {"type": "string"})
    request = request_to("http://a/v1", operation, {("path", "p"): text}, ABSENT, None)
    assert urlsplit(request.url).path.count("/") == 3
    assert not urlsplit(request.url).query


def test_headers_and_cookies() -> None:
    """Headers and cookies are sent as the description names them."""
    parameters = [
        {"name": "X-Trace", "in": "header", "schema": {"type": "array"}},
        {"name": "session", "in": "cookie", "schema": {"type": "string"}},
    ]
    operation = Operation("GET", "/x", {"parameters": parameters}, {}, {})
    values = {("header", "X-Trace"): ["a", "b"], ("cookie", "session"): "a;b"}
    request = request_to("http://a", operation, values, ABSENT, None)
    assert first(request.headers, "x-trace") == "a,b"
    assert first(request.headers, "cookie") == "session=a%3Bb"


@given(st.dictionaries(st.text("ab", min_size=1), st.text(st.characters(codec="utf-8"))))
def test_bodies(body: dict[str, str]) -> None:
    """JSON and forms hold what was meant."""
    assert json.loads(written_body(body, "application/json")) == body
    form = written_body(body, "application/x-www-form-urlencoded")
    assert dict(parse_qsl(form.decode(), keep_blank_values=True)) == body
