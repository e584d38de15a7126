"""What a request says once it is sent."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from contracts import arriving
from contracts.exchange import Request
from tests.contracts.histories import URL, api_of

FORM = "application/x-www-form-urlencoded"
PEN = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "length": {"type": "integer", "maximum": 9},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
}
NESTED = {"type": "array", "items": {"type": "object"}}
API = api_of(
    {
        "openapi": "3.1.0",
        "info": {"title": "Pens", "version": "1"},
        "paths": {
            "/pens": {
                "post": {
                    "parameters": [
                        {"name": "where", "in": "query", "schema": NESTED},
                        {"name": "like", "in": "query", "schema": {"type": "object"}},
                        {
                            "name": "told",
                            "in": "query",
                            "content": {"application/json": {"schema": NESTED}},
                        },
                    ],
                    "requestBody": {
                        "content": {
                            FORM: {"schema": PEN},
                            "text/xml": {},
                            "text/plain": {"schema": {"type": "string", "maxLength": 3}},
                            "application/json": {"schema": PEN},
                        }
                    },
                    "responses": {"201": {"description": "Made"}},
                }
            }
        },
    }
)
CREATE = API.by_key["POST /pens"]


def _sent(body: str, media_type: str = FORM, query: str = "") -> Request:
    headers = (("Content-Type", media_type),)
    return Request("POST", f"{URL}/pens?{query}", headers, body.encode())


@pytest.mark.parametrize(
    ("form", "fits"),
    [
        ({"name": "ink"}, True),
        ({"name": "7", "length": "7"}, True),
        ({"name": "ink", "tags": ["blue"]}, True),
        ({"name": "ink", "tags": ["blue", "red"]}, True),
        ({"name": "ink", "more": "of it"}, True),
        ({"name": "ink", "length": "long"}, False),
        ({"name": "ink", "length": "10"}, False),
        ({"length": "7"}, False),
    ],
)
def test_a_form_is_read_by_its_schema(form: dict[str, Any], *, fits: bool) -> None:
    """Its texts are the values that the schema asks for, where they can be."""
    request = _sent(urlencode(form, doseq=True))
    assert arriving.fits(request, CREATE, API) is fits


@pytest.mark.parametrize(
    ("body", "fits"), [('{"name": "ink"}', True), ('{"length": 7}', False), ("{", False)]
)
def test_json_is_what_it_is(body: str, *, fits: bool) -> None:
    """Valid or not."""
    assert arriving.fits(_sent(body, "application/json"), CREATE, API) is fits


@pytest.mark.parametrize(("text", "fits"), [("{}", True), ("long", False)])
def test_a_text_is_what_it_is(text: str, *, fits: bool) -> None:
    """Whatever was meant by it."""
    assert arriving.fits(_sent(text, "text/plain"), CREATE, API) is fits


@pytest.mark.parametrize("media_type", ["text/xml", "multipart/form-data; boundary=x", "text/csv"])
def test_of_other_bodies_nobody_can_tell(media_type: str) -> None:
    """Whether they fit."""
    assert arriving.fits(_sent("<pen/>", media_type), CREATE, API) is None


@pytest.mark.parametrize(
    ("media_type", "says_all"),
    [
        ("application/json", True),
        ("application/vnd.pen+json; charset=utf-8", True),
        ("text/plain", True),
        (FORM, False),
        ("multipart/form-data; boundary=x", False),
        ("application/soap+xml", False),
        ("text/xml", False),
    ],
)
def test_json_says_what_it_holds(media_type: str, *, says_all: bool) -> None:
    """Forms and XML leave types to who reads them."""
    assert arriving.says_all(_sent(json.dumps({}), media_type)) is says_all


@pytest.mark.parametrize(
    ("body", "media_type", "names"),
    [
        ('{"name": "ink", "length": 7}', "application/json", {"name", "length"}),
        ("name=ink&length=7&tags=", FORM, {"name", "length"}),
        ('{"name": "", "length": null}', "application/json", set()),
        ("[1]", "application/json", set()),
        ("<pen/>", "text/xml", set()),
    ],
)
def test_the_names_in_a_body(body: str, media_type: str, names: set[str]) -> None:
    """Those of an object or of a form."""
    assert arriving.names(_sent(body, media_type)) == names


def test_the_values_in_a_query() -> None:
    """Those of one name that are not empty, read as they arrive."""
    request = _sent("", query="like=a&like=b%20c&where=&like=")
    assert arriving.query_values(request, "like") == ["a", "b c"]
    assert arriving.query_values(request, "where") == []


@pytest.mark.parametrize(
    ("query", "is_told"),
    [
        ("", True),
        ("where=a", False),
        ("where[0]=a", False),
        ("like=a,b", True),
        ("told=[]", True),
    ],
)
def test_how_lists_of_objects_are_written_is_not_told(query: str, *, is_told: bool) -> None:
    """Unless they are JSON."""
    assert arriving.is_written_as_told(_sent("", query=query), CREATE) is is_told
