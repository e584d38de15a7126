"""Codings of a request body: `Content-Encoding` (RFC 9110 section 8.4)."""

import zlib

from mock_server.refusals import BadRequest, TooLarge, UnsupportedMediaType

MOST_BYTES = 10 * 1024 * 1024
"""The largest request body that is read, as it is sent and as it is decoded."""

_WINDOWS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
"""What zlib calls each coding. Some clients send `deflate` without its wrapping."""


def decoded(body: bytes, codings: str) -> bytes:
    """The body without the codings of a `Content-Encoding` header, the last one first.

    Raises UnsupportedMediaType for a coding that is not known, BadRequest where the body does not
    fit its coding, and TooLarge where it would become larger than MOST_BYTES.
    """
    for listed in reversed(codings.split(",")):
        coding = listed.strip().lower()
        if coding in {"identity", ""}:
            continue
        if coding not in _WINDOWS:
            raise UnsupportedMediaType(
                f"The body's content coding is {coding[:40]!r}; gzip and deflate are read.",
                headers={"Accept-Encoding": "gzip, deflate"},
            )
        body = _inflated(body, coding)
    return body


def _inflated(body: bytes, coding: str) -> bytes:
    for window in _WINDOWS[coding]:
        try:
            return _within_limit(body, window)
        except zlib.error:
            continue
    raise BadRequest(f"The body does not fit its content coding, {coding}.")


def _within_limit(body: bytes, window: int) -> bytes:
    """Several gzip members in a row are one body (RFC 1952 section 2.2)."""
    found = b""
    while body:
        decompressor = zlib.decompressobj(window)
        found += decompressor.decompress(body, MOST_BYTES + 1 - len(found))
        if len(found) > MOST_BYTES:
            raise TooLarge(
                f"The body is larger than {MOST_BYTES} bytes once it is decoded, "
                "the most that is read."
            )
        if not decompressor.eof:
            raise zlib.error("the body ends too early")
        body = decompressor.unused_data
    return found
