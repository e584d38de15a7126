"""Descriptions, or parts of them, that a URL answers."""

from time import monotonic

import httpx

_MOST_BYTES = 64 * 1024 * 1024
_MOST_SECONDS = 30


class Unfetched(Exception):  # noqa: N818 - it says what came of it
    """A URL did not answer with a text that can be used; the message says why."""


def fetch(url: str) -> str:
    """The text that a URL answers, of at most 64 MiB, within half a minute. Raises Unfetched."""
    until = monotonic() + _MOST_SECONDS
    try:
        with httpx.stream("GET", url, follow_redirects=True, timeout=_MOST_SECONDS / 3) as answer:
            if answer.status_code != httpx.codes.OK:
                raise Unfetched(f"It answers {answer.status_code}. Name a URL that answers 200.")
            content = bytearray()
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > _MOST_BYTES:
                    raise Unfetched(f"It answers more than {_MOST_BYTES} bytes. Keep a copy.")
                if monotonic() > until:
                    raise Unfetched(f"It takes longer than {_MOST_SECONDS} seconds. Keep a copy.")
        return content.decode("utf-8-sig")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unfetched(f"It cannot be fetched: {error}.") from error
    except UnicodeDecodeError as error:
        raise Unfetched(f"It cannot be read as UTF-8 text: {error}.") from error
