"""A target over HTTP, at any base URL.

httpcore does the protocol: it sends a request target as it is (httpx and requests normalise URLs),
and its network is exchangeable, so that one deadline can bound a whole answer and not each read.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from typing import Any
from urllib.parse import urlsplit

import httpcore

from contracts.deadline import Deadline
from contracts.exchange import Headers, NoAnswer, OutOfTime, Request, Response, first
from contracts.target import (
    CLOSED,
    LONGEST,
    TIMEOUT,
    UnusableTarget,
    encoded,
    late,
    request_target,
    sent_headers,
)
from contracts.targets.encoding import decoded, too_long

_FAULTS = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException)
_CUT = (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError)
"""How it shows that the other end is gone."""
_WHILE = 1.0
"""Seconds that a stream of events is listened to."""
_TURN = 0.25
"""Seconds that a read waits at a time."""
_OUT_OF_DATE = {
    9: "is not valid yet: mend the clock here, or renew it",
    10: "has expired: renew it",
}
_OTHER_NAME = {62, 64}
"""OpenSSL's numbers of what may be wrong with a certificate (its `x509_vfy.h`)."""


class OverHttp:
    """A target at a base URL. Connections are kept and shared; several threads may send at once."""

    def __init__(
        self,
        url: str,
        *,
        timeout: float = TIMEOUT,
        longest: int = LONGEST,
        deadline: Deadline | None = None,
    ) -> None:
        """Raises UnusableTarget where the URL is none of http or https.

        `timeout` is the seconds for a whole answer, `longest` the bytes of its body; nothing is
        waited for beyond the deadline.
        """
        self.url = url.rstrip("/")
        parts = _parts(self.url)
        if parts is None:
            raise UnusableTarget(f"{url!r} is no URL to test: write http://HOST:PORT or https://….")
        self._origin = f"{parts[0]}://{parts[1]}:{parts[2]}"
        self._timeout = timeout
        self._longest = longest
        self._deadline = deadline or Deadline()
        self._attempt = _Attempt(self._deadline)
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=None,
            network_backend=_Network(self._attempt),
        )

    def send(self, request: Request) -> Response:
        """The answer. Raises NoAnswer."""
        self._attempt.until = time.monotonic() + self._deadline.within(self._timeout)
        while True:
            self._attempt.connected = self._attempt.received = False
            self._attempt.shaking_hands = False
            try:
                return self._sent(request)
            except _CUT as error:
                # A connection that was kept may have been closed meanwhile: that says nothing of
                # the request. Each that fails is dropped, so this ends with a new one.
                if self._attempt.connected or self._attempt.received:
                    raise self._told(error) from error
            except _FAULTS as error:
                raise self._told(error) from error

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def _sent(self, request: Request) -> Response:
        parts = _parts(request.url)
        if parts is None:
            raise NoAnswer("The URL is none that can be asked.")
        scheme, host, port = parts
        url = httpcore.URL(
            scheme=scheme.encode(),
            host=host.encode("idna") if not host.isascii() else host.encode(),
            port=port,
            target=request_target(request.url).encode(),
        )
        # No `Accept-Encoding`: compressed, an answer may be another one, with a weaker ETag.
        headers = [(encoded(name), encoded(value)) for name, value in sent_headers(request)]
        with self._pool.stream(
            request.method, url, headers=headers, content=request.body or None
        ) as answer:
            came = tuple(
                (name.decode("latin-1"), text.decode("latin-1")) for name, text in answer.headers
            )
            body = self._read(answer.iter_stream(), is_stream=_is_stream(came))
            return Response(answer.status, came, decoded(came, body, self._longest))

    def _read(self, chunks: Iterable[bytes], *, is_stream: bool) -> bytes:
        """The body; of a stream of events, which need not end, what comes in a while."""
        if is_stream:
            self._attempt.until = min(self._attempt.until, time.monotonic() + _WHILE)
        body = bytearray()
        with suppress(httpcore.ReadTimeout) if is_stream else nullcontext():
            for chunk in chunks:
                body += chunk
                if len(body) > self._longest:
                    raise too_long(self._longest)
        return bytes(body)

    def _told(self, error: Exception) -> NoAnswer:
        """An error in words: what happened, and what to do where nothing can be reached."""
        cause = error.__context__ or error  # what the network raised
        if isinstance(cause, ssl.SSLError) or self._attempt.shaking_hands:
            return NoAnswer(self._told_of_tls(cause), unreachable=True)
        if isinstance(error, httpcore.ConnectTimeout | httpcore.ConnectError):
            return NoAnswer(self._told_of_connecting(cause), unreachable=True)
        if isinstance(error, httpcore.TimeoutException):
            over = self._deadline.over
            return OutOfTime() if over else late(self._timeout, begun=self._attempt.received)
        if isinstance(error, httpcore.LocalProtocolError):
            return NoAnswer(f"The request cannot be sent: {error}.")
        is_some = self._attempt.received
        told = str(error).rstrip(".")
        return NoAnswer(f"What came is no whole HTTP answer: {told}." if is_some else CLOSED)

    def _told_of_tls(self, cause: BaseException) -> str:
        if isinstance(cause, ssl.SSLCertVerificationError):
            told = f"The certificate of {self._origin} "
            if cause.verify_code in _OUT_OF_DATE:
                return f"{told}{_OUT_OF_DATE[cause.verify_code]}."
            if cause.verify_code in _OTHER_NAME:
                return f"{told}is for another host: write the one that it is for in --url."
            return (
                f"{told}is not trusted ({cause.verify_message}): name the file of the authority "
                "that issued it in SSL_CERT_FILE."
            )
        reason = "nothing came back"
        if isinstance(cause, ssl.SSLError):
            reason = (cause.reason or str(cause)).lower().replace("_", " ")
        return f"TLS with {self._origin} failed ({reason}): is it http:// and not https://?"

    def _told_of_connecting(self, cause: BaseException) -> str:
        if isinstance(cause, socket.gaierror):
            return f"The host of {self._origin} is not known: mend --url, or the network."
        if isinstance(cause, TimeoutError | httpcore.ConnectTimeout):
            return (
                f"{self._origin} does not answer within {self._timeout:g} s: is it up, and may "
                "this machine reach it?"
            )
        if isinstance(cause, ConnectionRefusedError):
            return f"Nothing listens at {self._origin}: start it, or mend --url."
        return f"{self._origin} cannot be reached ({cause}): start it, or mend --url."


class _Attempt(threading.local):
    """What a thread's request has come to."""

    until: float = 0.0
    """When it must be answered, in seconds of `time.monotonic`."""
    connected: bool = False
    """Whether it opened a connection of its own."""
    shaking_hands: bool = False
    """Whether TLS has begun on it, and is not agreed yet."""
    received: bool = False
    """Whether a byte of an answer came."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def left(self, late: type[Exception]) -> float:
        """The seconds that are left. Raises `late` where none are."""
        left = min(self.until, self._deadline.until) - time.monotonic()
        if left <= 0:
            raise late
        return left


class _Network(httpcore.NetworkBackend):
    """Connections that keep to the deadline of the request that uses them."""

    def __init__(self, attempt: _Attempt) -> None:
        self._network = httpcore.SyncBackend()
        self._attempt = attempt

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline decides
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        self._attempt.connected = True
        left = self._attempt.left(httpcore.ConnectTimeout)
        stream = self._network.connect_tcp(host, port, left, local_address, socket_options)
        return _Stream(stream, self._attempt)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, attempt: _Attempt) -> None:
        self._stream = stream
        self._attempt = attempt

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        while True:
            left = self._attempt.left(httpcore.ReadTimeout)
            # In short turns, so that a deadline that is moved meanwhile counts.
            with suppress(httpcore.ReadTimeout):
                data = self._stream.read(max_bytes, min(left, _TURN))
                self._attempt.received = self._attempt.received or bool(data)
                return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._attempt.left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        left = self._attempt.left(httpcore.ConnectTimeout)
        self._attempt.shaking_hands = True
        secured = self._stream.start_tls(ssl_context, server_hostname, left)
        self._attempt.shaking_hands = False
        return _Stream(secured, self._attempt)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _is_stream(headers: Headers) -> bool:
    return (first(headers, "content-type") or "").lower().startswith("text/event-stream")


def _parts(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of a URL; None where it is none of http or https."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80)
