"""An ASGI application in this process as a target (ASGI 3, with its lifespan protocol)."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any, TypeVar
from urllib.parse import unquote

from contracts.deadline import Deadline
from contracts.exchange import Headers, NoAnswer, OutOfTime, Request, Response
from contracts.target import (
    LONGEST,
    TIMEOUT,
    UnusableTarget,
    encoded,
    late,
    request_target,
    sent_headers,
)
from contracts.targets.encoding import decoded, too_long
from contracts.targets.failure import failed, told, with_error

Message = MutableMapping[str, Any]
App = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]

_T = TypeVar("_T")

_START = 30.0
"""Seconds that an application may take to start."""
_STOP = 5.0
"""Seconds that it may take to shut down."""
_GRACE = 0.05
"""Seconds for an application to return after its answer, so that what fails then is told."""


class AsgiApp:
    """An ASGI application. Its event loop runs in one thread; any thread may send."""

    url = "http://testserver"

    def __init__(
        self,
        app: App,
        *,
        timeout: float = TIMEOUT,
        longest: int = LONGEST,
        deadline: Deadline | None = None,
    ) -> None:
        """Starts the application. Raises UnusableTarget where it cannot start."""
        self._app = app
        self._timeout = timeout
        self._longest = longest
        self._deadline = deadline or Deadline()
        self._running: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._lifespan = _Lifespan(app)
        try:
            self._within(_START, self._lifespan.start())
        except TimeoutError:
            self._lifespan.problem = f"it took more than {_START:g} s"
        if self._lifespan.problem:
            self.close()
            raise UnusableTarget(f"The application did not start: {self._lifespan.problem}.")

    def send(self, request: Request) -> Response:
        """The answer. Raises NoAnswer."""
        seconds = self._deadline.within(self._timeout)
        try:
            # An application that blocks the loop keeps it from noticing that time is over.
            return self._within(seconds + 1, self._answer(request, seconds))
        except TimeoutError:
            if self._deadline.over:
                raise OutOfTime from None
            raise late(self._timeout, begun=False) from None

    def close(self) -> None:
        """Shut the application down, and end its thread."""
        if self._loop.is_closed():
            return
        try:
            self._within(_STOP, self._end())
        except TimeoutError:
            return  # It blocks its loop for good; the thread ends with the process.
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _within(self, seconds: float, work: Coroutine[Any, Any, _T]) -> _T:
        """What the work in the loop comes to. Raises TimeoutError."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            raise

    async def _end(self) -> None:
        await self._lifespan.stop()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._loop.shutdown_asyncgens()

    async def _answer(self, request: Request, seconds: float) -> Response:
        talk = _Talk(request.body, self._longest)
        task = asyncio.create_task(_called(self._app, _scope(request, self._lifespan.state), talk))
        self._running.add(task)
        task.add_done_callback(self._ended)
        over = asyncio.create_task(talk.over.wait())
        await asyncio.wait({task, over}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if talk.complete:
            # The client has its answer now; the application may go on with other work.
            await asyncio.wait({task}, timeout=_GRACE)
        ended = task.done()
        error = task.exception() if ended and not task.cancelled() else None
        if not talk.complete:
            task.cancel()
            self._doubt(talk, error, ended=ended)
        if talk.status is None:
            return failed(error or "The application returned without an answer.")
        body = b"" if request.method == "HEAD" else bytes(talk.body)
        response = Response(talk.status, talk.headers, decoded(talk.headers, body, self._longest))
        return response if error is None else with_error(response, error)

    def _doubt(self, talk: "_Talk", error: BaseException | None, *, ended: bool) -> None:
        """Raise NoAnswer where an answer did not come, or not to its end."""
        begun = talk.status is not None
        if len(talk.body) > self._longest:
            raise too_long(self._longest)
        if not ended and self._deadline.over:
            raise OutOfTime
        if not ended:
            raise late(self._timeout, begun=begun)
        if begun:
            raise NoAnswer(f"The application ended amid its answer ({told(error)}).")

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # Else asyncio would print that nobody asked for it.


class _Talk:
    """One request and its answer, as an application sees them."""

    def __init__(self, asked: bytes, longest: int) -> None:
        self.status: int | None = None
        self.headers: Headers = ()
        self.body = bytearray()
        self.complete = False
        self.over = asyncio.Event()
        """Whether nothing more is wanted: the answer is complete, or too long."""
        self._asked: bytes | None = asked
        self._longest = longest

    async def receive(self) -> Message:
        """The request, and then that the client is gone, once it is."""
        if self._asked is not None:
            body, self._asked = self._asked, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self.over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Takes a part of the answer; what comes after its end is dropped, as servers do."""
        if self.over.is_set():
            await asyncio.sleep(0)
        elif message["type"] == "http.response.start":
            self.status = int(message["status"])
            self.headers = tuple(
                (bytes(name).decode("latin-1"), bytes(value).decode("latin-1"))
                for name, value in message.get("headers", ())
            )
        elif message["type"] == "http.response.body":
            if self.status is None:
                raise RuntimeError("A body came before the start of its answer.")
            self.body += message.get("body", b"")
            self.complete = not message.get("more_body", False)
            if self.complete or len(self.body) > self._longest:
                self.over.set()
            else:
                # Lets others run, and whoever waits for this answer notice that it is late.
                await asyncio.sleep(0)


class _Lifespan:
    """The life of an application; one that knows nothing of lifespans lives without."""

    def __init__(self, app: App) -> None:
        self.problem = ""
        """Why it did not start."""
        self.state: dict[str, Any] = {}
        """What it keeps for its requests."""
        self._app = app
        self._started = asyncio.Event()
        self._stopping = asyncio.Event()
        self._stopped = asyncio.Event()
        self._asked = False
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._live())
        await self._started.wait()

    async def stop(self) -> None:
        self._stopping.set()
        if self._task is not None:
            await self._stopped.wait()
            await self._task

    async def _live(self) -> None:
        scope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": self.state,
        }
        try:
            await self._app(scope, self._receive, self._send)
        except Exception as error:  # noqa: BLE001 - how an application says that it has none
            if self.problem:
                self.problem = told(error)
        finally:
            self._started.set()
            self._stopped.set()

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "lifespan.startup"}
        await self._stopping.wait()
        return {"type": "lifespan.shutdown"}

    async def _send(self, message: Message) -> None:
        match message["type"]:
            case "lifespan.startup.failed":
                lines = str(message.get("message", "")).strip().splitlines()
                self.problem = lines[-1] if lines else "it says no more"
                self._started.set()
            case "lifespan.startup.complete":
                self._started.set()
            case "lifespan.shutdown.complete" | "lifespan.shutdown.failed":
                self._stopped.set()


async def _called(app: App, scope: Message, talk: _Talk) -> None:
    try:
        await app(scope, talk.receive, talk.send)
    except (SystemExit, KeyboardInterrupt) as error:
        # These would end the loop, as they would end a server.
        raise RuntimeError(f"It left by {type(error).__name__}.") from error


def _scope(request: Request, state: dict[str, Any]) -> Message:
    path, _, query = request_target(request.url).partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(encoded(name).lower(), encoded(text)) for name, text in sent_headers(request)],
        "client": ("127.0.0.1", 50000),
        "server": ("testserver", 80),
        "state": dict(state),
    }
