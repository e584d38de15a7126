"""Whatever a server over HTTP does: there is an answer, or a reason in words, in time."""

import gzip
import itertools
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contracts.deadline import Deadline
from contracts.exchange import NoAnswer, OutOfTime, Request, Response
from contracts.target import UnusableTarget
from contracts.targets.over_http import OverHttp

Serve = Callable[..., str]
Asked = Callable[[socket.socket], bytes]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
HANGS = 60
"""Seconds after which what takes one hangs, however busy the machine is."""


@contextmanager
def target(url: str, *, timeout: float = 5, longest: int = 100_000) -> Iterator[OverHttp]:
    """A target that is closed again."""
    made = OverHttp(url, timeout=timeout, longest=longest)
    try:
        yield made
    finally:
        made.close()


def answer(url: str, path: str = "/", *, timeout: float = 5, method: str = "GET") -> Response:
    """The answer to one request."""
    with target(url, timeout=timeout) as made:
        return made.send(Request(method, f"{url}{path}"))


def reason(url: str, *, timeout: float = 5) -> NoAnswer:
    """Why no answer came to one request."""
    with target(url, timeout=timeout) as made, pytest.raises(NoAnswer) as caught:
        made.send(Request("GET", f"{url}/"))
    return caught.value


def saying(data: bytes, asked: Asked) -> Callable[[socket.socket, int], None]:
    """A talk that answers every request with these bytes, and then ends."""

    def talk(connection: socket.socket, _: int) -> None:
        asked(connection)
        connection.sendall(data)

    return talk


@pytest.mark.parametrize(
    "path",
    [
        "/a%2Fb/../c//d/./e",
        "/%7e%41%zz",
        "?q=a+b%20c&&x=[1]|{}",
        "/x;y=1,2:@!$&'()*~",
        "/%00%0a",
    ],
)
def test_a_path_is_sent_as_it_is(serve: Serve, asked: Asked, path: str) -> None:
    """Nothing in a path or query is decoded, encoded or made shorter."""
    lines = []

    def talk(connection: socket.socket, _: int) -> None:
        lines.append(asked(connection).split(b"\r\n")[0])
        connection.sendall(OK)

    assert answer(serve(talk), path).body == b"ok"
    expected = path if path.startswith("/") else f"/{path}"
    assert lines == [f"GET {expected} HTTP/1.1".encode()]


def test_what_no_request_can_hold_is_escaped(serve: Serve, asked: Asked) -> None:
    """Spaces and letters beyond ASCII, as in a link that was handed out, are escaped in UTF-8."""
    lines = []

    def talk(connection: socket.socket, _: int) -> None:
        lines.append(asked(connection).split(b"\r\n")[0])
        connection.sendall(OK)

    answer(serve(talk), "/a é\r\nX: 1?b#fragment")
    assert lines == [b"GET /a%20%C3%A9%0D%0AX:%201?b HTTP/1.1"]


def test_redirects_are_answers(serve: Serve, asked: Asked) -> None:
    """A redirect is not followed."""
    moved = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    came = answer(serve(saying(moved, asked)))
    assert (came.status, came.header("location")) == (302, "/elsewhere")


def test_a_body_goes_with_its_length_and_headers_with_any_letters(serve: Serve) -> None:
    """The body and headers of a request arrive, also headers beyond ISO 8859-1, as UTF-8."""
    seen = []

    def talk(connection: socket.socket, _: int) -> None:
        data = b""
        while not data.endswith(b"body"):
            data += connection.recv(65536)
        seen.append(data)
        connection.sendall(OK)

    url = serve(talk)
    with target(url) as made:
        made.send(Request("POST", url, (("X-A", "é"), ("X-B", "✓")), b"the body"))
    assert b"Content-Length: 8\r\n" in seen[0]
    assert b"X-A: \xe9\r\n" in seen[0]
    assert b"X-B: \xe2\x9c\x93\r\n" in seen[0]
    assert f"Host: {url.removeprefix('http://')}\r\n".encode() in seen[0]


def test_connections_are_kept(serve: Serve, asked: Asked) -> None:
    """A second request goes over the connection of the first."""
    used = []

    def talk(connection: socket.socket, number: int) -> None:
        while asked(connection):
            used.append(number)
            connection.sendall(OK)

    url = serve(talk)
    with target(url) as made:
        for _ in range(3):
            made.send(Request("GET", url))
    assert used == [0, 0, 0]


def test_a_kept_connection_that_was_closed_is_opened_anew(serve: Serve, asked: Asked) -> None:
    """A server that hangs up when it gets a second request is asked again on a new connection."""
    used = []

    def talk(connection: socket.socket, number: int) -> None:
        asked(connection)
        used.append(number)
        connection.sendall(OK)
        asked(connection)  # and no answer

    url = serve(talk)
    with target(url) as made:
        assert [made.send(Request("GET", url)).status for _ in range(3)] == [200, 200, 200]
    assert used == [0, 1, 2]


def test_a_request_is_not_repeated_on_a_new_connection(serve: Serve, asked: Asked) -> None:
    """A server that hangs up at the first request is not asked again."""
    requests = []

    def talk(connection: socket.socket, _: int) -> None:
        requests.append(asked(connection))

    why = reason(serve(talk))
    assert str(why) == "The connection was closed without an answer."
    assert not why.unreachable
    assert len(requests) == 1


def test_several_threads_send_at_once(serve: Serve, asked: Asked) -> None:
    """Requests of different threads are under way at the same time."""
    together = threading.Barrier(8, timeout=10)

    def talk(connection: socket.socket, _: int) -> None:
        asked(connection)
        together.wait()  # answers only when all eight are there
        connection.sendall(OK)

    url = serve(talk)
    statuses = []
    with target(url, timeout=10) as made:
        threads = [
            threading.Thread(target=lambda: statuses.append(made.send(Request("GET", url)).status))
            for _ in range(8)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert statuses == [200] * 8


def test_no_answer_in_time(serve: Serve, asked: Asked) -> None:
    """A server that is silent gets the time that it may have."""

    def talk(connection: socket.socket, _: int) -> None:
        asked(connection)
        asked(connection)

    assert str(reason(serve(talk), timeout=0.2)) == "The answer did not come within 0.2 s."


@pytest.mark.parametrize(
    "begin",
    [b"", b"HTTP/1.1 200 OK\r\nX-", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"],
    ids=["status line", "headers", "body"],
)
def test_a_slow_drip_does_not_outlast_the_timeout(serve: Serve, asked: Asked, begin: bytes) -> None:
    """An answer that comes byte by byte has to end in time, wherever it drips."""
    ended = threading.Event()

    def talk(connection: socket.socket, _: int) -> None:
        asked(connection)
        connection.sendall(begin)
        try:
            for _ in itertools.count():
                connection.sendall(b"H")
                time.sleep(0.02)
        finally:
            ended.set()

    assert str(reason(serve(talk), timeout=0.3)) == "The answer did not end within 0.3 s."
    assert ended.wait(10)


@pytest.mark.parametrize("framing", [b"", b"Content-Length: 99999999999\r\n"])
def test_an_endless_body_is_cut(serve: Serve, asked: Asked, framing: bytes) -> None:
    """A body is read up to its limit, whatever its length is said to be."""

    def talk(connection: socket.socket, _: int) -> None:
        asked(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n")
        while True:
            connection.sendall(b"x" * 10_000)

    assert str(reason(serve(talk))) == "The body does not end: it is longer than 100000 bytes."


def test_nothing_listens() -> None:
    """A refused connection says that something has to be started."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    why = reason(f"http://127.0.0.1:{port}")
    assert str(why) == f"Nothing listens at http://127.0.0.1:{port}: start it, or mend --url."
    assert why.unreachable


def test_a_host_that_nobody_knows() -> None:
    """A name without an address is told as such."""
    why = reason("http://nowhere.invalid")
    assert str(why).startswith("The host of http://nowhere.invalid:80 is not known")
    assert why.unreachable


def test_a_server_that_does_not_accept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that does not come about is given up in time."""

    def never(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", never)
    why = reason("http://127.0.0.1:1")
    assert str(why).startswith("http://127.0.0.1:1 does not answer within 5 s")
    assert why.unreachable


def test_a_certificate_that_is_not_trusted(serve: Serve, asked: Asked) -> None:
    """A certificate of nobody's says how to trust it."""
    why = reason(serve(saying(OK, asked), tls=True))
    assert "is not trusted (self-signed certificate)" in str(why)
    assert "SSL_CERT_FILE" in str(why)
    assert why.unreachable


def test_a_certificate_is_trusted_by_the_environment(
    serve: Serve, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the refusal proposes works."""
    monkeypatch.setenv("SSL_CERT_FILE", str(Path(__file__).with_name("localhost.pem")))
    assert answer(serve(saying(OK, asked), tls=True)).body == b"ok"


def test_tls_where_none_is_spoken(serve: Serve, asked: Asked) -> None:
    """A server of http that is asked by https is told as such."""

    def talk(connection: socket.socket, _: int) -> None:
        connection.recv(10)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        asked(connection)

    why = reason(serve(talk).replace("http:", "https:"))
    assert str(why).endswith("is it http:// and not https://?")
    assert why.unreachable


@pytest.mark.parametrize(
    "data",
    [
        b"\x15\x03\x01\x00\x02\x02\x46",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000,
    ],
)
def test_what_is_no_http(serve: Serve, asked: Asked, data: bytes) -> None:
    """Answers that are not, or not to their end, HTTP are told as such."""
    why = reason(serve(saying(data, asked)))
    assert str(why).startswith("What came is no whole HTTP answer: ")
    assert not why.unreachable


def test_a_stream_of_events_is_listened_to_for_a_while(serve: Serve, asked: Asked) -> None:
    """It need not end; what came until then is the answer."""

    def talk(connection: socket.socket, _: int) -> None:
        asked(connection)
        stream = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n"
        connection.sendall(stream)
        asked(connection)

    begun = time.monotonic()
    assert answer(serve(talk), timeout=120).body == b"data: 1\n\n"
    assert time.monotonic() - begun < HANGS


def test_nothing_is_waited_for_beyond_the_deadline(serve: Serve, asked: Asked) -> None:
    """It counts where it comes before the timeout, also once it is moved, and says nothing else."""
    waiting = threading.Event()

    def talk(connection: socket.socket, _: int) -> None:
        asked(connection)
        waiting.set()
        asked(connection)

    deadline = Deadline()
    made = OverHttp(serve(talk), timeout=120, deadline=deadline)
    begun = time.monotonic()

    def end() -> None:
        assert waiting.wait(10)
        deadline.until = time.monotonic()

    threading.Thread(target=end, daemon=True).start()
    for _ in range(2):  # the second is not even sent
        with pytest.raises(OutOfTime):
            made.send(Request("GET", made.url))
    assert time.monotonic() - begun < HANGS
    made.close()


def test_a_request_that_cannot_be_sent(serve: Serve, asked: Asked) -> None:
    """A header that would break the message is not sent."""
    url = serve(saying(OK, asked))
    with target(url) as made, pytest.raises(NoAnswer, match="cannot be sent"):
        made.send(Request("GET", url, (("X-A", "a\r\nX-B: b"),)))


def encoded(kind: bytes, body: bytes) -> bytes:
    """An answer with an encoded body."""
    return b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n\r\n%b" % (
        kind,
        len(body),
        body,
    )


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"gzip", gzip.compress(b"text")),
        (b"X-GZIP", gzip.compress(b"te") + gzip.compress(b"xt")),
        (b"deflate", zlib.compress(b"text")),
        (b"deflate", zlib.compress(b"text", wbits=-15)),
        (b"gzip, deflate", zlib.compress(gzip.compress(b"text"))),
        (b"identity", b"text"),
        (b"unheard-of", b"text"),
    ],
    # gzip writes the time, which must not get into the names of tests.
    ids=["gzip", "two members", "deflate", "bare deflate", "both", "identity", "unheard of"],
)
def test_a_body_is_decoded(serve: Serve, asked: Asked, kind: bytes, body: bytes) -> None:
    """The encodings of HTTP are taken off; what is none of them stays as it came."""
    assert answer(serve(saying(encoded(kind, body), asked))).body == b"text"


@pytest.mark.parametrize(
    "body", [b"no gzip", gzip.compress(b"text")[:-3]], ids=["something else", "cut"]
)
def test_a_broken_encoding_is_told(serve: Serve, asked: Asked, body: bytes) -> None:
    """A body that is not what its Content-Encoding says is no usable answer."""
    why = reason(serve(saying(encoded(b"gzip", body), asked)))
    assert str(why) == "The body is not the gzip that Content-Encoding says."


def test_a_body_that_unfolds_without_end_is_cut(serve: Serve, asked: Asked) -> None:
    """A small body that becomes a large one is bounded as a large one is."""
    bomb = gzip.compress(b"0" * 50_000_000)
    url = serve(saying(encoded(b"gzip", bomb), asked))
    tracemalloc.start()
    try:
        why = reason(url)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert str(why) == "The body does not end: it is longer than 100000 bytes."
    assert most < 10_000_000


def test_an_answer_in_a_wrong_character_set_is_an_answer(serve: Serve, asked: Asked) -> None:
    """JSON that is no UTF-8 has no value, and a header may hold any bytes."""
    came = answer(
        serve(
            saying(
                b"HTTP/1.1 200 \xff\r\nContent-Type: application/json\r\nX-A: \xe9\xff\r\n"
                b'Content-Length: 4\r\n\r\n"\xe9\xff"',
                asked,
            )
        )
    )
    assert (came.status, came.header("x-a"), came.body) == (200, "éÿ", b'"\xe9\xff"')
    assert repr(came.value) == "ABSENT"


def test_an_answer_to_head_has_no_body(serve: Serve, asked: Asked) -> None:
    """The length that an answer to HEAD has says nothing of bytes that come."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\nContent-Encoding: gzip\r\n\r\n"
    assert answer(serve(saying(head, asked)), method="HEAD").body == b""


@pytest.mark.parametrize(
    "url", ["", "localhost:80", "ftp://host", "http://", "http://h:99999", "http://["]
)
def test_a_url_that_cannot_be_tested(url: str) -> None:
    """What is no URL of http or https is refused at once."""
    with pytest.raises(UnusableTarget, match="is no URL to test"):
        OverHttp(url)
