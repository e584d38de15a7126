"""Servers on loopback that answer byte by byte as a test wants."""

import socket
from collections.abc import Callable, Iterator

import pytest

from tests.contracts.targets.talking import Serve, talking


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server that talks so, and gives its URL; `tls` makes it speak TLS."""
    with talking() as start:
        yield start


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
