"""A server on a socket."""

import asyncio
import signal
import socket
import threading

import httpx
import pytest

from mock_server.app import Settings, create_app
from tests.mock_server.control.clients import client
from understudy.serving import (
    Joining,
    ServerThread,
    Unreachable,
    fail,
    listening_socket,
    url_of,
)


def test_any_free_port_is_taken_for_zero() -> None:
    """Two of them never meet."""
    with listening_socket("127.0.0.1", 0) as one, listening_socket("127.0.0.1", 0) as two:
        assert url_of(one).startswith("http://127.0.0.1:")
        assert url_of(one) != url_of(two)


def test_a_port_is_taken_at_once() -> None:
    """A second server learns it before it starts, although the first does not answer yet."""
    with listening_socket("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(Unreachable) as raised:
            listening_socket("127.0.0.1", port)
    assert str(raised.value) == (
        f"Cannot listen on 127.0.0.1:{port}: Address already in use. "
        "Choose another --port (0 takes any free one) or --host."
    )


def test_a_port_is_free_again_at_once() -> None:
    """Who restarts the mock need not wait for the connections of the last one to time out."""
    server = ServerThread(create_app(Settings(apis=["didomi"])))
    server.start()
    port = httpx.URL(server.url).port
    assert port is not None
    with client(server.url) as didomi:
        assert didomi.get("/_understudy/health").status_code == 200
        server.stop()
        listening_socket("127.0.0.1", port).close()


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "nowhere.invalid", "a b", "a" * 300, "..", "127.0.0.1:80", "\x00"]
)
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    """Or what is no address at all, with a reason."""
    with pytest.raises(Unreachable, match=r"Cannot listen on .+: .+\. Choose another"):
        listening_socket(host, 0)


def test_answers_are_not_delayed() -> None:
    """Nagle's algorithm is off: asyncio sees to it only where a socket names its protocol."""
    with listening_socket("127.0.0.1", 0) as bound:
        assert bound.proto == socket.IPPROTO_TCP


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_a_url_with_an_ipv6_address_has_brackets() -> None:
    """RFC 3986 section 3.2.2."""
    try:
        bound = listening_socket("::1", 0)
    except Unreachable:
        pytest.skip("this machine has no IPv6 address")
    with bound:
        assert url_of(bound) == f"http://[::1]:{bound.getsockname()[1]}"


def test_a_server_beside_the_tests_leaves_the_process_alone() -> None:
    """It answers when it has started, ends when it is stopped, and touches no signal."""
    before = signal.getsignal(signal.SIGINT)
    threads = threading.active_count()
    server = ServerThread(create_app(Settings(apis=["didomi"])))
    server.start()
    with client(server.url) as didomi:
        answer = didomi.get("/_understudy/health")
        assert answer.status_code == 200
        assert "server" not in answer.headers
        server.stop()
        with pytest.raises(httpx.ConnectError):
            didomi.get("/_understudy/health")
    assert signal.getsignal(signal.SIGINT) is before
    assert threading.active_count() == threads


def test_a_failure_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the message holds, on standard error, and the code comes back."""
    assert fail("broken\n  at line 1,\n\tcolumn 2", 2) == 2
    assert capsys.readouterr() == ("", "understudy: broken at line 1, column 2\n")


class _Noting(asyncio.Transport):
    """A transport that notes what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent.append(bytes(data))

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True


def test_headers_and_body_go_out_together() -> None:
    """What is written in one turn of the loop is sent as one; what is left goes before the end."""
    transport = _Noting()

    async def answer() -> None:
        joining = Joining(transport)
        joining.write(b"headers ")
        joining.write(b"body")
        await asyncio.sleep(0)
        joining.write(b"last")
        joining.close()
        joining.write(b"lost")
        await asyncio.sleep(0)

    asyncio.run(answer())
    assert transport.sent == [b"headers body", b"last"]
    assert transport.closed
