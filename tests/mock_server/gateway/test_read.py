"""Reading a body: from bytes to a value, or to a refusal that says where and why not."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.gateway.json_text import DEEPEST
from tests.mock_server.gateway.own import ECHO, own_api, places, refused

DESCRIPTION = """
paths:
  /json:
    post:
      operationId: echo
      requestBody: {content: {application/json: {}}}
      responses: {"200": {content: {application/json: {}}}, "400": {}}
  /needed:
    post:
      operationId: needed
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {"200": {content: {application/json: {}}}}
  /tree:
    post:
      operationId: tree
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}}
      responses: {"204": {}, "400": {}}
  /kinds:
    put:
      operationId: kinds
      requestBody:
        content:
          application/json: {}
          application/*+json: {}
          application/vnd.own+json: {}
          text/plain: {schema: {type: string, maxLength: 5}}
          application/x-www-form-urlencoded:
            schema:
              type: object
              additionalProperties: false
              required: [n]
              properties:
                n: {type: integer}
                b: {type: boolean}
                x: {type: number}
                s: {type: string}
                many: {type: array, items: {type: string}}
                counts: {type: array, items: {type: integer}}
      responses: {"200": {content: {application/json: {}}}, "400": {}}
  /none:
    post:
      operationId: none
      responses: {"200": {content: {application/json: {}}}}
components:
  schemas:
    Tree: {type: object, properties: {a: {$ref: '#/components/schemas/Tree'}}}
"""
BEHAVIOUR = (
    ECHO
    + """

def needed(sandbox, **arguments):
    return arguments

def none(sandbox):
    return "no body was asked for"

def kinds(sandbox, *, body=None):
    return [type(body).__name__, body]

def tree(sandbox, *, body=None):
    sandbox.table("trees").put("1", body)
"""
)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> httpx.Client:
    """A client of an API that reads bodies of many kinds."""
    return own_api(tmp_path_factory.mktemp("read"), DESCRIPTION, BEHAVIOUR)


def posted(api: httpx.Client, content: bytes, path: str = "/json") -> httpx.Response:
    """The answer to a JSON body."""
    return api.post(path, content=content, headers={"Content-Type": "application/json"})


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abü/~\0"), inner),
    max_leaves=8,
)


def nested(depth: int) -> bytes:
    """A JSON object that many levels deep."""
    return b'{"a":' * depth + b"{}" + b"}" * depth


@given(JSON_VALUES, st.booleans())
@settings(max_examples=60, deadline=None)
def test_json_arrives_as_it_was_sent(api: httpx.Client, value: Any, escaped: bool) -> None:
    """Every JSON value arrives as it was sent, whether it is escaped or plain UTF-8."""
    content = json.dumps(value, ensure_ascii=escaped).encode()
    answer = posted(api, content)
    assert (answer.status_code, answer.json()) == (200, {"body": value})


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"null", None),
        (b"0", 0),
        (b'""', ""),
        (b"[]", []),
        (b' \t\r\n{"a" : 1} ', {"a": 1}),
        (b"\xef\xbb\xbf[1]", [1]),
        (b'"\\ud83d\\ude00"', "😀"),
        (b'"\\\\ud800"', "\\ud800"),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b"1e40", 1e40),
        (b"1" + b"0" * 400, 10**400),
        (b"-1" + b"0" * 40, -(10**40)),
        (b"1e-999", 0.0),
        (b"1" * 4300, int("1" * 4300)),
        (b"[" * 200 + b"]" * 200, None),
    ],
)
def test_odd_json_is_read(api: httpx.Client, content: bytes, value: Any) -> None:
    """Unusual but valid JSON is read: a byte order mark, huge integers, 200 levels of arrays."""
    answer = posted(api, content)
    assert answer.status_code == 200, answer.text
    if not content.startswith(b"[["):
        assert answer.json() == {"body": value}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "Expecting property name"),
        (b'{"a": 1,}', "at line 1, column"),
        (b'{\n"a": nope}', "at line 2, column 6"),
        (b"1 2", "Extra data at line 1, column 3"),
        (b" ", "Expecting value at line 1, column 2"),
        (b"\xef\xbb\xbf", "Expecting value"),
        (b"'a'", "Expecting value"),
        (b'"\x01"', "Invalid control character"),
        (b'"\\x"', "Invalid \\escape"),
        (b"01", "Extra data"),
        (b"+1", "Expecting value"),
        (b".5", "Expecting value"),
        (b"NaN", "NaN is no JSON number"),
        (b"[Infinity]", "Infinity is no JSON number"),
        (b'{"a": -Infinity}', "-Infinity is no JSON number"),
        (b"1e999", "the number 1e999 is too large"),
        (b"-1.5e+999", "the number -1.5e+999 is too large"),
        (b"9" * 5000, "4300 digits"),
        (b'"\xff"', "it is not UTF-8 at byte 1"),
        (b'"\xc3"', "it is not UTF-8 at byte 1"),
        (b'"\xed\xa0\x80"', "it is not UTF-8 at byte 1"),
        ('"é"'.encode("latin-1"), "it is not UTF-8 at byte 1"),
        ('"a"'.encode("utf-16"), "it is not UTF-8 at byte 0"),
        (b'"\\ud800"', "half of a surrogate pair"),
        (b'{"\\udc00": 1}', "half of a surrogate pair"),
        (b'["\\ud800\\ud800"]', "half of a surrogate pair"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"<a/>", "Expecting value"),
        (b"a=1", "Expecting value"),
        (b"\x00", "Expecting value"),
    ],
)
def test_what_is_no_json_is_refused(api: httpx.Client, content: bytes, reason: str) -> None:
    """A body that is no JSON is refused with the place of the fault, and nothing is run."""
    answer = posted(api, content)
    problem = refused(answer, 400)
    assert problem["detail"].startswith("The body is not JSON: ")
    assert reason in problem["detail"]
    assert places(answer, 400) == [("body", "")]


@pytest.mark.parametrize("depth", [1, DEEPEST - 1, DEEPEST])
def test_depth_is_read_to_a_limit(api: httpx.Client, depth: int) -> None:
    """A body as deep as the limit is validated, remembered and shown by the controls."""
    assert posted(api, nested(depth), "/tree").status_code == 204
    for shown in ("state", "journal"):
        assert api.get(f"/_understudy/{shown}").status_code == 200


@pytest.mark.parametrize("depth", [DEEPEST + 1, 300, 500, 900, 950, 990, 1000, 5000])
def test_a_body_beyond_the_limit_is_refused(api: httpx.Client, depth: int) -> None:
    """A body that nests deeper than the limit is refused as such."""
    assert "nested" in refused(posted(api, nested(depth), "/tree"), 400)["detail"]


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("application/json", "dict"),
        ("application/json; charset=utf-8", "dict"),
        ("application/json;charset=UTF-8", "dict"),
        ("APPLICATION/JSON ; x=y", "dict"),
        ("application/vnd.own+json", "dict"),
        ("Application/VND.Own+JSON; v=1", "dict"),
    ],
)
def test_media_types_have_no_case_and_may_have_parameters(
    api: httpx.Client, media_type: str, kind: str
) -> None:
    """A documented media type is recognised in any case and with any parameters."""
    answer = api.put("/kinds", content=b"{}", headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()[0]) == (200, kind)


@pytest.mark.parametrize(
    "media_type",
    [
        "text/xml",
        "application/jsonp",
        "application",
        "json",
        "*/*",
        "",
        ";",
        "application/xml",
        "multipart/form-data; boundary=x",
        "text/plain-ish",
    ],
)
def test_other_media_types_are_refused(api: httpx.Client, media_type: str) -> None:
    """A body in a media type that is not documented is refused with those that are."""
    answer = api.post("/json", content=b"{}", headers={"Content-Type": media_type})
    problem = refused(answer, 415)
    assert "application/json" in problem["detail"]
    assert answer.headers["accept-post"] == "application/json"


def test_accept_post_is_for_post(api: httpx.Client) -> None:
    """Only the refusal of a POST carries `Accept-Post`."""
    answer = api.put("/kinds", content=b"x", headers={"Content-Type": "a/b"})
    refused(answer, 415)
    assert "accept-post" not in answer.headers


def test_without_a_media_type_the_first_is_assumed(api: httpx.Client) -> None:
    """A body without `Content-Type` is read as the first documented media type."""
    request = api.build_request("POST", "/json", content=b'{"a": 1}')
    assert "content-type" not in request.headers
    assert api.send(request).json() == {"body": {"a": 1}}


@pytest.mark.parametrize(
    "headers", [{}, {"Content-Type": "application/json"}, {"Content-Type": "x"}]
)
def test_an_empty_body_is_no_body(api: httpx.Client, headers: dict[str, str]) -> None:
    """No bytes are no body: fine where it is optional, refused where it is required."""
    assert api.post("/json", headers=headers).json() == {}
    answer = api.post("/needed", headers=headers)
    assert places(answer) == [("body", "")]
    assert refused(answer, 422)["detail"] == "The request needs a body; none was sent."


def test_null_is_a_body(api: httpx.Client) -> None:
    """`null` is a value, not the absence of a body."""
    assert posted(api, b"null").json() == {"body": None}
    assert places(posted(api, b"null", "/needed")) == [("body", "")]


def test_a_body_that_is_not_described_is_left_unread(api: httpx.Client) -> None:
    """An operation without a request body takes no notice of one."""
    answer = api.post("/none", content=b"\xff", headers={"Content-Type": "application/json"})
    assert answer.json() == "no body was asked for"


def form(api: httpx.Client, content: bytes) -> httpx.Response:
    """The answer to a form."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return api.put("/kinds", content=content, headers=headers)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"n=1", {"n": 1}),
        (b"n=1&s=a+b%26%C3%BC&b=true&x=1.5", {"n": 1, "s": "a b&ü", "b": True, "x": 1.5}),
        (b"n=1&s=", {"n": 1, "s": ""}),
        (b"n=1&s", {"n": 1, "s": ""}),
        (b"n=1&s=2", {"n": 1, "s": "2"}),
        (b"n=1&many=a&many=b", {"n": 1, "many": ["a", "b"]}),
        (b"n=1&many=a", {"n": 1, "many": ["a"]}),
        (b"&n=1&&", {"n": 1}),
    ],
)
def test_forms_are_read(api: httpx.Client, content: bytes, value: dict[str, Any]) -> None:
    """A form becomes an object whose values have the described types."""
    assert form(api, content).json() == ["dict", value]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"n=x", "/n"),
        (b"n=", "/n"),
        (b"n=1.5", "/n"),
        (b"n=1&b=1", "/b"),
        (b"n=1&x=1e999", "/x"),
        (b"n=1&zz=1", "/zz"),
        (b"s=1", "/n"),
        (b'{"n": 1}', '/{"n": 1}'),
        (b"n=1&s=%ff", "/s"),
        (b"n=1&%ff=1", ""),
        (b"n=1&s=\xff", ""),
    ],
)
def test_wrong_forms_are_refused(api: httpx.Client, content: bytes, place: str) -> None:
    """A form that does not fit its schema, or is not UTF-8, is refused where it is wrong."""
    assert ("body", place) in places(form(api, content), 400)


def test_a_form_with_a_huge_number_is_refused(api: httpx.Client) -> None:
    """A number of thousands of digits in a form is refused, as in a query."""
    refused(form(api, b"n=" + b"9" * 5000), 400)


def test_lists_in_forms_are_typed(api: httpx.Client) -> None:
    """The items of a list in a form have the type that is described for them."""
    assert form(api, b"n=1&counts=1&counts=2").json() == ["dict", {"n": 1, "counts": [1, 2]}]


def test_a_form_field_may_not_be_given_twice(api: httpx.Client) -> None:
    """A field that is no list is refused when it is given twice, as in a query."""
    assert places(form(api, b"n=1&n=2"), 400) == [("body", "/n")]


@pytest.mark.parametrize(("content", "text"), [("häßl".encode(), "häßl"), (b"1", "1")])
def test_text_is_read(api: httpx.Client, content: bytes, text: str) -> None:
    """A text body arrives as text, whatever it looks like."""
    answer = api.put("/kinds", content=content, headers={"Content-Type": "text/plain"})
    assert answer.json() == ["str", text]


@pytest.mark.parametrize("content", [b"\xff", "häß".encode("latin-1"), b"too long"])
def test_wrong_text_is_refused(api: httpx.Client, content: bytes) -> None:
    """A text body that is not UTF-8, or breaks its schema, is refused."""
    answer = api.put("/kinds", content=content, headers={"Content-Type": "text/plain"})
    assert places(answer, 400) == [("body", "")]


BINARY = """
paths:
  /json-with-charset:
    put:
      operationId: with_charset
      requestBody: {content: {"application/json; charset=utf-8": {schema: {type: object}}}}
      responses: {"200": {content: {application/json: {}}}}
  /anything:
    put:
      operationId: anything
      requestBody: {content: {"*/*": {schema: {type: object}}}}
      responses: {"200": {content: {application/json: {}}}}
  /bytes:
    put:
      operationId: octets
      requestBody: {content: {application/octet-stream: {schema: {type: string, format: binary}}}}
      responses: {"200": {content: {application/json: {}}}}
  /parts:
    put:
      operationId: parts
      requestBody: {content: {multipart/form-data: {schema: {type: object}}}}
      responses: {"200": {content: {application/json: {}}}}
"""
BINARY_BEHAVIOUR = """
def with_charset(sandbox, *, body=None):
    return body

def anything(sandbox, *, body=None):
    return body

def octets(sandbox, *, body=None):
    return len(body)

def parts(sandbox, *, body=None):
    return "read"
"""


@pytest.mark.parametrize(
    ("path", "media_type", "content", "value"),
    [
        ("/json-with-charset", "application/json", b'{"a": 1}', {"a": 1}),
        ("/anything", "application/json", b'{"a": 1}', {"a": 1}),
        ("/bytes", "application/octet-stream", b"\xff\x00", 2),
        (
            "/parts",
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n',
            "read",
        ),
    ],
)
def test_other_kinds_of_bodies_are_read(
    tmp_path: Path, path: str, media_type: str, content: bytes, value: Any
) -> None:
    """JSON under a range or with parameters in the description, bytes and multipart are read."""
    api = own_api(tmp_path, BINARY, BINARY_BEHAVIOUR)
    answer = api.put(path, content=content, headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()) == (200, value)
