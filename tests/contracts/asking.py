"""Asks an ASGI application in process."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx

from contracts.liar import Asgi


class Asker:
    """A client of an application, with headers that every request carries."""

    def __init__(self, app: Asgi, headers: Mapping[str, str] | None = None) -> None:
        self._app = app
        self._headers = dict(headers or {})

    def carrying(self, **headers: str) -> "Asker":
        """The same client with more headers."""
        return Asker(self._app, {**self._headers, **headers})

    def __call__(self, line: str, sent: Any = None, **headers: str) -> httpx.Response:
        """The answer to `METHOD /path`, with a JSON body where one is given."""
        return self.together((line, sent), **headers)[0]

    def together(self, *asked: tuple[str, Any], **headers: str) -> list[httpx.Response]:
        """The answers to several requests that are under way at the same time."""
        return asyncio.run(self._together(asked, {**self._headers, **headers}))

    async def _together(
        self, asked: tuple[tuple[str, Any], ...], headers: Mapping[str, str]
    ) -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            requests = []
            for line, sent in asked:
                method, _, path = line.partition(" ")
                body = {} if sent is None else {"json": sent}
                requests.append(client.request(method, path, headers=headers, **body))
            return list(await asyncio.gather(*requests))
