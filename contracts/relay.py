"""What others would send with `requests`, sent by a target: within its limits, at its pace."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from io import BytesIO
from typing import Any

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from contracts.exchange import NoAnswer, Request, Response


class Relay(BaseAdapter):
    """An adapter for sessions of `requests` that gives each request to `send`.

    What becomes of it is what a target promises: a deadline for the whole answer, a longest body,
    no redirect followed.
    """

    def __init__(self, send: Callable[[Request], Response]) -> None:
        super().__init__()
        self._send = send
        self._adapter = HTTPAdapter()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002 - as the adapter of `requests` has it
        timeout: Any = None,  # noqa: ARG002
        verify: bool | str = True,  # noqa: ARG002
        cert: Any = None,  # noqa: ARG002
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> requests.Response:
        """The answer. Raises requests.ConnectionError with the words of NoAnswer."""
        asked = Request(
            request.method or "GET",
            request.url or "",
            # Blanks around a value are no part of it (RFC 9110 section 5.5), and HTTP refuses them.
            tuple((_text(name), _text(value).strip()) for name, value in request.headers.items()),
            _bytes(request.body),
        )
        try:
            answer = self._send(asked)
        except NoAnswer as error:
            raise requests.ConnectionError(str(error), request=request) from error
        raw = HTTPResponse(
            body=BytesIO(answer.body),
            headers=HTTPHeaderDict(answer.headers),
            status=answer.status,
            reason=_reason(answer.status),
            version=11,
            preload_content=False,
        )
        made = self._adapter.build_response(request, raw)
        # It is decoded already, whatever its headers say.
        made._content, made._content_consumed = answer.body, True  # noqa: SLF001
        return made

    def close(self) -> None:
        """Nothing is left to close: the target lives on."""


def _reason(status: int) -> str:
    return next((one.phrase for one in HTTPStatus if one == status), "")


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _bytes(body: Any) -> bytes:
    """A body as it is sent; one that is read piece by piece is read to its end."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    if hasattr(body, "read"):
        return _bytes(body.read())
    return b"".join(map(_bytes, body))
