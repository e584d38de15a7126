"""A WSGI application in this process answers as it would behind a server."""

import gzip
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.validate import validator

import flask
import pytest

from contracts.exchange import NoAnswer, Request, Response
from contracts.targets.wsgi import WsgiApp

BASE = "http://testserver"
App = Callable[[dict[str, Any], Any], Iterable[bytes]]


def answer(app: App, request: Request | None = None) -> Response:
    """The answer of an application to one request."""
    made = WsgiApp(app, timeout=5, longest=100_000)
    return made.send(request or Request("GET", f"{BASE}/"))


def reason(app: App, *, timeout: float = 5) -> str:
    """Why an application gave no answer to one request."""
    with pytest.raises(NoAnswer) as caught:
        WsgiApp(app, timeout=timeout, longest=100_000).send(Request("GET", f"{BASE}/"))
    assert not caught.value.unreachable
    return str(caught.value)


def test_a_flask_application_answers() -> None:
    """An application of a real framework sees path, query, headers, cookies and body."""
    app = flask.Flask(__name__)

    @app.post("/items/<name>")
    def create(name: str) -> Any:
        request = flask.request
        told = [name, request.query_string.decode(), request.headers["X-A"], request.cookies["c"]]
        return {"told": told, "body": request.get_json()}, 201, {"Location": "/items/1"}

    headers = (("Content-Type", "application/json"), ("X-A", "é"), ("Cookie", "c=1"))
    url = f"{BASE}/items/%C3%A9%20x?q=%2F+&r"
    came = answer(app, Request("POST", url, headers, b'{"a": 1}'))
    assert came.status == 201
    assert came.header("location") == "/items/1"
    assert came.value == {"told": ["é x", "q=%2F+&r", "é", "1"], "body": {"a": 1}}


def test_an_application_is_called_by_the_standard() -> None:
    """The standard library's validator finds nothing wrong with how an application is called."""

    @validator
    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start("200 OK", [("Content-Type", "text/plain")])
        return [body, environ["REQUEST_URI"].encode()]

    came = answer(app, Request("PUT", f"{BASE}/a%2Fb?c", (), b"body "))
    assert came.body == b"body /a%2Fb?c"


def test_headers_of_one_name_are_joined() -> None:
    """Headers that come twice are one, as CGI wants it."""

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [("Set-Cookie", "a"), ("Set-Cookie", "b")])
        yield environ["HTTP_X_A"].encode()

    came = answer(app, Request("GET", BASE, (("X-A", "1"), ("x-a", "2"))))
    assert came.body == b"1,2"
    assert came.headers == (("Set-Cookie", "a"), ("Set-Cookie", "b"))


def test_the_written_body_counts() -> None:
    """What goes through `write` comes before what is returned."""

    def app(_: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [])(b"first ")
        return [b"second"]

    assert answer(app).body == b"first second"


def test_what_an_application_raises_is_an_answer_500() -> None:
    """An application that fails, or leaves, answers as a server would for it."""

    def fails(_: dict[str, Any], __: Any) -> Iterable[bytes]:
        raise ValueError("what\nwent wrong")

    def leaves(_: dict[str, Any], __: Any) -> Iterable[bytes]:
        sys.exit(3)

    def is_silent(_: dict[str, Any], __: Any) -> Iterable[bytes]:
        return []

    told = [(answer(app).status, answer(app).header("understudy-error")) for app in (fails, leaves)]
    assert [status for status, _ in told] == [500, 500]
    assert str(told[0][1]).startswith("ValueError: what went wrong (test_wsgi.py:")
    assert str(told[1][1]).startswith("SystemExit: 3")
    assert answer(is_silent).header("understudy-error") == (
        "The application returned without an answer."
    )


def test_an_answer_is_replaced_before_it_has_begun() -> None:
    """An application may start anew with what it raised, as long as no byte was sent."""

    def app(_: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [])
        try:
            int("late")
        except ValueError:
            start("503 Later", [("X-A", "1")], sys.exc_info())
        return [b"later"]

    came = answer(app)
    assert (came.status, came.headers, came.body) == (503, (("X-A", "1"),), b"later")


def test_an_answer_without_an_end() -> None:
    """What an application begins and does not end is no answer."""

    def app(_: dict[str, Any], start: Any) -> Iterator[bytes]:
        start("200 OK", [])
        yield b"half"
        raise ValueError("halfway")

    assert reason(app).startswith("The application ended amid its answer (ValueError: halfway")


def test_no_answer_in_time() -> None:
    """An application that hangs is left behind."""
    free = threading.Event()

    def app(_: dict[str, Any], start: Any) -> Iterable[bytes]:
        free.wait(30)
        start("200 OK", [])
        return []

    assert reason(app, timeout=0.1) == "The answer did not come within 0.1 s."
    free.set()


def test_a_slow_drip_is_given_up_and_closed() -> None:
    """A body that drips for ever is left, and the application is told so by `close`."""
    closed = threading.Event()

    class Drip:
        def __iter__(self) -> Iterator[bytes]:
            while True:
                time.sleep(0.01)
                yield b"x"

        def close(self) -> None:
            closed.set()

    def app(_: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [])
        return Drip()

    assert reason(app, timeout=0.2) == "The answer did not end within 0.2 s."
    assert closed.wait(10)


def test_an_endless_body_is_cut() -> None:
    """A body is read up to its limit."""

    def app(_: dict[str, Any], start: Any) -> Iterator[bytes]:
        start("200 OK", [])
        while True:
            yield b"x" * 10_000

    assert reason(app) == "The body does not end: it is longer than 100000 bytes."


def test_a_body_is_decoded_and_one_to_head_left_out() -> None:
    """Encodings are taken off, and HEAD has no body."""

    def app(_: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [("Content-Encoding", "gzip")])
        return [gzip.compress(b"text")]

    assert answer(app).body == b"text"
    assert answer(app, Request("HEAD", BASE)).body == b""
