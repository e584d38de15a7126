"""Bodies as they were before `Content-Encoding` (RFC 9110 section 8.4)."""

import zlib

from contracts.exchange import Headers, NoAnswer, first

_ANY_HEADER = zlib.MAX_WBITS | 32
"""Tells zlib to find out whether gzip's header or its own comes."""


def decoded(headers: Headers, body: bytes, longest: int) -> bytes:
    """The body without its encodings; one of a kind that nobody asked for stays encoded.

    Raises NoAnswer where the body is not what is said, or too long once it is decoded.
    """
    named = [one.strip().lower() for one in (first(headers, "content-encoding") or "").split(",")]
    for name in reversed(named):
        if not body or name not in {"gzip", "x-gzip", "deflate"}:
            return body
        try:
            body = _inflated(body, longest, raw=name == "deflate")
        except zlib.error as error:
            raise NoAnswer(f"The body is not the {name} that Content-Encoding says.") from error
        if len(body) > longest:
            raise too_long(longest)
    return body


def too_long(longest: int) -> NoAnswer:
    """What is said of a body that does not end."""
    return NoAnswer(f"The body does not end: it is longer than {longest} bytes.")


def _inflated(body: bytes, longest: int, *, raw: bool) -> bytes:
    try:
        return _members(body, longest, _ANY_HEADER)
    except zlib.error:
        if not raw:
            raise
        # Some servers send deflate without zlib's header.
        return _members(body, longest, -zlib.MAX_WBITS)


def _members(body: bytes, longest: int, window: int) -> bytes:
    """All members of a stream (RFC 1952 section 2.2), up to a byte more than the longest."""
    whole = b""
    while body and len(whole) <= longest:
        reader = zlib.decompressobj(window)
        whole += reader.decompress(body, longest + 1 - len(whole))
        if not reader.eof and not reader.unconsumed_tail:
            raise zlib.error("It ends too early.")
        body = reader.unused_data
    return whole
