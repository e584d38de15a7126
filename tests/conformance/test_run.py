"""The runner of the cases: what it calls different, and what it says of a server that forgets."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conformance.run import FOLDER, Controls, Difference, main, play

RUNNER = FOLDER / "run.py"
CREATE_READS_BACK = str(FOLDER / "items" / "create-reads-back.yaml")
FORGETFUL = '''
"""Takes whatever is sent, and always reads the same book."""
import json, os, pathlib, sys
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer

class Forgetful(BaseHTTPRequestHandler):
    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
    def do_GET(self):
        self.answer(200, {"id": "7", "title": "Emma", "pages": 1})
    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(201, {"id": "7", **sent})
    def log_message(self, *arguments):
        pass

here = pathlib.Path(__file__).parent
(here / "started.json").write_text(json.dumps([os.getpid(), *sys.argv[1:]]))
TCPServer(("127.0.0.1", int(sys.argv[1])), Forgetful).serve_forever()
'''


@pytest.fixture
def forgetful(tmp_path: Path) -> list[str]:
    """The command of a server that remembers nothing."""
    script = tmp_path / "forgetful.py"
    script.write_text(FORGETFUL, encoding="utf-8")
    return [sys.executable, str(script), "{port}", "{flags}"]


def test_a_server_that_forgets_fails(forgetful: list[str]) -> None:
    """The line names the case, the step and the difference; the last line counts."""
    words = [sys.executable, str(RUNNER), CREATE_READS_BACK, "--", *forgetful]
    difference = 'step 2, GET /books/{id}: /title is "Emma" instead of "Middlemarch"'
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own runner
    assert done.stdout.splitlines() == [
        f"failed {CREATE_READS_BACK}: {difference}",
        "passed 0, failed 1, skipped 0",
    ]
    assert done.stderr == ""
    assert done.returncode == 1


def test_the_servers_process_ends_with_the_case(forgetful: list[str], tmp_path: Path) -> None:
    """Nothing listens at its port any more."""
    main([CREATE_READS_BACK, "--", *forgetful])
    _, port = json.loads((tmp_path / "started.json").read_text())
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}", trust_env=False)


def test_a_runner_that_is_stopped_leaves_no_server(tmp_path: Path) -> None:
    """Also while the server has not answered yet."""
    started = tmp_path / "started"
    script = tmp_path / "slow.py"
    script.write_text(
        "import os, pathlib, sys, time\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "path.with_suffix('.part').write_text(str(os.getpid()))\n"
        "path.with_suffix('.part').rename(path)\n"
        "time.sleep(120)\n",
        encoding="utf-8",
    )
    server = [sys.executable, str(script), str(started)]
    words = [sys.executable, str(RUNNER), CREATE_READS_BACK, "--", *server]
    with subprocess.Popen(words) as runner:  # noqa: S603 - our own runner
        while not started.exists():
            assert runner.poll() is None
            time.sleep(0.02)
        runner.terminate()
        assert runner.wait(timeout=30) == 143
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)


def test_a_case_with_unmet_needs_is_skipped(
    capsys: pytest.CaptureFixture[str], forgetful: list[str], tmp_path: Path
) -> None:
    """And says which; the server is not even started."""
    case = str(FOLDER / "lifecycle" / "by-an-overlay.yaml")
    assert main(["--flag", "overlay=--overlay {overlay}", case, "--", *forgetful]) == 0
    assert capsys.readouterr().out == (
        f"skipped {case}: needs lifecycle\npassed 0, failed 0, skipped 1\n"
    )
    assert not (tmp_path / "started.json").exists()


def test_needs_become_flags(forgetful: list[str], tmp_path: Path) -> None:
    """In the place of `{flags}`, with the overlay's file; a need without flags adds nothing."""
    case = str(FOLDER / "lifecycle" / "by-an-overlay.yaml")
    able = ["--flag", "lifecycle=", "--flag", "overlay=--overlay {overlay}"]
    main([*able, case, "--", *forgetful])
    started = json.loads((tmp_path / "started.json").read_text())
    assert started[2] == "--overlay"
    assert started[3].endswith("/overlay.json")
    assert len(started) == 4


def test_a_server_that_does_not_start_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """With what it wrote to standard error, and without waiting for longer than it lives."""
    command = [sys.executable, "-c", "raise SystemExit('no such description')"]
    assert main([CREATE_READS_BACK, "--", *command]) == 1
    assert "the server did not start: no such description" in capsys.readouterr().out


def test_descriptions_are_written_for_servers_that_are_started_otherwise(tmp_path: Path) -> None:
    """One folder a case."""
    assert main(["--write", str(tmp_path), CREATE_READS_BACK]) == 0
    written = json.loads((tmp_path / "create-reads-back" / "description.json").read_text())
    assert "/books/{bookId}" in written["paths"]


def test_a_url_serves_one_case(capsys: pytest.CaptureFixture[str]) -> None:
    """Its description is the one that the server has."""
    assert main(["--url", "http://127.0.0.1:9"]) == 2
    assert main([CREATE_READS_BACK]) == 2
    assert "or --url and one case" in capsys.readouterr().err
    assert main(["--url", "http://127.0.0.1:9", CREATE_READS_BACK]) == 1
    assert "step 1, POST /books: ConnectError" in capsys.readouterr().out


def take(
    *steps: dict[str, Any], answer: Callable[[httpx.Request], httpx.Response], **controls: str
) -> str:
    """The difference that the steps find, or nothing."""
    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        try:
            play({"steps": steps}, client, "http://mock.test", Controls(**controls))
        except Difference as difference:
            return str(difference)
    return ""


def expecting(expect: dict[str, Any], body: Any) -> str:
    """What is said of a body."""
    step = {"request": {"method": "GET", "path": "/x"}, "expect": {"status": 200, **expect}}
    headers = {"Content-Type": "application/json"}
    answer = httpx.Response(200, content=json.dumps(body), headers=headers)
    return take(step, answer=lambda _: answer)


@pytest.mark.parametrize(
    ("expect", "body", "difference"),
    [
        ({"json": {"a": 1}}, {"a": 1.0}, ""),
        ({"json": {"a": 1}}, {"a": 1, "b": 2}, "/b is there: 2"),
        ({"json": {"a": 1}}, {}, "/a is missing in {}"),
        ({"json": [True]}, [1], "/0 is 1 instead of true"),
        ({"json": None}, 0, "the body is 0 instead of null"),
        ({"json": {"a": [1]}}, {"a": [1, 2]}, "/a has 2 items instead of 1: [1, 2]"),
        ({"json_contains": {"a": {"b": 1}}}, {"a": {"b": 1, "c": 2}, "d": 3}, ""),
        ({"json_contains": {"a": {"b": 1}}}, {"a": {"b": 2}}, "/a/b is 2 instead of 1"),
        ({"json_contains": [{"a": 1}]}, [{"a": 1}, {}], "has 2 items instead of 1"),
        ({"json_contains": {"$includes": [{"a": 1}]}}, [{}, {"a": 1, "b": 2}], ""),
        ({"json_contains": {"$includes": [1, 1]}}, [1, 2], "the list lacks 1: [1, 2]"),
        ({"json_contains": {"$unordered": [1, 2]}}, [2, 1], ""),
        ({"json_contains": {"$unordered": [1, 2]}}, [2, 1, 1], "has 3 items instead of 2"),
        ({"json_contains": {"$lacks": [{"a": 1}]}}, [{"a": 2}], ""),
        ({"json_contains": {"$lacks": [{"a": 1}]}}, [{"a": 1, "b": 2}], 'has {"a": 1}'),
        ({"json_contains": {"$lacks": [1]}}, {"a": 1}, 'the body is {"a": 1} instead of'),
        ({"json_matches": {"properties": {"a": {"minimum": 2}}}}, {"a": 1}, "/a: 1 is less than"),
        ({"absent": ["/a/0"]}, {"a": []}, ""),
        ({"absent": ["/a/0"]}, {"a": [None]}, "/a/0 is there: null"),
        ({"status": [201, "4XX"]}, {}, "200 instead of 201 or 4XX: {}"),
        ({"headers": {"X": {"absent": True}, "content-type": "application/json"}}, {}, ""),
        ({"headers": {"Content-Type": {"matches": "^text/"}}}, {}, "header Content-Type is"),
    ],
)
def test_a_difference_is_said(expect: dict[str, Any], body: Any, difference: str) -> None:
    """With its place; or nothing is said."""
    said = expecting(expect, body)
    assert difference in said
    assert bool(said) == bool(difference)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab/~{}", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~"), inner, max_size=3),
    max_leaves=6,
)


@given(JSON, JSON)
def test_values_are_the_same_when_their_json_is(one: Any, other: Any) -> None:
    """Whatever they are."""
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (expecting({"json": one}, other) == "") is same
    assert expecting({"json_contains": one}, one) == ""


def test_a_saved_value_is_used_as_what_it_is() -> None:
    """Encoded in a path, of its own type in a body, as a text within a text."""
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.raw_path, request.content))
        return httpx.Response(200, json={"id": 7, "name": "a/b c"}, headers={"Location": "/y?z=1"})

    first = {
        "request": {"method": "POST", "path": "/x", "json": {}},
        "expect": {"status": 200},
        "save": {"id": "/id", "name": "/name", "whole": "", "place": "Location"},
    }
    second = {
        "request": {
            "method": "PUT",
            "path": "/x/{name}",
            "json": {"id": "{id}", "text": "no. {id}", "other": "{unknown}"},
        },
        "expect": {"status": 200, "json": "{whole}"},
    }
    third = {"request": {"method": "GET", "url": "{place}"}, "expect": {"status": 200}}
    assert take(first, second, third, answer=answer) == ""
    assert seen[1][0] == b"/x/a%2Fb%20c"
    assert json.loads(seen[1][1]) == {"id": 7, "text": "no. 7", "other": "{unknown}"}
    assert seen[2][0] == b"/y?z=1"


PAGES = {"": ([1, 2], "b"), "b": ([3], None)}


def paged(request: httpx.Request) -> httpx.Response:
    """Two pages; three ways to the second."""
    items, cursor = PAGES[request.url.params.get("after", "")]
    url = None if cursor is None else f"http://mock.test/x?after={cursor}"
    headers = {} if url is None else {"Link": f'<{url}>; rel="next"'}
    return httpx.Response(200, json={"items": items, "next": cursor, "url": url}, headers=headers)


@pytest.mark.parametrize(
    "next_", [{"query": {"after": "/next"}}, {"url": "/url"}, {"link": "next"}]
)
def test_a_walk_takes_all_pages(next_: dict[str, Any]) -> None:
    """By cursor, by URL, by Link header."""
    walk = {"path": "/x", "items": "/items", "next": next_}
    assert take({"walk": walk, "expect": {"json": [1, 2, 3]}}, answer=paged) == ""
    said = take({"walk": {**walk, "page_size": 1}, "expect": {"json": []}}, answer=paged)
    assert said == "step 1, walk /x: a page of 2 items instead of 1"


def test_a_walk_ends() -> None:
    """Also where the server's pages do not."""
    walk = {"path": "/x", "items": "", "next": {"link": "next"}}
    link = {"Link": '</x>; rel="next"'}
    said = take(
        {"walk": walk, "expect": {"json": []}},
        answer=lambda _: httpx.Response(200, json=[1], headers=link),
    )
    assert said == "step 1, walk /x: no last page after 50 pages"


def test_clock_and_reset_are_requests() -> None:
    """As the command line spells them; without one the step fails."""
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.method, request.url.path, request.content))
        return httpx.Response(204)

    controls = {"clock": 'PUT /time {"by": {seconds}}', "reset": "DELETE /all"}
    assert take({"advance": 90}, {"reset": True}, answer=answer, **controls) == ""
    assert seen == [("PUT", "/time", b'{"by": 90}'), ("DELETE", "/all", b"")]
    assert "not told how to move the clock" in take({"advance": 1}, answer=answer)
