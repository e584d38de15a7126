"""Any request at all: whatever bytes arrive are answered, and never with a server error."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.gateway.gateway import Asgi
from tests.mock_server.gateway.own import ECHO, own_app

DESCRIPTION = """
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
    cookie: {type: apiKey, in: cookie, name: s}
    query: {type: apiKey, in: query, name: key}
  schemas:
    Tree:
      type: object
      properties:
        a: {type: integer, default: 1}
        t: {$ref: '#/components/schemas/Tree'}
        f: {type: string, format: date-time}
        l: {type: array, items: {type: number}}
paths:
  /a/{p}:
    parameters:
      - {name: p, in: path, required: true, schema: {type: [integer, string]}}
      - {name: q, in: query, schema: {type: array, items: {type: number}}}
      - {name: o, in: query, schema: {type: object, properties: {x: {type: integer}}}}
      - {name: d, in: query, style: deepObject, schema: {$ref: '#/components/schemas/Tree'}}
      - {name: j, in: query, content: {application/json: {schema: {}}}}
      - {name: c, in: cookie, schema: {type: array, items: {type: integer}}}
      - {name: H, in: header, schema: {type: object, properties: {x: {type: integer}}}}
    put:
      operationId: echo
      requestBody:
        content:
          application/json: {schema: &tree {$ref: '#/components/schemas/Tree'}}
          text/plain: {}
          application/x-www-form-urlencoded: {schema: *tree}
          multipart/form-data: {schema: *tree}
          application/xml: {schema: *tree}
          "*/*": {schema: {}}
      responses: {"200": {content: {application/json: {}}}}
    post:
      operationId: secured
      security: [{basic: []}, {cookie: []}, {query: []}]
      responses: {"200": {content: {application/json: {}}}}
  /f{x}.{y}:
    get:
      operationId: mixed
      parameters:
        - {name: x, in: path, required: true, schema: {}}
        - {name: y, in: path, required: true, style: label, schema: {type: array}}
      responses: {"200": {content: {application/json: {}}}}
"""
BEHAVIOUR = "\n".join(ECHO.replace("echo", name) for name in ("echo", "secured", "mixed"))

PIECES = """
    a=1 & = % %ff %20 %zz [ ] { } " , ; : \\u \\ud800 1e999 NaN null true q= d[a]= d[l]= o= x=1 j=
    - . / < > --x --x-- Content-Disposition:form-data;name="a" "a": {"a":1} <T> </T> <?xml?>
    <!DOCTYPE?a[<!ENTITY?b?'c'>]> &b; basic Bearer s= understudy-sandbox= q=0 */* code=200
"""
LINES = st.lists(
    st.sampled_from([piece.encode() for piece in PIECES.split()] + [b"9" * 5000])
    | st.binary(max_size=3).filter(lambda raw: not set(raw) & set(b"\r\n\0 ?#")),
    max_size=6,
).map(b"".join)
FIELDS = st.sampled_from(
    b"accept content-type cookie authorization h host origin prefer baggage understudy-sandbox "
    b"access-control-request-method access-control-request-headers".split()
)
MEDIA_TYPES = st.sampled_from(
    [
        b"application/json",
        b"text/plain",
        b"application/x-www-form-urlencoded",
        b"multipart/form-data; boundary=x",
        b"multipart/form-data",
        b"application/xml",
        b"image/png",
    ]
)
BODIES = st.lists(LINES, max_size=3).map(b"\r\n\r\n".join)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Asgi:
    """The server of an API with every kind of parameter and body."""
    return own_app(tmp_path_factory.mktemp("any"), DESCRIPTION, BEHAVIOUR)


def status_of(app: Asgi, scope: dict[str, Any], body: bytes) -> int:
    """The status of the answer to a request, as the server would hand it over."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    async def exchange() -> None:
        await app(scope, receive, send)

    asyncio.run(exchange())
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    for name, value in sent[0]["headers"]:
        assert not set(name + value) & set(b"\r\n\0")
    status: int = sent[0]["status"]
    return status


@given(
    method=st.sampled_from(["GET", "PUT", "POST", "HEAD", "OPTIONS", "PATCH", "DELETE"]),
    start=st.sampled_from([b"/a/", b"/a/1", b"/f", b"/f1.", b"/", b"/~", b"/_understudy/"]),
    rest=LINES,
    query=LINES,
    headers=st.lists(st.tuples(FIELDS, LINES), max_size=4),
    media_type=MEDIA_TYPES | LINES,
    body=BODIES,
)
@settings(max_examples=200, deadline=None)
def test_no_request_makes_the_gateway_fail(
    app: Asgi,
    method: str,
    start: bytes,
    rest: bytes,
    query: bytes,
    headers: list[tuple[bytes, bytes]],
    media_type: bytes,
    body: bytes,
) -> None:
    """Whatever stands in path, query, headers and body, the answer is no server error."""
    path = start + rest
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path.decode(errors="replace"),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"mock.test"), *headers, (b"content-type", media_type)],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }
    assert status_of(app, scope, body) < 500
