"""Servers on loopback that answer byte by byte as a test wants."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

Talk = Callable[[socket.socket, int], None]
"""What a server does on a connection; it gets the connection's number, from 0."""
Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server that talks so, and gives its URL; `tls` makes it speak TLS."""
    listeners: list[socket.socket] = []
    connections: list[socket.socket] = []

    def start(talk: Talk, *, tls: bool = False) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(Path(__file__).with_name("localhost.pem"))

        def handle(connection: socket.socket, number: int) -> None:
            # A client may be gone at any moment: that ends the talk, and is no fault of the test.
            with suppress(OSError), connection:
                if not tls:
                    talk(connection, number)
                    return
                with context.wrap_socket(connection, server_side=True) as secured:
                    talk(secured, number)

        def accept() -> None:
            with suppress(OSError):
                for number in range(1_000):
                    connection, _ = listener.accept()
                    connections.append(connection)
                    threading.Thread(target=handle, args=(connection, number), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        host, port = listener.getsockname()
        return f"{'https' if tls else 'http'}://{host}:{port}"

    yield start
    for one in (*listeners, *connections):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


@pytest.fixture
def asked() -> Callable[[socket.socket], bytes]:
    """Reads one request without a body, up to its empty line; empty when the client is gone."""

    def read(connection: socket.socket) -> bytes:
        data = b""
        while not data.endswith(b"\r\n\r\n"):
            more = connection.recv(65536)
            if not more:
                return b""
            data += more
        return data

    return read
