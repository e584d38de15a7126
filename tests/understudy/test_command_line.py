"""`understudy serve` as a shell and its user see it."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest

from openapi.loading import built_in_names
from tests.mock_server.control.clients import client, create, sign_in
from understudy.command_line import main

LISTENING = re.compile(r"Understudy is listening on (http://127\.0\.0\.1:[1-9]\d*)\n")
ORIGIN = {"Origin": "http://localhost:3000"}
PREFLIGHT = ORIGIN | {"Access-Control-Request-Method": "POST"}

LETTERS = """\
openapi: 3.1.0
info: {title: Letters, version: "1"}
paths:
  /letters/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
    get:
      operationId: readLetter
      responses:
        "200":
          description: It is there.
          content: {application/json: {schema: {type: object, required: [text]}}}
"""

POST_OFFICE = """\
from mock_server.refusals import NotFound

def scene(sandbox):
    sandbox.table("letters").put("1", {"text": "Dear all"})

def readLetter(sandbox, *, id):
    letter = sandbox.table("letters").get(str(id))
    if letter is None:
        raise NotFound(f"There is no letter {id}.")
    return letter
"""


@dataclass
class Running:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    line: str
    client: httpx.Client

    def end(self, number: signal.Signals) -> tuple[int, str, str, float]:
        """Send the signal: exit code, the rest of both outputs, and how many seconds it took."""
        started = time.monotonic()
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=20)
        return self.process.returncode, output, errors, time.monotonic() - started


@contextmanager
def serving(*arguments: str, cwd: Path | None = None) -> Iterator[Running]:
    """A server that was started with those arguments on any free port, and that answers."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "understudy", "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = LISTENING.fullmatch(line)
            assert found is not None, (line, process.communicate(timeout=20))
            with client(found[1]) as connected:
                yield Running(process, line, connected)
        finally:
            process.kill()


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line on standard error with which the command ends, exit code 2."""
    try:
        code: object = main(arguments)
    except SystemExit as ended:
        code = ended.code
    output, errors = capsys.readouterr()
    assert code == 2
    assert output == ""
    assert errors.startswith("understudy: ")
    assert errors.count("\n") == 1
    assert errors.endswith("\n")
    return errors.removeprefix("understudy: ").rstrip("\n")


# It runs


def test_it_serves_the_built_in_apis_until_interrupted() -> None:
    """It says where when it answers; Ctrl-C ends it at once with 130, and says nothing more."""
    with serving() as running:
        entries = running.client.get("/_understudy/apis").json()["entries"]
        assert [entry["name"] for entry in entries] == built_in_names()
        assert running.client.get("/didomi/dsar/verified").status_code == 200
        # The client's connection is still open: it must not hold the server up.
        code, output, errors, seconds = running.end(signal.SIGINT)
        assert (code, output, errors) == (130, "", "")
        assert seconds < 5


def test_a_client_that_never_ends_its_request_does_not_hold_it_up() -> None:
    """Ctrl-C waits for what is on its way, but not for long."""
    with serving("didomi") as running:
        url = running.client.base_url
        assert url.port is not None
        with socket.create_connection((url.host, url.port)) as half:
            half.sendall(b"POST /sessions HTTP/1.1\r\nHost: mock\r\nContent-Length: 9\r\n\r\n{")
            # An answer on another connection: by then the server has read the first one.
            assert running.client.get("/dsar/verified").status_code == 200
            code, output, errors, seconds = running.end(signal.SIGINT)
        assert (code, output, errors) == (130, "", "")
        assert seconds < 8


def test_one_description_is_served_at_the_root(tmp_path: Path) -> None:
    """With the functions of a file, and without controls where none are wanted."""
    (tmp_path / "post.yaml").write_text(LETTERS)
    (tmp_path / "post_office.py").write_text(POST_OFFICE)
    arguments = ["post.yaml", "--behaviours", "post_office.py", "--no-control"]
    with serving(*arguments, cwd=tmp_path) as running:
        assert running.client.get("/letters/1").json() == {"text": "Dear all"}
        assert running.client.get("/letters/2").status_code == 404
        assert "There is no letter 2." in running.client.get("/letters/2").json()["detail"]
        assert running.client.get("/letters/first").status_code == 422
        assert running.client.get("/post/openapi.json").json()["info"]["title"] == "Letters"
        assert running.client.get("/_understudy/health").status_code == 404
        code, _, _, seconds = running.end(signal.SIGTERM)
        assert code == -signal.SIGTERM
        assert seconds < 5


def test_a_careless_description_is_served_with_warnings(tmp_path: Path) -> None:
    """Warnings go to standard error, one line each with file and place; the rest is as ever."""
    text = LETTERS.replace('info: {title: Letters, version: "1"}\n', "")
    (tmp_path / "letters.yaml").write_text(text.replace("type: object", "type: objekt"))
    with serving("letters.yaml", cwd=tmp_path) as running:
        assert running.client.get("/letters/1").status_code == 200
        assert running.client.get("/letters/1").status_code == 200
        code, _, errors, _ = running.end(signal.SIGINT)
    first, second = errors.splitlines()
    assert first.startswith("letters.yaml: /: there is no `info`")
    assert second.startswith(
        "letters.yaml: /paths/~1letters~1{id}/get/responses/200/content/application~1json/schema"
        '/type: "objekt" is not'
    )
    assert code in {0, 130}


def test_a_description_may_be_at_a_url(tmp_path: Path) -> None:
    """A URL is fetched and served; another host's parts of it need the flag."""
    (tmp_path / "letters.yaml").write_text(LETTERS)
    handler = partial(_Quiet, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as files:
        threading.Thread(target=files.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{files.server_port}/letters.yaml"
        with serving(url) as running:
            assert running.client.get("/letters/1").status_code == 200
        referring = LETTERS.replace("{type: object, required: [text]}", f'{{$ref: "{url}#/info"}}')
        (tmp_path / "own.yaml").write_text(referring)
        with serving("own.yaml", "--allow-remote-refs", cwd=tmp_path) as running:
            assert running.client.get("/letters/1").status_code == 200
        with pytest.raises(AssertionError, match="is remote"), serving("own.yaml", cwd=tmp_path):
            pass
        files.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_server_behind_a_proxy() -> None:
    """Links begin with the public URL; no CORS header is sent; the controls want their token."""
    with serving(
        "didomi",
        *("--public-url", "https://mock.example.com/base/"),
        *("--control-token", "s3cret"),
        "--no-cors",
    ) as running:
        here = running.client
        assert here.get("/_understudy/outbox").status_code == 401
        sign_in(here)
        create(here)
        answer = here.get("/_understudy/outbox", headers={"Understudy-Token": "s3cret"} | ORIGIN)
        [mail] = answer.json()["entries"]
        assert mail["links"][0].startswith("https://mock.example.com/base/dsar/")
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        preflight = here.options("/sessions", headers=PREFLIGHT)
        assert preflight.status_code == 405
        assert not [name for name in preflight.headers if name.startswith("access-control-")]


def test_cors_is_on_by_default() -> None:
    """A page on any origin may use the mock, unless it is told not to be used so."""
    with serving("didomi") as running:
        preflight = running.client.options("/sessions", headers=PREFLIGHT)
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == ORIGIN["Origin"]
        answer = running.client.get("/dsar/verified", headers=ORIGIN)
        assert answer.headers["access-control-allow-origin"] == ORIGIN["Origin"]


def test_the_same_seed_gives_the_same_answers() -> None:
    """Ids, tokens and links of two servers are the same, and those of another seed differ."""
    with ExitStack() as stack:
        seeds = ["5", "5", "-5"]
        started = [stack.enter_context(serving("didomi", "--seed", seed)) for seed in seeds]
        seen = []
        for running in started:
            here = running.client
            here.put("/_understudy/clock", json={"now": "2026-01-31T10:00:00Z"})
            sign_in(here)
            created = create(here)
            [mail] = here.get("/_understudy/outbox").json()["entries"]
            link = mail["links"][0].removeprefix(str(here.base_url).rstrip("/"))
            seen.append((here.headers["Authorization"], created["id"], mail["id"], link))
        first, second, other = seen
        assert first == second
        assert not set(first) & set(other)


# It says what it can do


def test_help_lists_everything(capsys: pytest.CaptureFixture[str]) -> None:
    """Commands, APIs, options, defaults, and examples that could be typed."""
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--help"])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    for option in (
        "--host",
        "--port",
        "--overlay",
        "--behaviours",
        "--seed",
        "--dynamic",
        "--required-only",
        "--stateless",
        "--errors",
        "--public-url",
        "--no-cors",
        "--no-control",
        "--control-token",
    ):
        assert re.search(rf"^  {option}\b", printed, flags=re.MULTILINE), option
    assert ", ".join(built_in_names()) in " ".join(printed.split())
    assert "127.0.0.1" in printed
    assert "8080" in printed


def test_help_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a command it lists those that there are."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "understudy serve didomi --port 0" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The version of the distribution, and nothing else."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip() == version("understudy")


# It refuses


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "COMMAND"),
        (["paly"], "'paly'"),
        (["serve", "--prot", "1"], "--prot"),
        (["serve", "--port", "http"], "a port is between 0 and 65535, not 'http'"),
        (["serve", "--port", "65536"], "a port is between 0 and 65535, not '65536'"),
        (["serve", "--port", "-1"], "a port is between 0 and 65535, not '-1'"),
        (["serve", "--port", "٣"], "a port is between 0 and 65535, not '٣'"),
        (["serve", "--port"], "--port"),
        (["serve", "--seed", "x"], "--seed"),
        (["serve", "--public-url", "mock.example.com"], "https://mock.example.com"),
        (["serve", "--public-url", "ftp://mock.example.com"], "https://mock.example.com"),
        (["serve", "--public-url", "http://"], "https://mock.example.com"),
        (["serve", "--public-url", "http://a:99999"], "https://mock.example.com"),
        (["serve", "--public-url", "http://[::1"], "https://mock.example.com"),
        (["serve", "--public-url", "http://a/?b=c"], "https://mock.example.com"),
        (["serve", "--control-token", ""], "visible ASCII characters"),
        (["serve", "--control-token", "se cret"], "visible ASCII characters"),
        (["serve", "--control-token", "sécret"], "visible ASCII characters"),
        (["serve", "didomi", "--overlay", "nowhere.yaml"], "No such file"),
        (["serve", "--behaviours", "a.py"], "exactly one description"),
        (["serve", "didomi", "namirial", "--behaviours", "a.py"], "exactly one description"),
        (["serve", "didomi", "--behaviours", "nowhere.py"], "nowhere.py: There is no such file."),
        (["serve", "--host", "nowhere.invalid"], "nowhere.invalid"),
    ],
)
def test_wrong_arguments_are_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    """In one line that says which, and why."""
    assert reason in refused(capsys, *arguments)


def test_two_descriptions_of_one_name_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """They could not be told apart."""
    assert "didomi" in refused(capsys, "serve", "didomi", "didomi")


def test_a_taken_port_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """The line says what to do about it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refused(capsys, "serve", "didomi", "--port", str(port)) == (
            f"Cannot listen on 127.0.0.1:{port}: Address already in use. "
            "Choose another --port (0 takes any free one) or --host."
        )


DANGLING = LETTERS.replace("{type: integer}", '{$ref: "#/components/schemas/Id"}')
BROKEN: list[tuple[str, bytes, str]] = [
    ("a.yaml", b"openapi: [3.1.0", "It is not YAML at line 2, column 1"),
    ("a.yaml", b"openapi: 3.1.0\npaths:\n\t/a: {}", "It is not YAML at line 3, column 1"),
    ("a.yml", b"openapi: 3.1.0\x01", "It is not YAML"),
    ("a.yaml", b"&a [*b]", "It is not YAML at line 1, column 5"),
    ("a.json", b'{"openapi": }', "It is not JSON at line 1, column 13"),
    ("a.json", b"", "It is not JSON at line 1, column 1"),
    ("a.json", b"[" * 100_000, "It is nested too deeply"),
    ("a.yaml", b"", "The document is no object"),
    ("a.yaml", b"- openapi: 3.1.0", "The document is no object"),
    ("a.yaml", b"\xff\xfe\x00", "It cannot be read as UTF-8 text"),
    ("a.yaml", b"openapi: 4.0.0\npaths: {}", "/openapi: "),
    ("a.yaml", b"info: {}\npaths: {}", "/openapi: "),
    ("a.yaml", b"openapi: 3.1.0\npaths: []", "/paths: "),
    ("a.yaml", b"openapi: 3.1.0\npaths: {/a: {get: []}}", "/paths/~1a/get: "),
    ("a.yaml", DANGLING.encode(), "/paths/~1letters~1{id}/parameters/0/schema/$ref: "),
]


@pytest.mark.parametrize(("name", "content", "reason"), BROKEN)
def test_a_broken_description_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    """In one line with the file, the place and the reason."""
    path = tmp_path / name
    path.write_bytes(content)
    message = refused(capsys, "serve", str(path))
    assert message.startswith(f"{path}: ")
    assert reason in message


@pytest.mark.parametrize("argument", ["nowhere.yaml", "didomy", "control", ".", ""])
def test_a_missing_description_is_refused(
    capsys: pytest.CaptureFixture[str], argument: str
) -> None:
    """The line names the built-in APIs, as it may have been meant for one of them."""
    message = refused(capsys, "serve", argument)
    assert message.startswith(f"{argument}: " if argument else ": ")
    assert "There is no such file. Name a file, a URL, or a built-in API (didomi, " in message


def test_a_behaviour_that_does_not_fit_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """In one line with the place in the file."""
    description, behaviour = tmp_path / "letters.yaml", tmp_path / "post_office.py"
    description.write_text(LETTERS)
    behaviour.write_text("\ndef readLetters(sandbox): ...\n")
    message = refused(capsys, "serve", str(description), "--behaviours", str(behaviour))
    assert message.startswith(f"{behaviour}:2: `readLetters` matches no operationId of letters.")


@pytest.mark.parametrize("arguments", [["nowhere.yaml"], ["--port", "x"]])
def test_the_shell_gets_the_exit_code(arguments: list[str]) -> None:
    """2 for what cannot be used."""
    ended = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "understudy", "serve", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
