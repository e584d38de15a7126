"""Descriptions, and parts of them, that are fetched over HTTP."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from openapi import remote
from openapi.description import read
from openapi.loading import UnusableDescription

MAIN = """\
openapi: 3.1.0
info: {title: Fetched, version: "1"}
paths:
  /a:
    get:
      operationId: readA
      responses: {"200": {content: {application/json: {schema: {$ref: REFERENCE}}}}}
"""


class _Files(BaseHTTPRequestHandler):
    files: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        """Answer a file, 404, or a redirect."""
        if self.path == "/moved.yaml":
            self.send_response(302)
            self.send_header("Location", "/v1/api.yaml")
            self.end_headers()
            return
        text = self.files.get(self.path)
        self.send_response(404 if text is None else 200)
        self.end_headers()
        self.wfile.write((text or "").encode())

    def log_message(self, *_: object) -> None:
        """Be quiet."""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """An HTTP server on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    _Files.files = {
        "/v1/api.yaml": MAIN.replace("REFERENCE", "parts/a.json"),
        "/v1/parts/a.json": '{"type": "object", "required": ["a"]}',
        "/v1/out.yaml": MAIN.replace("REFERENCE", "../other/a.json"),
        "/v1/file.yaml": MAIN.replace("REFERENCE", "file:///etc/hostname"),
        "/other/a.json": '{"type": "string"}',
        "/broken.yaml": "a: [",
        "/page": "<html></html>",
        "/large": "x" * 2000,
    }
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("path", ["/v1/api.yaml", "/moved.yaml"])
def test_a_description_may_be_at_a_url(origin: str, path: str) -> None:
    """A description is fetched with the parts beside it, and is called after its last segment."""
    if path == "/moved.yaml":
        _Files.files["/parts/a.json"] = _Files.files["/v1/parts/a.json"]
    found = read(origin + path)
    assert found.name == path.rpartition("/")[2].removesuffix(".yaml")
    response = found.by_id["readA"].response(200)
    assert response is not None
    assert "$ref" in str(response.content["application/json"].schema)


def test_references_to_other_hosts_need_leave(origin: str, tmp_path: Path) -> None:
    """A file may refer to a URL only where that is allowed."""
    path = tmp_path / "own.yaml"
    path.write_text(MAIN.replace("REFERENCE", f"{origin}/other/a.json"))
    with pytest.raises(UnusableDescription, match="--allow-remote-refs") as caught:
        read(path)
    assert caught.value.pointer.endswith("/schema/$ref")
    response = read(path, remote=True).by_id["readA"].response(200)
    assert response is not None
    assert "'type': 'string'" in str(response.content["application/json"].schema)


def test_a_fetched_description_leaves_its_folder_only_with_leave(origin: str) -> None:
    """What is not beside a fetched description is remote, and a local file is out of reach."""
    with pytest.raises(UnusableDescription, match="is remote"):
        read(f"{origin}/v1/out.yaml")
    assert read(f"{origin}/v1/out.yaml", remote=True).operations
    with pytest.raises(UnusableDescription, match="cannot be fetched"):
        read(f"{origin}/v1/file.yaml", remote=True)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/nowhere.yaml", "It answers 404"),
        ("/broken.yaml", "It is not YAML"),
        ("/page", "The document is no object"),
    ],
)
def test_a_url_without_a_description_is_refused(origin: str, path: str, problem: str) -> None:
    """What a URL answers is refused with the URL and the reason."""
    with pytest.raises(UnusableDescription, match=problem) as caught:
        read(origin + path)
    assert caught.value.file == origin + path


def test_nobody_there_is_refused() -> None:
    """A URL that nobody answers is refused."""
    with pytest.raises(UnusableDescription, match="cannot be fetched"):
        read("http://127.0.0.1:1/api.yaml")


def test_too_much_is_refused(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer over the limit is not read to its end."""
    monkeypatch.setattr(remote, "_MOST_BYTES", 1000)
    with pytest.raises(UnusableDescription, match="more than 1000 bytes"):
        read(f"{origin}/large")


def test_too_slow_is_refused(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that takes too long in all is given up."""
    times = iter([0.0, 31.0])
    monkeypatch.setattr(remote, "monotonic", lambda: next(times))
    with pytest.raises(UnusableDescription, match="longer than 30 seconds"):
        read(f"{origin}/large")
