"""What a run sends its requests to: anything that answers them."""

from typing import Final, Protocol
from urllib.parse import quote, urlsplit

from contracts.exchange import Headers, NoAnswer, Request, Response, first

TIMEOUT: Final = 10.0
"""Seconds within which an answer has to be there, down to its last byte."""
LONGEST: Final = 16 * 1024 * 1024
"""Bytes of the longest body that is read."""

_SENDABLE = "".join(map(chr, range(0x21, 0x7F)))
"""What may stand in a request target, as far as its bytes go (RFC 9112 section 3.2)."""
_WITH_BODY = {"POST", "PUT", "PATCH"}


class Target(Protocol):
    """Something that answers, and takes several requests at once."""

    @property
    def url(self) -> str:
        """Its base URL, without a slash at the end."""

    def send(self, request: Request) -> Response:
        """The answer to a request that is sent as it is; redirects are answers like others.

        Its body is decoded by `Content-Encoding`. Raises NoAnswer.
        """

    def close(self) -> None:
        """End connections, threads and applications that belong to it."""


class UnusableTarget(Exception):  # noqa: N818 - the counterpart of UnusableDescription
    """Nothing can be tested there; the message says why, and what to do."""


def request_target(url: str) -> str:
    """What stands in the first line of a request for a URL: its path and query.

    It stays as it is: no dots, slashes or escapes are normalised. Only what no request can hold is
    escaped. The fragment is never sent (RFC 9110 section 7.1).
    """
    rest = url.partition("#")[0].partition("://")[2]
    start = min((at for sign in "/?" if (at := rest.find(sign)) >= 0), default=len(rest))
    target = rest[start:]
    return quote(target if target.startswith("/") else f"/{target}", safe=_SENDABLE)


def sent_headers(request: Request) -> Headers:
    """The headers of a request with those that every message needs: `Host`, `Content-Length`."""
    added = []
    if first(request.headers, "host") is None:
        added.append(("Host", urlsplit(request.url).netloc.rpartition("@")[2]))
    if (request.body or request.method in _WITH_BODY) and not _says_length(request):
        added.append(("Content-Length", str(len(request.body))))
    return (*added, *request.headers)


def _says_length(request: Request) -> bool:
    return any(
        first(request.headers, name) is not None for name in ("content-length", "transfer-encoding")
    )


def encoded(text: str) -> bytes:
    """A header's name or value in bytes: as ISO 8859-1 where that will do, else as UTF-8."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


CLOSED: Final = "The connection was closed without an answer."
"""What is said where no byte of an answer came."""


def late(timeout: float, *, begun: bool) -> NoAnswer:
    """What is said of an answer that is not there in time."""
    return NoAnswer(f"The answer did not {'end' if begun else 'come'} within {timeout:g} s.")
