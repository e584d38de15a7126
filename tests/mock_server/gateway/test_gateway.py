"""The gateway over HTTP: methods, limits, cross-origin pages, and what a refusal leaves behind."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server.gateway.content_coding import MOST_BYTES
from mock_server.gateway.gateway import Options
from tests.mock_server.gateway.own import journal, own_api, own_app, places, refused
from understudy.pytest_plugin import Understudy
from understudy.serving import ServerThread

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Never used on loopback, and made once: loading certificates takes longer than most tests."""
DESCRIPTION = """
paths:
  /things:
    get: {operationId: list_things, responses: {"200": {content: {application/json: {}}}}}
    post:
      operationId: add
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [name], properties: {name: {type: string}}}
      responses:
        "201": {headers: {Location: {schema: {type: string}}}, content: {application/json: {}}}
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    delete: {operationId: remove, responses: {"204": {}}}
  /asked:
    options: {operationId: asked, responses: {"200": {content: {application/json: {}}}}}
    head: {operationId: looked, responses: {"204": {}}}
    trace: {operationId: traced, responses: {"200": {content: {application/json: {}}}}}
"""
BEHAVIOUR = """
from mock_server.answer import Answer
from mock_server.refusals import Conflict

def list_things(sandbox):
    return sandbox.table("things").find()

def add(sandbox, *, body):
    id = sandbox.uuid()
    sandbox.table("things").put(id, body)
    sandbox.outbox.webhook(url="http://x.test", body=body)
    if body["name"] == "twin":
        raise Conflict("There is one already.")
    if body["name"] == "crash":
        raise RuntimeError("crashed")
    return Answer(body, headers={"Location": f"/things/{id}"})

def remove(sandbox, *, id):
    sandbox.table("things").delete(id)

def asked(sandbox):
    return "options"

def looked(sandbox):
    return None

def traced(sandbox):
    return "trace"
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real server of the API."""
    thread = ServerThread(own_app(tmp_path_factory.mktemp("server"), DESCRIPTION, BEHAVIOUR))
    thread.start()
    yield thread.url
    thread.stop()


@pytest.fixture
def real(server: str, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """A client of a fresh sandbox of the real server."""
    name = f"test-{abs(hash(request.node.name))}"
    with httpx.Client(base_url=f"{server}/~{name}", verify=NO_TLS) as client:
        yield client


@pytest.fixture
def api(tmp_path: Path) -> httpx.Client:
    """A client of the API within the process."""
    return own_api(tmp_path, DESCRIPTION, BEHAVIOUR)


def remembered(api: httpx.Client) -> tuple[Any, Any]:
    """Everything that a request could have changed, but the journal."""
    state = api.get("/_understudy/state").json()
    return state["tables"], api.get("/_understudy/outbox").json()


def test_head_answers_like_get_without_a_body(real: httpx.Client) -> None:
    """HEAD has the status and headers of GET, and no body."""
    real.post("/things", json={"name": "a"})
    get, head = real.get("/things"), real.head("/things")
    assert get.json() == [{"name": "a"}]
    assert (head.status_code, head.content) == (200, b"")

    def lasting(answer: httpx.Response) -> dict[str, str]:
        return {name: value for name, value in answer.headers.items() if name != "date"}

    assert lasting(head) == lasting(get)
    assert real.head("/nowhere").status_code == 404


def test_a_described_head_is_run_itself(real: httpx.Client) -> None:
    """HEAD runs its own operation where one is described."""
    assert real.head("/asked").status_code == 204


def test_described_options_and_trace_are_run(api: httpx.Client) -> None:
    """OPTIONS and TRACE run their operations where they are described."""
    assert api.options("/asked").json() == "options"
    assert api.request("TRACE", "/asked").json() == "trace"


def test_options_tell_the_methods(api: httpx.Client) -> None:
    """OPTIONS on a path without one of its own answers 204 with the methods there are."""
    answer = api.options("/things")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, POST"
    refused(api.options("/nowhere"), 404)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/things", "GET, HEAD, POST"),
        ("PATCH", "/things", "GET, HEAD, POST"),
        ("TRACE", "/things", "GET, HEAD, POST"),
        ("BREW", "/things", "GET, HEAD, POST"),
        ("GET", "/things/1", "DELETE"),
        ("GET", "/asked", "HEAD, OPTIONS, TRACE"),
    ],
)
def test_other_methods_are_refused_with_those_there_are(
    api: httpx.Client, method: str, path: str, allow: str
) -> None:
    """A method that a path does not have is 405, and `Allow` lists those that it has."""
    answer = api.request(method, path)
    assert answer.headers["allow"] == allow
    assert f"{method} is not among the methods of {path}" in refused(answer, 405)["detail"]


def test_head_is_refused_where_get_would_be(api: httpx.Client) -> None:
    """HEAD on a path without GET is 405, without a body."""
    answer = api.head("/things/1")
    assert (answer.status_code, answer.headers["allow"], answer.content) == (405, "DELETE", b"")


def test_without_cors_options_are_a_method_like_others(tmp_path: Path) -> None:
    """Without CORS, OPTIONS is refused where it is not described, and no header is added."""
    api = own_api(tmp_path, DESCRIPTION, BEHAVIOUR, options=Options(cors=False))
    origin = {"Origin": "http://page.test", "Access-Control-Request-Method": "POST"}
    answer = api.options("/things", headers=origin)
    refused(answer, 405)
    found = api.get("/things", headers=origin)
    assert not [name for name in [*answer.headers, *found.headers] if "access-control" in name]


@pytest.mark.parametrize(
    ("path", "method"), [("/things", "POST"), ("/things/1", "DELETE"), ("/nowhere", "PUT")]
)
def test_preflight_lets_any_page_in(real: httpx.Client, path: str, method: str) -> None:
    """A preflight request is answered for every origin, method and header, with credentials."""
    answer = real.options(
        path,
        headers={
            "Origin": "http://localhost:3000",
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,x-mine",
        },
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["access-control-allow-methods"] == method
    assert answer.headers["access-control-allow-headers"] == "authorization,x-mine"
    assert "Origin" in answer.headers["vary"]
    assert "access-control-allow-private-network" not in answer.headers
    assert remembered(real)[0] == {}


def test_preflight_into_a_private_network_is_allowed(api: httpx.Client) -> None:
    """A page on the internet may reach the mock on loopback, where its browser asks."""
    answer = api.options(
        "/things",
        headers={
            "Origin": "https://page.test",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Private-Network": "true",
        },
    )
    assert answer.headers["access-control-allow-private-network"] == "true"


def test_options_without_origin_are_no_preflight(api: httpx.Client) -> None:
    """Without origin or requested method, OPTIONS is an ordinary request."""
    for headers in ({"Origin": "http://page.test"}, {"Access-Control-Request-Method": "GET"}):
        assert api.options("/asked", headers=headers).json() == "options"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/things", 201),
        ("GET", "/things", 200),
        ("GET", "/nowhere", 404),
        ("PUT", "/things", 405),
        ("DELETE", "/things/1", 204),
        ("GET", "/_understudy/health", 200),
    ],
)
def test_a_page_may_read_every_answer(
    api: httpx.Client, method: str, path: str, status: int
) -> None:
    """An answer to a page names its origin, allows credentials, and exposes each header."""
    answer = api.request(
        method, path, json={"name": "a"}, headers={"Origin": "http://localhost:3000"}
    )
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["vary"] == "Origin"
    exposed = set(answer.headers["access-control-expose-headers"].split(", "))
    own = {name for name in answer.headers if not name.startswith("access-control")}
    assert own - {"vary", "content-length"} == exposed - {""}


def test_without_an_origin_no_cors_header_is_sent(api: httpx.Client) -> None:
    """A client that is no page gets no headers for pages."""
    assert not [name for name in api.get("/things").headers if "access-control" in name]


def test_the_largest_body_is_read(real: httpx.Client) -> None:
    """A body of exactly the limit is read, and one byte more is refused with 413."""
    fitting = b'{"name": "' + b"a" * (MOST_BYTES - 12) + b'"}'
    assert len(fitting) == MOST_BYTES
    headers = {"Content-Type": "application/json"}
    assert real.post("/things", content=fitting, headers=headers).status_code == 201
    before = remembered(real)
    problem = refused(real.post("/things", content=fitting + b" ", headers=headers), 413)
    assert str(MOST_BYTES) in problem["detail"]
    assert remembered(real) == before


def test_a_body_without_a_length_is_limited(real: httpx.Client) -> None:
    """A body that is sent in chunks is limited too, and the connection can be used on."""
    chunks = (b"a" * 100_000 for _ in range(MOST_BYTES // 100_000 + 1))
    refused(real.post("/things", content=chunks), 413)
    assert real.get("/things").json() == []


@pytest.mark.parametrize(
    ("request_kind", "status"),
    [
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 422),
        ({"content": b"\xff", "headers": {"Content-Type": "application/json"}}, 422),
        ({"json": {"name": 1}}, 422),
        ({"json": {}}, 422),
        ({"json": []}, 422),
        ({}, 422),
        ({"content": b"name=a", "headers": {"Content-Type": "text/csv"}}, 415),
        ({"json": {"name": "a"}, "headers": {"Accept": "image/png"}}, 406),
        ({"json": {"name": "twin"}}, 409),
        ({"json": {"name": "crash"}}, 500),
        ({"json": {"name": "a"}, "headers": {"Understudy-Sandbox": "no such name!"}}, 400),
    ],
)
def test_a_refused_request_changes_nothing(
    api: httpx.Client,
    request_kind: dict[str, Any],
    status: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever refuses a request, tables and outbox stay as they were, and it is recorded."""
    caplog.set_level("CRITICAL", "understudy")
    api.post("/things", json={"name": "first"})
    before = remembered(api)
    refused(api.post("/things", **request_kind), status)
    assert remembered(api) == before
    assert journal(api)[-1]["response"]["status"] == status


def test_a_refusal_in_one_sandbox_leaves_others_alone(api: httpx.Client) -> None:
    """A crash in one sandbox does not touch another, nor the next request in the same."""
    for sandbox in ("/~one", "/~two"):
        api.post(f"{sandbox}/things", json={"name": "first"})
        api.post(f"{sandbox}/things", json={"name": "crash"})
        api.post(f"{sandbox}/things", json={"name": "last"})
        assert [thing["name"] for thing in api.get(f"{sandbox}/things").json()] == ["first", "last"]


def raw(server: str, request: bytes) -> bytes:
    """What the server sends back for these bytes before it closes the connection."""
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET /things HTTP/1.1", b"200"),
        (b"GET /things?%ff HTTP/1.1", b"200"),
        (b"GET /%ff%fe HTTP/1.1", b"404"),
        (b"GET //things HTTP/1.1", b"404"),
        (b"GET /things/../things HTTP/1.1", b"404"),
        (b"GET /%2e%2e/etc HTTP/1.1", b"404"),
        (b"GET /~/things HTTP/1.1", b"200"),
        (b"GET /~%20/things HTTP/1.1", b"400"),
        (b"GET /things HTTP/1.0", b"200"),
    ],
)
def test_odd_request_lines_are_answered(server: str, request_line: bytes, status: bytes) -> None:
    """Request lines that no polite client sends get an answer, not a dropped connection."""
    answer = raw(server, request_line + b"\r\nHost: mock.test\r\nConnection: close\r\n\r\n")
    assert answer.split(b" ")[1] == status


@pytest.mark.parametrize(
    "field",
    [
        b"X-Odd: \xff\xfe",
        b"Cookie: \xff=\x80; a",
        b"Accept: \xff",
        b"Authorization: \xff",
        b"baggage: ,,=;=,understudy-sandbox",
        b"Origin: \xe9",
        b"Host:",
    ],
)
def test_odd_header_fields_are_answered(server: str, field: bytes) -> None:
    """Header fields in no known encoding get an answer, not a server error."""
    fields = field if field.startswith(b"Host") else b"Host: mock.test\r\n" + field
    answer = raw(server, b"GET /things HTTP/1.1\r\n" + fields + b"\r\nConnection: close\r\n\r\n")
    assert answer.split(b" ")[1] in {b"200", b"406"}


def test_no_content_has_no_length(real: httpx.Client) -> None:
    """An answer of 204 says nothing about the length of a body that cannot be there."""
    answer = real.delete("/things/1")
    assert answer.status_code == 204
    assert "content-length" not in answer.headers


def test_answers_of_the_server_are_whole(real: httpx.Client) -> None:
    """Every answer carries its length, also where the text is longer in bytes."""
    answer = real.post("/things", json={"name": "größe"})
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.json() == {"name": "größe"}


def test_each_exchange_is_recorded(api: httpx.Client) -> None:
    """Each exchange is recorded once, with the operation and who answered it."""
    api.post("/things", json={"name": "a"})
    api.get("/nowhere")
    entries = journal(api)
    assert [(e["operation"], e["answered_by"]) for e in entries] == [
        ("add", "written"),
        (None, "refused"),
    ]
    assert entries[0]["request"]["url"] == "http://mock.test/things"


@pytest.mark.parametrize("api_name", ["didomi", "namirial", "nullplatform"])
def test_built_in_apis_refuse_in_their_own_shape(understudy: Understudy, api_name: str) -> None:
    """Refusals of requests that reach no operation have the shape of the API as well."""
    with httpx.Client(base_url=understudy.url(api_name), verify=NO_TLS) as client:
        nowhere = client.get("/nowhere/at/all")
        assert nowhere.status_code == 404
        shapes = {
            "didomi": {"code", "name", "message", "errors"},
            "namirial": {"type", "title", "status", "detail"},
            "nullplatform": {"statusCode", "error", "message"},
        }
        assert shapes[api_name] <= set(nowhere.json())
        assert client.get("/nowhere", headers={"Accept": "text/html"}).status_code == 404


def test_a_broken_schema_harms_no_operation(tmp_path: Path) -> None:
    """What is no schema is left out, with a note at the start; nothing else is."""
    api = own_api(
        tmp_path,
        """
        paths:
          /bad:
            get:
              parameters: [{name: a, in: query, schema: {type: integer, minimum: many}}]
              responses: {"200": {content: {application/json: {example: 1}}}}
          /good:
            get:
              parameters: [{name: a, in: query, schema: {type: integer}}]
              responses: {"200": {content: {application/json: {example: 1}}}}
        """,
    )
    assert api.get("/bad?a=5").json() == 1
    assert places(api.get("/bad?a=x")) == [("query", "/a")]
    assert api.get("/good").json() == 1
    assert places(api.get("/good?a=x")) == [("query", "/a")]
