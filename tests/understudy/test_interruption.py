"""Ctrl-C and SIGTERM: the run cleans up, reports, and says that it was interrupted."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mock_server.api import Serving
from mock_server.app import Settings, create_app
from tests.contracts.targets.talking import talking
from tests.understudy.bad_targets import asked, stalls, whole
from understudy.command_line import main
from understudy.serving import ServerThread

SHOP = str(Path(__file__).parents[1] / "examples/shop.yaml")
PATIENCE = 60
"""Seconds for what takes two or three on a machine that is not busy."""


@pytest.fixture
def shop() -> Iterator[str]:
    """The URL of a shop that is no mock to those who test it."""
    settings = Settings(apis=[SHOP], control=False, serving=Serving(strict_state=True))
    server = ServerThread(create_app(settings))
    server.start()
    yield server.url
    server.stop()


def started(url: str, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command, in a group of its own: a terminal's Ctrl-C goes to all of its group."""
    command = [sys.executable, "-m", "understudy", "check", SHOP, "--url", url]
    reports = ["--report", "json=report.json", "--report", "html=report.html"]
    return subprocess.Popen(  # noqa: S603 - it is our own command
        [*command, "--max-time", "20", *reports, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        start_new_session=True,
    )


def wait_for(process: subprocess.Popen[str], text: str) -> None:
    """Read the progress until it tells that."""
    assert process.stderr is not None
    for line in process.stderr:
        if text in line:
            return
    raise AssertionError(f"It never told of {text}.")


@pytest.mark.parametrize(
    ("stage", "sent", "arguments"),
    [
        ("round 1", signal.SIGINT, []),
        ("Schemathesis", signal.SIGTERM, ["--no-stateful"]),
        ("removing", signal.SIGINT, ["--max-time", "2"]),
    ],
)
def test_an_interrupted_run_reports(
    shop: str, tmp_path: Path, stage: str, sent: signal.Signals, arguments: list[str]
) -> None:
    """Exit code 130, all reports, and nothing of what was created is left."""
    with started(shop, tmp_path, *arguments) as process:
        wait_for(process, stage)
        os.killpg(process.pid, sent)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "Interrupted: removing what was created" in err
    assert "Traceback" not in err
    assert "Interrupted: what is above is what was found until then." in out
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["interrupted"]
    assert "The run was interrupted." in (tmp_path / "report.html").read_text()
    assert report["remaining"] == []
    assert httpx.get(f"{shop}/orders").json()["total"] == 0


def test_what_cannot_be_removed_is_in_the_report(shop: str, tmp_path: Path) -> None:
    """With --keep, an interrupted run names what it created."""
    with started(shop, tmp_path, "--keep") as process:
        wait_for(process, "Schemathesis")
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    remaining = json.loads((tmp_path / "report.json").read_text())["remaining"]
    there = httpx.get(f"{shop}/orders", params={"limit": 1000}).json()["data"]
    assert remaining
    assert sorted(remaining) == sorted(f"orders/{one['id']}" for one in there)


def test_what_schemathesis_creates_is_removed(
    shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run of its phases alone, that nobody interrupts, leaves nothing behind either."""
    monkeypatch.chdir(tmp_path)
    arguments = ["check", SHOP, "--url", shop, "--no-stateful", "--report", "json=report.json"]
    assert main([*arguments, "--max-time", "5"]) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert 201 in report["coverage"]["createOrder"]["statuses"]
    assert report["remaining"] == []
    assert httpx.get(f"{shop}/orders").json()["total"] == 0


def test_a_second_one_leaves_at_once(tmp_path: Path) -> None:
    """Nobody has to wait for a target that has become silent; nothing is written then."""

    def answers_once(connection: socket.socket, number: int) -> None:
        asked(connection)
        if number == 0:
            connection.sendall(whole("404 Not Found"))
        stalls(connection)

    with talking() as serve, started(serve(answers_once), tmp_path) as process:
        wait_for(process, "finding out how to create")
        os.killpg(process.pid, signal.SIGINT)
        wait_for(process, "Interrupted")
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert not (tmp_path / "report.json").exists()
