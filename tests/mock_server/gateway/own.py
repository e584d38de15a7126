"""APIs that a test describes itself, served within the process."""

import asyncio
from pathlib import Path
from textwrap import dedent
from typing import Any

import httpx

from mock_server.app import Settings, create_app
from mock_server.gateway.gateway import Asgi, Options

HEAD = "openapi: 3.1.0\ninfo: {title: Own, version: '1'}\n"
ECHO = """
def echo(sandbox, **arguments):
    return arguments
"""
"""A behaviour that answers with the arguments that it got."""
PROBLEMS = """
from mock_server.refusals import problem

def refusal(sandbox, refusal):
    return problem(refusal)
"""
"""Added to every behaviour without a word of its own for refusals: each is problem details."""


class InProcess(httpx.BaseTransport):
    """Lets a plain client talk to an ASGI application; each request has its own event loop."""

    def __init__(self, app: Asgi) -> None:
        self._transport = httpx.ASGITransport(app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request, and read the whole answer."""
        return asyncio.run(self._exchange(request))

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        return httpx.Response(
            answer.status_code, headers=answer.headers.raw, content=await answer.aread()
        )


def own_app(
    folder: Path, description: str, behaviour: str = "", *, options: Options | None = None
) -> Asgi:
    """The server of one API: `description` is YAML, without a head; `behaviour` is Python."""
    (folder / "own.yaml").write_text(HEAD + dedent(description), encoding="utf-8")
    written = dedent(behaviour) + ("" if "def refusal(" in behaviour else PROBLEMS)
    (folder / "own_behaviour.py").write_text(written, encoding="utf-8")
    return create_app(
        Settings(
            apis=[str(folder / "own.yaml")],
            behaviours=str(folder / "own_behaviour.py"),
            options=options or Options(),
        )
    )


def client_of(app: Asgi, **more: Any) -> httpx.Client:
    """A client of an application."""
    return httpx.Client(transport=InProcess(app), base_url="http://mock.test", **more)


_apps: dict[tuple[str, str, Options | None], Asgi] = {}


def own_api(
    folder: Path, description: str, behaviour: str = "", *, options: Options | None = None
) -> httpx.Client:
    """A client of the server of one API, which remembers nothing; the same API is made once."""
    key = (description, behaviour, options)
    if key not in _apps:
        _apps[key] = own_app(folder, description, behaviour, options=options)
    client = client_of(_apps[key])
    for entry in client.get("/_understudy/sandboxes").json()["entries"]:
        client.delete(f"/_understudy/sandboxes/{entry['name']}")
    return client


def refused(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem that a refusal describes."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    return problem


def places(answer: httpx.Response, status: int = 422) -> list[tuple[str, str]]:
    """Where a refused request is wrong: each fault's place and pointer."""
    return [(fault["in"], fault["pointer"]) for fault in refused(answer, status)["errors"]]


def journal(client: httpx.Client) -> list[dict[str, Any]]:
    """The exchanges of the default sandbox."""
    entries: list[dict[str, Any]] = client.get("/_understudy/journal").json()["entries"]
    return entries
