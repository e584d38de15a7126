"""Servers on loopback that answer byte by byte as a test wants."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

Talk = Callable[[socket.socket, int], None]
"""What a server does on a connection; it gets the connection's number, from 0."""
Serve = Callable[..., str]


def certificate(name: str = "localhost") -> Path:
    """A certificate with its key: of `localhost`, one that has `expired`, or of `elsewhere`."""
    return Path(__file__).with_name(f"{name}.pem")


@contextmanager
def talking() -> Iterator[Serve]:
    """Starts servers that talk so, and gives their URLs; `tls` makes one speak TLS."""
    listeners: list[socket.socket] = []
    connections: list[socket.socket] = []

    def start(talk: Talk, *, tls: bool = False, who: str = "localhost") -> str:
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        listeners.append(listener)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(who))

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
                for number in range(100_000):
                    connection, _ = listener.accept()
                    connections.append(connection)
                    threading.Thread(target=handle, args=(connection, number), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        host, port = listener.getsockname()
        return f"{'https' if tls else 'http'}://{host}:{port}"

    try:
        yield start
    finally:
        for one in (*listeners, *connections):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
