"""Requests as lines for a shell: what curl sends is what was sent before."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.curl import curl
from contracts.exchange import Headers, Request

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]


@dataclass
class Received:
    """What came to the server last."""

    url: str = ""
    method: str = ""
    path: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


@pytest.fixture(scope="module")
def received() -> Iterator[Received]:
    """What a server on loopback receives."""
    last = Received()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            last.method, last.path = self.command, self.path
            last.headers = [(name.lower(), value) for name, value in self.headers.items()]
            last.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    for method in METHODS:
        setattr(Handler, f"do_{method}", Handler.answer)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        last.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield last
        server.shutdown()
        thread.join()


def sent(received: Received, request: Request, folder: Path | None = None) -> Received:
    """What comes when a shell runs the request's line."""
    quiet = 'curl() { command curl -sS --max-time 10 "$@"; }'
    subprocess.run(
        ["sh", "-s"],  # noqa: S607
        input=f"{quiet}\n{curl(request)}\n".encode(),
        check=True,
        timeout=30,
        cwd=folder,
        capture_output=True,
    )
    return received


PATHS = st.text(st.sampled_from("aZ09-._~!$&'()*+,;=:@/%[]{}"), max_size=20).map(
    lambda text: "/" + text.replace("%", "%25").lstrip("/")
)
VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
HEADERS: st.SearchStrategy[Headers] = st.lists(
    st.tuples(st.sampled_from(["X-One", "Authorization", "Content-Type"]), VALUES),
    max_size=2,
    unique_by=lambda pair: pair[0],
).map(tuple)
BODIES = st.binary(max_size=40) | st.text(max_size=20).map(
    lambda text: text.encode("utf-8", "replace")
)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(METHODS[:-1]), PATHS, PATHS, HEADERS, BODIES)
def test_curl_sends_it_again(
    received: Received, method: str, path: str, query: str, headers: Headers, body: bytes
) -> None:
    """Method, path, query, headers and body arrive as they were, whatever characters they have."""
    url = f"{received.url}{path}?{query}"
    got = sent(received, Request(method, url, headers, body))
    assert (got.method, got.path, got.body) == (method, f"{path}?{query}", body)
    for name, value in headers:
        assert (name.lower(), value) in got.headers


@pytest.mark.parametrize(
    "body",
    [
        b"@/etc/hostname",
        b"-d\n'quoted' \"$(touch made)\" `touch made` \\ %s %d \\n",
        "é漢😀 tab\t bell\x07 escape\x1b[31m nul\x00".encode(),
        b"\xff\xfe\x00\x01",
        b"100%\x00",
        b"-n\x00",
        b"x" * 200_000,
        b"\n",
    ],
)
def test_no_body_means_anything_to_the_shell(
    received: Received, body: bytes, tmp_path: Path
) -> None:
    """Files are not read, commands not run, and bytes that are no text arrive, too."""
    request = Request("POST", f"{received.url}/", (), body)
    assert sent(received, request, tmp_path).body == body
    assert not list(tmp_path.iterdir())
    assert "content-type" not in dict(received.headers)
    assert all(one.isprintable() or one == "\n" for one in curl(request))


def test_head_waits_for_no_body(received: Received) -> None:
    """HEAD is sent as curl knows it."""
    assert sent(received, Request("HEAD", f"{received.url}/")).method == "HEAD"


def test_headers_of_the_message_are_left_to_curl() -> None:
    """What follows from how a message is sent would be wrong once it is sent otherwise."""
    headers = (
        ("Host", "localhost:1"),
        ("Content-Length", "7"),
        ("Accept-Encoding", "gzip"),
        ("User-Agent", "a"),
        ("Understudy-Run", "5eed1234"),
        ("@file", "no header"),
    )
    assert curl(Request("GET", "http://localhost:1/", headers)) == "curl http://localhost:1/"


def test_another_host_is_named(received: Received) -> None:
    """A host that is not the URL's is a header like others; one without value is sent, too."""
    request = Request("GET", f"{received.url}/", (("Host", "api.example"), ("X-Empty", "")))
    got = dict(sent(received, request).headers)
    assert got["host"] == "api.example"
    assert got["x-empty"] == ""
