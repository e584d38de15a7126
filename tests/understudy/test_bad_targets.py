"""Whatever is wrong with a target, `check` says what and how to mend it, and ends in its time."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.liar import Receive, Scope, Send
from mock_server.api import Serving
from mock_server.app import Settings, create_app
from tests.contracts.targets.talking import Serve, certificate, talking
from tests.understudy.bad_targets import PAGE, TALKS, always, whole
from understudy.command_line import main
from understudy.serving import ServerThread

SHOP = str(Path(__file__).parents[1] / "examples/shop.yaml")
OK = always(whole("200 OK", PAGE))
SECONDS = 6
PATIENCE = 60
"""Seconds within which a run of 6 has to be over even on a machine that is busy."""

NOTHING_TESTED = {
    "404": "does it need that one's path",
    "401": "but 401. Give it credentials: with -H",
    "403": "but 403. These credentials may do nothing there",
    "429": "but 429. It takes no more requests: wait, or keep to its limit with --rate-limit.",
    "429 for a second": "but 429. It takes no more requests",
    "429 for an hour": "but 429. It takes no more requests",
    "late": "gave an answer. Is it up?",
    "silent": "gave an answer. Is it up?",
    "deaf": "gave an answer. Is it up?",
    "stalls in its body": "gave an answer. Is it up?",
    "drips": "gave an answer. Is it up?",
    "endless": "The body does not end: it is longer than 16777216 bytes.",
    "endless chunks": "The body does not end: it is longer than 16777216 bytes.",
    "200 MB": "The body does not end: it is longer than 16777216 bytes.",
    "too short": "What came is no whole HTTP answer: peer closed connection",
    "no gzip": "The body is not the gzip that Content-Encoding says.",
    "HTTP/0.9": "What came is no whole HTTP answer",
    "hangs up": "The connection was closed without an answer. Is it https:// and not http://?",
    "hangs up in its body": "What came is no whole HTTP answer: peer closed connection",
    "redirects": "but 302. It leads to /orders: is that where --url should lead?",
    "502": "but 502. What stands before it is up, and it is not: start it",
    "503": "but 503. It is not in service: start it",
    "a long header": "What came is no whole HTTP answer",
}
"""What is said where nothing could be tested: exit code 2."""
BROKEN = {
    "too long": "No usable answer comes.",
    "latin-1": "is JSON that is not in UTF-8",
    "utf-16": "is JSON that is not in UTF-8",
    "unknown charset": "BROKEN",
    "no JSON": "is no JSON",
    "1,000 headers": "BROKEN",
    "429 now and then": "BROKEN",  # but for its refusals it is no honest shop either
}
"""What is said where an answer is wrong: exit code 1."""
FAST = {"401", "429 for a second", "silent", "endless"}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings are kept in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server that talks so, and gives its URL."""
    with talking() as start:
        yield start


def assert_told(err: str, url: str, told: str) -> None:
    """The last line on standard error says it of that target, in the place of a traceback."""
    assert "Traceback" not in err
    line = err.strip().splitlines()[-1]
    assert line.startswith("understudy: ")
    assert re.search(rf"{re.escape(url)}\b", line)
    assert told in line


@pytest.mark.parametrize("name", sorted(FAST))
def test_nothing_can_be_tested(serve: Serve, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and one line that names the target and the mend."""
    url = serve(TALKS[name])
    assert main(["check", SHOP, "--url", url, "--max-time", "2s"]) == 2
    assert_told(capsys.readouterr().err, url, NOTHING_TESTED[name])


def run(url: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it, which has to end in its time."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "understudy", "check", SHOP, "--url", url]
    ended = subprocess.run(  # noqa: S603 - it is our own command
        [*command, "--max-time", str(SECONDS), *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=os.environ | environment,
    )
    assert time.monotonic() - begun < PATIENCE
    return ended


@pytest.mark.nightly
@pytest.mark.parametrize("name", NOTHING_TESTED)
def test_every_target_that_cannot_be_tested(serve: Serve, name: str) -> None:
    """As above, with all of them, in a process of their own."""
    url = serve(TALKS[name])
    ended = run(url)
    assert ended.returncode == 2
    assert_told(ended.stderr, url, NOTHING_TESTED[name])


@pytest.mark.nightly
@pytest.mark.parametrize("name", BROKEN)
def test_every_target_that_answers_wrongly(serve: Serve, name: str) -> None:
    """Exit code 1, and a finding."""
    ended = run(serve(TALKS[name]))
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert BROKEN[name] in ended.stdout
    assert ended.stdout.splitlines()[-1].startswith("broken: ")


@pytest.mark.parametrize(
    ("who", "trusted", "told"),
    [
        ("localhost", False, "is not trusted (self-signed certificate): name the file"),
        ("expired", True, "has expired: renew it."),
        ("elsewhere", True, "is for another host: write the one that it is for in --url."),
    ],
)
def test_a_certificate_that_does_not_do(
    serve: Serve,
    who: str,
    trusted: bool,
    told: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One line says what is wrong with it."""
    url = serve(OK, tls=True, who=who)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate(who)))
    assert main(["check", SHOP, "--url", url]) == 2
    assert_told(capsys.readouterr().err, url, told)


def test_schemathesis_trusts_whom_the_walks_trust(
    serve: Serve, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An authority that SSL_CERT_FILE names counts in its phases as well."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate()))
    url = serve(OK, tls=True)
    assert main(["check", SHOP, "--url", url, "--max-time", "8s", "--no-stateful"]) == 1
    assert "certificate" not in capsys.readouterr().out


@pytest.mark.parametrize("tls", [False, True], ids=["https on http", "http on https"])
def test_the_other_scheme(
    serve: Serve,
    tls: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Plain HTTP on a port of TLS, and the reverse, are told as such."""
    url = serve(OK, tls=tls)
    url = url.replace("https:", "http:") if tls else url.replace("http:", "https:")
    assert main(["check", SHOP, "--url", url, "--max-time", "2s"]) == 2
    told = "Is it https:// and not http://?" if tls else "is it http:// and not https://?"
    assert_told(capsys.readouterr().err, url, told)


def test_a_limit_on_the_rate_breaks_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """A server that turns every third request away for a moment is waited for, and kept."""
    honest = create_app(Settings(apis=[SHOP], control=False, serving=Serving(strict_state=True)))
    count = 0

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal count
        count += 1
        if count % 3:
            await honest(scope, receive, send)
            return
        headers = [(b"retry-after", b"0")]
        await send({"type": "http.response.start", "status": 429, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    server = ServerThread(limited)
    server.start()
    try:
        assert main(["check", SHOP, "--url", server.url, "--max-time", "6s"]) == 0
    finally:
        server.stop()
    assert capsys.readouterr().out.splitlines()[-1].startswith("kept: ")
    assert count > 20
