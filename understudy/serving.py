"""A server on a socket: in the foreground for the command line, in a thread for tests."""

import asyncio
import gc
import logging
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

import uvicorn

from mock_server.gateway.gateway import Asgi

_BACKLOG = 2048
"""How many connections may wait; uvicorn's own figure."""


def _is_news(record: logging.LogRecord) -> bool:
    """Requests that are cut off because the server ends, before they were whole, are none."""
    kind = record.exc_info[0] if record.exc_info else None
    cancelled = kind is not None and issubclass(kind, asyncio.CancelledError)
    return not cancelled and not str(record.msg).startswith("Cancel %s running task(s)")


logging.getLogger("uvicorn.error").addFilter(_is_news)


class Unreachable(Exception):  # noqa: N818 - the address is what fails
    """The server cannot listen where it was told to."""


def listening_socket(host: str, port: int) -> socket.socket:
    """A bound socket. Raises Unreachable where the address is taken or not of this machine."""
    try:
        family, kind, protocol, *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # asyncio answers without Nagle's delay of 40 ms only where the protocol is named.
        bound = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise _unreachable(host, port, error) from error
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        # Two servers may bind an address that neither listens on yet.
        bound.listen(_BACKLOG)
    except OSError as error:
        bound.close()
        raise _unreachable(host, port, error) from error
    return bound


def _unreachable(host: str, port: int, error: OSError | UnicodeError) -> Unreachable:
    reason = getattr(error, "strerror", None) or error
    return Unreachable(
        f"Cannot listen on {host}:{port}: {reason}. "
        "Choose another --port (0 takes any free one) or --host."
    )


def url_of(bound: socket.socket) -> str:
    """Where clients reach a bound socket."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Joining:
    """A transport that sends what is written in one turn of the loop with one system call.

    An ASGI server writes an answer's headers and its body one after the other; sending them apart
    costs a quarter of the time that a small answer takes.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._call_soon = asyncio.get_running_loop().call_soon
        self._written: list[bytes] = []
        self.is_closing = transport.is_closing
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading
        self.get_extra_info = transport.get_extra_info
        self.set_protocol = transport.set_protocol

    def write(self, data: bytes) -> None:
        """Send it at the end of this turn."""
        if not self._written:
            self._call_soon(self._send)
        self._written.append(data)

    def close(self) -> None:
        """Send what is left, then close."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        data = b"".join(self._written)
        self._written.clear()
        if data and not self.is_closing():
            self._transport.write(data)


def _joining(protocol: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
    """The HTTP protocol, over a transport that joins what is written."""

    class Joined(protocol):  # type: ignore[misc, valid-type]
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(Joining(transport))

    return Joined


class Server(uvicorn.Server):
    """A uvicorn server that says when it answers."""

    def __init__(self, app: Asgi, on_ready: Callable[[], None]) -> None:
        config: dict[str, Any] = {
            "lifespan": "on",
            "log_level": "warning",
            "access_log": False,
            "server_header": False,
            "timeout_graceful_shutdown": 2,
            "ws": "none",
        }
        loaded = uvicorn.Config(app, **config)
        loaded.load()
        loaded.http_protocol_class = _joining(loaded.http_protocol_class)
        super().__init__(loaded)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then tell."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def serve(app: Asgi, bound: socket.socket) -> None:
    """Serve until interrupted."""
    url = url_of(bound)

    def announce() -> None:
        print(f"Understudy is listening on {url}", flush=True)

    # What exists now stays; what requests leave behind are rows and journal entries, hardly ever
    # cycles. Looking through all of it often would cost a third of the speed.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    Server(app, announce).run(sockets=[bound])


class ServerThread:
    """A server beside the tests of one process."""

    def __init__(self, app: Asgi) -> None:
        self._socket = listening_socket("127.0.0.1", 0)
        self.url = url_of(self._socket)
        self._ready = threading.Event()
        self._server = Server(app, self._ready.set)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        # In a thread, uvicorn must not touch the process's signals: serve() would.
        asyncio.run(self._server._serve([self._socket]))  # noqa: SLF001

    def start(self) -> None:
        """Return when it answers."""
        self._thread.start()
        if not self._ready.wait(timeout=30):
            raise Unreachable("The server did not start within 30 seconds.")

    def stop(self) -> None:
        """Stop it and wait for its end."""
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()


def fail(message: str, code: int) -> int:
    """One line to standard error, and the exit code."""
    print(f"understudy: {' '.join(message.split())}", file=sys.stderr)
    return code
