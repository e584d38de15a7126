"""Laws provoked on the mock in process, honest or with a liar around it."""

import asyncio
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from urllib.parse import unquote, urlsplit

from contracts.api import Api
from contracts.exchange import Request, Response
from contracts.history import History
from contracts.law import Chance, Law
from contracts.play import Player
from contracts.samples import Samples
from contracts.stage import Impossible, Proven, Stage
from mock_server.api import Serving
from mock_server.app import Settings, create_app
from mock_server.gateway.gateway import Asgi, Message, Scope
from openapi.description import Operation
from openapi.synthesis import Unsatisfiable
from tests.contracts.histories import URL, api_of


@dataclass
class InProcess:
    """Sends requests to an ASGI application that runs in a loop of its own."""

    app: Asgi
    loop: asyncio.AbstractEventLoop
    headers: tuple[tuple[str, str], ...] = ()
    url: str = URL

    def send(self, request: Request, operation: Operation, who: str, variant: int) -> Response:
        """The answer; whoever sends it, it has the same credentials."""
        del operation, who, variant
        return asyncio.run_coroutine_threadsafe(self._answer(request), self.loop).result(10)

    async def _answer(self, request: Request) -> Response:
        told: list[Message] = []
        parts = urlsplit(request.url)
        headers = [*request.headers, *self.headers, ("Content-Length", str(len(request.body)))]
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [
                (b"host", b"testserver"),
                *((name.lower().encode(), value.encode("latin-1")) for name, value in headers),
            ],
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }

        async def receive() -> Message:
            return {"type": "http.request", "body": request.body, "more_body": False}

        async def send(message: Message) -> None:
            told.append(message)

        await self.app(scope, receive, send)
        start = next(one for one in told if one["type"] == "http.response.start")
        body = b"".join(one.get("body", b"") for one in told if one is not start)
        headers_told = [(key.decode(), text.decode("latin-1")) for key, text in start["headers"]]
        return Response(start["status"], tuple(headers_told), body)


class NoTime:
    """A clock that nobody knows."""

    def now(self) -> None:
        """Nobody knows."""

    def let_pass(self, seconds: float) -> bool:
        """It cannot be moved."""
        del seconds
        return False


@dataclass
class Provoked:
    """What came of a law's walks."""

    histories: list[History] = field(default_factory=list)
    chances: list[Chance] = field(default_factory=list)
    """What the law itself found in them."""

    @property
    def problems(self) -> list[str]:
        """What was broken, once each."""
        return list(dict.fromkeys(one.problem for one in self.chances if one.problem))

    @property
    def kept(self) -> int:
        """How often it was kept."""
        return sum(not one.problem for one in self.chances)

    def judged(self, laws: Sequence[Law]) -> dict[str, list[str]]:
        """What any law finds broken in them, with the requests that show it."""
        found: dict[str, list[str]] = {}
        for history in self.histories:
            for law in laws:
                for chance in law.judge(history):
                    if chance.problem:
                        shown = "; ".join(one.short for one in chance.exchanges)
                        found.setdefault(law.name, []).append(f"{chance.problem} ({shown})")
        return found


@cache
def mock(path: Path) -> Asgi:
    """The honest mock of a description."""
    serving = Serving(strict_state=True)
    return create_app(Settings(apis=[str(path)], serving=serving))


@cache
def api_at(path: Path) -> Api:
    """The API in a file, read once."""
    return api_of(path)


@contextmanager
def looping() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def provoked(law: Law, api: Api, app: Asgi, rounds: int = 2) -> Provoked:
    """Play every walk of a law; the first round is without chance."""
    assert law.subjects is not None
    assert law.provoke is not None
    found = Provoked()
    samples, proven = Samples(api), Proven()
    with looping() as loop:
        for number in range(rounds):
            for index, subject in enumerate(law.subjects(api)):
                random = Random(f"{index}/{number}") if number else None
                stage = Stage(api, samples, proven, random)
                try:
                    law.provoke(stage, subject)
                except (Impossible, Unsatisfiable):
                    continue
                sandbox = (("Understudy-Sandbox", f"s{secrets.token_hex(4)}"),)
                history = Player(api, InProcess(app, loop, sandbox), NoTime()).play(
                    stage.walk(law.name)
                )
                for step, recipe in stage.recipes.items():
                    for one in history:
                        if one.index == step:
                            proven.note(one.operation.key, recipe, accepted=one.ok)
                found.histories.append(history)
                found.chances += law.judge(history)
    return found
