"""Servers that do everything wrong that a server can do, each in its own way."""

import json
import socket
import time
from collections.abc import Callable, Mapping

from tests.contracts.targets.talking import Talk

ORDER = b'{"id": 1, "item": "lamp", "status": "open"}'
PAGE = b'{"data": [{"id": 1, "item": "lamp", "status": "open"}], "total": 1}'
JSON = b"Content-Type: application/json\r\n"
_LONG_AGO = 60.0
"""Seconds after which every test is over."""


def asked(connection: socket.socket) -> bytes:
    """Reads one request, with its body; empty when the client is gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lines = [line.lower() for line in head.split(b"\r\n")]
    length = next((int(one[15:]) for one in lines if one.startswith(b"content-length:")), 0)
    while len(body) < length:
        more = connection.recv(65536)
        if not more:
            return b""
        body += more
    return data


def whole(status: str, body: bytes = b"", headers: bytes = JSON) -> bytes:
    """An answer in bytes, with the length of its body."""
    return b"HTTP/1.1 %b\r\n%bContent-Length: %d\r\n\r\n%b" % (
        status.encode(),
        headers,
        len(body),
        body,
    )


def always(data: bytes, *, close: bool = False) -> Talk:
    """Answers every request with these bytes; `close` hangs up behind them."""

    def talk(connection: socket.socket, _: int) -> None:
        while asked(connection):
            connection.sendall(data)
            if close:
                return

    return talk


def then(begin: bytes, more: Callable[[socket.socket], None]) -> Talk:
    """Begins every answer with these bytes, and goes on as `more` does."""

    def talk(connection: socket.socket, _: int) -> None:
        while asked(connection):
            connection.sendall(begin)
            more(connection)

    return talk


def stalls(connection: socket.socket) -> None:
    """Keeps the connection open and says nothing more."""
    while connection.recv(65536):
        pass


def endless(piece: bytes) -> Callable[[socket.socket], None]:
    """Sends the same again and again, as fast as it is taken."""

    def more(connection: socket.socket) -> None:
        while True:
            connection.sendall(piece)

    return more


def lots(connection: socket.socket) -> None:
    """Sends 200 MB."""
    for _ in range(200):
        connection.sendall(b" " * 1048576)


def drips(connection: socket.socket) -> None:
    """Sends a byte now and then, so that no single read takes long."""
    for _ in range(int(_LONG_AGO / 0.2)):
        connection.sendall(b" ")
        time.sleep(0.2)


def late(connection: socket.socket) -> None:
    """Answers after half a minute."""
    time.sleep(30)
    connection.sendall(whole("200 OK", PAGE))


def honest(request: bytes) -> bytes:
    """What a small shop answers that has one order and makes no other."""
    method, path = request.split(b" ")[:2]
    if path.partition(b"?")[0] == b"/orders":
        return whole("200 OK", PAGE) if method == b"GET" else whole("201 Created", ORDER)
    if path.startswith(b"/orders/1"):
        return whole("204 No Content", b"", b"") if method == b"DELETE" else whole("200 OK", ORDER)
    return whole("404 Not Found", b"{}")


def every_third(answer: bytes) -> Talk:
    """The shop, which gives every third request another answer."""
    count = 0

    def talk(connection: socket.socket, _: int) -> None:
        nonlocal count
        while request := asked(connection):
            count += 1
            connection.sendall(answer if count % 3 == 0 else honest(request))

    return talk


_GZIP = JSON + b"Content-Encoding: gzip\r\n"
_PROXY = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_UTF_16 = json.dumps({"data": [], "total": 0}).encode("utf-16")
_MOVED = b"HTTP/1.1 302 Found\r\nLocation: /orders\r\nContent-Length: 0\r\n\r\n"

TALKS: Mapping[str, Talk] = {
    "404": always(whole("404 Not Found", b"{}")),
    "401": always(whole("401 Unauthorized", b"{}")),
    "403": always(whole("403 Forbidden", b"{}")),
    "429": always(whole("429 Too Many Requests", b"{}")),
    "429 for a second": always(whole("429 Too Many Requests", b"{}", JSON + b"Retry-After: 1\r\n")),
    "429 for an hour": always(
        whole("429 Too Many Requests", b"{}", JSON + b"Retry-After: 3600\r\n")
    ),
    "429 now and then": every_third(whole("429 Too Many Requests", b"{}", b"Retry-After: 0\r\n")),
    "late": then(b"", late),
    "silent": then(b"", stalls),
    "deaf": lambda connection, _: stalls(connection),
    "stalls in its body": then(
        b"HTTP/1.1 200 OK\r\n" + JSON + b"Content-Length: 999\r\n\r\n{", stalls
    ),
    "drips": then(b"HTTP/1.1 200 OK\r\n" + JSON + b"\r\n", drips),
    "endless": then(b"HTTP/1.1 200 OK\r\n" + JSON + b"\r\n", endless(b" " * 65536)),
    "endless chunks": then(
        b"HTTP/1.1 200 OK\r\n" + JSON + b"Transfer-Encoding: chunked\r\n\r\n",
        endless(b"10000\r\n" + b" " * 65536 + b"\r\n"),
    ),
    "200 MB": then(
        b"HTTP/1.1 200 OK\r\n" + JSON + b"Content-Length: 209715200\r\n\r\n",
        lots,
    ),
    "too short": always(
        b"HTTP/1.1 200 OK\r\n" + JSON + b"Content-Length: 9999\r\n\r\n" + PAGE, close=True
    ),
    "too long": always(b"HTTP/1.1 200 OK\r\n" + JSON + b"Content-Length: 5\r\n\r\n" + PAGE),
    "no gzip": always(whole("200 OK", PAGE, _GZIP)),
    "latin-1": always(
        whole(
            "200 OK",
            '{"data": [{"item": "Käse"}], "total": 1}'.encode("latin-1"),
            b"Content-Type: application/json; charset=utf-8\r\n",
        )
    ),
    "utf-16": always(whole("200 OK", _UTF_16)),
    "unknown charset": always(
        whole("200 OK", PAGE, b"Content-Type: application/json; charset=klingon\r\n")
    ),
    "no JSON": always(whole("200 OK", b'{"data": [')),
    "redirects": always(_MOVED),
    "HTTP/0.9": always(b"<html>hello</html>", close=True),
    "hangs up": always(b"", close=True),
    "hangs up in its body": always(
        b"HTTP/1.1 200 OK\r\n" + JSON + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"dat',
        close=True,
    ),
    "502": always(whole("502 Bad Gateway", _PROXY, b"Content-Type: text/html\r\n")),
    "503": always(
        whole("503 Service Unavailable", _PROXY, b"Content-Type: text/html\r\nRetry-After: 120\r\n")
    ),
    "1,000 headers": always(
        whole("200 OK", PAGE, JSON + b"".join(b"X-%d: y\r\n" % one for one in range(1_000)))
    ),
    "a long header": always(whole("200 OK", PAGE, JSON + b"X-A: " + b"x" * 1_000_000 + b"\r\n")),
}
