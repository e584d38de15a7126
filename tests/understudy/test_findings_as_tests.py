"""The test of a finding, run by pytest with the real `understudy replay`."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from contracts.finding_file import file_name, pytest_file, pytest_name, written
from mock_server.app import Settings, create_app
from tests.contracts.report.outcomes import LOST, ROOT, SHOP, outcome
from understudy.serving import ServerThread


@pytest.fixture
def honest() -> Iterator[str]:
    """The URL of a shop that keeps its orders."""
    server = ServerThread(create_app(Settings(apis=[str(ROOT / SHOP)])))
    server.start()
    yield server.url
    server.stop()


class _Losing(BaseHTTPRequestHandler):
    """A shop that loses its orders."""

    def do_POST(self) -> None:
        """Take an order."""
        self._answer(201, {"id": 7, "item": "lamp", "status": "open"})

    def do_GET(self) -> None:
        """There is never any."""
        self._answer(404, {"detail": "There is no such order."})

    def _answer(self, status: int, value: object) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def losing() -> Iterator[str]:
    """The URL of a shop that loses its orders."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Losing) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def run_test(folder: Path, target: str) -> subprocess.CompletedProcess[str]:
    """Keep a finding of that target in a folder, and run its test there."""
    whole = outcome(LOST, source=str(ROOT / SHOP), target=target)
    (folder / file_name(LOST)).write_text(written(whole, LOST), encoding="ascii")
    (folder / pytest_name(LOST)).write_text(pytest_file(LOST), encoding="ascii")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
        cwd=folder,
        env=os.environ
        | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},  # it needs none, and starts sooner
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_test_of_a_finding_is_green_once_it_is_fixed(honest: str, tmp_path: Path) -> None:
    """A target that keeps the law passes."""
    run = run_test(tmp_path, honest)
    assert run.returncode == 0, run.stdout


def test_the_test_of_a_finding_is_red_until_then(losing: str, tmp_path: Path) -> None:
    """A target that breaks the law still fails, with the finding in the message."""
    run = run_test(tmp_path, losing)
    assert run.returncode == 1, run.stdout
    assert f"still broken: {LOST.name}: {LOST.problem}" in run.stdout
