"""An ASGI application in this process answers as it would behind a server."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from contracts.exchange import NoAnswer, Request, Response
from contracts.target import UnusableTarget
from contracts.targets.asgi import App, AsgiApp

BASE = "http://testserver"


@contextmanager
def target(app: App, *, timeout: float = 5, longest: int = 100_000) -> Iterator[AsgiApp]:
    """A target that is closed again."""
    made = AsgiApp(app, timeout=timeout, longest=longest)
    try:
        yield made
    finally:
        made.close()


def answer(app: App, request: Request | None = None, *, timeout: float = 5) -> Response:
    """The answer of an application to one request."""
    with target(app, timeout=timeout) as made:
        return made.send(request or Request("GET", f"{BASE}/"))


def reason(app: App, *, timeout: float = 5) -> str:
    """Why an application gave no answer to one request."""
    with target(app, timeout=timeout) as made, pytest.raises(NoAnswer) as caught:
        made.send(Request("GET", f"{BASE}/"))
    assert not caught.value.unreachable
    return str(caught.value)


async def started(send: Any, status: int = 200, headers: tuple[Any, ...] = ()) -> None:
    """The start of an answer."""
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def ended(send: Any, body: bytes = b"") -> None:
    """The end of an answer."""
    await send({"type": "http.response.body", "body": body})


def without_lifespan(scope: Any) -> None:
    """What an application does that knows of HTTP only."""
    assert scope["type"] == "http"


def test_a_request_arrives_as_it_is() -> None:
    """Path, query, headers and body come through, the path also as it was written."""
    seen: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        without_lifespan(scope)
        seen.update(scope, body=await receive())
        await started(send, 201, ((b"x-a", b"\xe9"), (b"Set-Cookie", b"a"), (b"Set-Cookie", b"b")))
        await send({"type": "http.response.body", "body": b"do", "more_body": True})
        await ended(send, b"ne")

    url = f"{BASE}/a%2Fb/%C3%A9/../c?q=%20+&q"
    came = answer(app, Request("PATCH", url, (("X-Unit", "✓"),), b"body"))
    assert came.status == 201
    assert came.body == b"done"
    assert came.headers == (("x-a", "é"), ("Set-Cookie", "a"), ("Set-Cookie", "b"))
    assert seen["method"] == "PATCH"
    assert seen["path"] == "/a/b/é/../c"
    assert seen["raw_path"] == b"/a%2Fb/%C3%A9/../c"
    assert seen["query_string"] == b"q=%20+&q"
    assert seen["body"] == {"type": "http.request", "body": b"body", "more_body": False}
    assert (b"host", b"testserver") in seen["headers"]
    assert (b"content-length", b"4") in seen["headers"]
    assert (b"x-unit", "✓".encode()) in seen["headers"]


def test_an_application_lives_from_start_to_close() -> None:
    """It is started once, what it keeps is there for each request, and it is shut down."""
    told = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            told.append((await receive())["type"])
            scope["state"]["pool"] = "full"
            await send({"type": "lifespan.startup.complete"})
            told.append((await receive())["type"])
            await send({"type": "lifespan.shutdown.complete"})
        else:
            told.append(scope["state"]["pool"])
            await started(send)
            await ended(send)

    with target(app) as made:
        made.send(Request("GET", BASE))
        made.send(Request("GET", BASE))
        made.close()
    assert told == ["lifespan.startup", "full", "full", "lifespan.shutdown"]


@pytest.mark.parametrize("raises", [True, False])
def test_an_application_that_cannot_start_is_unusable(*, raises: bool) -> None:
    """The reason of an application that fails to start is told."""

    async def app(_: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "Traceback:\nno database"})
        if raises:
            raise OSError("no database")

    with pytest.raises(UnusableTarget, match=r"did not start: (OSError: )?no database"):
        AsgiApp(app)


def test_what_an_application_raises_is_an_answer_500() -> None:
    """An application that fails answers as a server would for it, with the reason in a header."""

    async def app(scope: Any, _: Any, __: Any) -> None:
        without_lifespan(scope)
        raise ValueError("what\nwent wrong")

    came = answer(app)
    assert came.status == 500
    told = came.header("understudy-error") or ""
    assert told.startswith("ValueError: what went wrong (test_asgi.py:")


def test_an_answer_to_its_own_failure_is_kept() -> None:
    """Frameworks answer 500 and raise on: the answer is theirs, the reason is told."""

    async def app(scope: Any, _: Any, send: Any) -> None:
        without_lifespan(scope)
        await started(send, 500)
        await ended(send, b"sorry")
        await asyncio.sleep(0.001)
        raise ValueError("deep inside")

    came = answer(app)
    assert (came.status, came.body) == (500, b"sorry")
    assert "deep inside" in (came.header("understudy-error") or "")


def test_an_answer_without_an_end() -> None:
    """What an application begins and does not end is no answer."""

    async def app(scope: Any, _: Any, send: Any) -> None:
        without_lifespan(scope)
        await started(send)
        raise ValueError("halfway")

    assert reason(app).startswith("The application ended amid its answer (ValueError: halfway")


def test_an_application_that_says_nothing() -> None:
    """Returning without an answer is a failure."""

    async def app(scope: Any, _: Any, __: Any) -> None:
        without_lifespan(scope)

    came = answer(app)
    assert came.status == 500
    assert came.header("understudy-error") == "The application returned without an answer."


def test_leaving_ends_nothing() -> None:
    """An application that calls `sys.exit` fails that request and answers the next."""

    async def app(scope: Any, _: Any, send: Any) -> None:
        without_lifespan(scope)
        if scope["path"] == "/exit":
            raise SystemExit(3)
        await started(send)
        await ended(send)

    with target(app) as made:
        assert made.send(Request("GET", f"{BASE}/exit")).status == 500
        assert made.send(Request("GET", f"{BASE}/")).status == 200


def test_no_answer_in_time() -> None:
    """An application that waits for ever is left waiting, and learns that it is cancelled."""
    cancelled = threading.Event()

    async def app(scope: Any, _: Any, __: Any) -> None:
        without_lifespan(scope)
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    with target(app, timeout=0.1) as made:
        with pytest.raises(NoAnswer, match=r"The answer did not come within 0\.1 s\."):
            made.send(Request("GET", BASE))
        assert cancelled.wait(10)


def test_an_application_that_blocks_its_loop() -> None:
    """A blocked loop is no reason to wait for ever; it may be free again later."""
    free = threading.Event()

    async def app(scope: Any, _: Any, send: Any) -> None:
        without_lifespan(scope)
        free.wait(30)
        await started(send)
        await ended(send)

    with target(app, timeout=0.1) as made:
        with pytest.raises(NoAnswer, match="did not come"):
            made.send(Request("GET", BASE))
        free.set()
        assert made.send(Request("GET", BASE)).status == 200


@pytest.mark.parametrize("pause", [True, False])
def test_an_endless_body_is_cut(*, pause: bool) -> None:
    """A body is read up to its limit, also of an application that never pauses."""

    async def app(scope: Any, _: Any, send: Any) -> None:
        without_lifespan(scope)
        await started(send)
        while True:
            await send({"type": "http.response.body", "body": b"x" * 10_000, "more_body": True})
            if pause:
                await asyncio.sleep(0)

    assert reason(app) == "The body does not end: it is longer than 100000 bytes."


def test_a_slow_drip_does_not_outlast_the_timeout() -> None:
    """An answer that comes in bits has to end in time."""

    async def app(scope: Any, _: Any, send: Any) -> None:
        without_lifespan(scope)
        await started(send)
        while True:
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
            await asyncio.sleep(0.01)

    assert reason(app, timeout=0.2) == "The answer did not end within 0.2 s."


def test_parts_without_end_that_hold_nothing() -> None:
    """An application that sends empty parts, and never pauses, is late as well."""

    async def app(scope: Any, _: Any, send: Any) -> None:
        without_lifespan(scope)
        await started(send)
        while True:
            await send({"type": "http.response.body", "body": b"", "more_body": True})

    assert reason(app, timeout=0.2) == "The answer did not end within 0.2 s."


def test_work_after_an_answer_goes_on() -> None:
    """An answer is there when it is complete, and what the application does then is not cut."""
    answered, worked = threading.Event(), threading.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        without_lifespan(scope)
        await receive()
        await started(send)
        await ended(send)
        assert (await receive())["type"] == "http.disconnect"
        await asyncio.to_thread(answered.wait, 10)
        worked.set()

    with target(app) as made:
        assert made.send(Request("GET", BASE)).status == 200
        assert not worked.is_set()
        answered.set()
        assert worked.wait(10)


def test_several_threads_send_at_once() -> None:
    """Requests of different threads are under way at the same time."""
    waiting: list[asyncio.Event] = []

    async def app(scope: Any, _: Any, send: Any) -> None:
        without_lifespan(scope)
        waiting.append(asyncio.Event())
        if len(waiting) == 8:
            for one in waiting:
                one.set()
        await waiting[-1].wait()
        await started(send)
        await ended(send)

    statuses = []
    with target(app) as made:
        threads = [
            threading.Thread(target=lambda: statuses.append(made.send(Request("GET", BASE)).status))
            for _ in range(8)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert statuses == [200] * 8


def test_an_answer_to_head_has_no_body() -> None:
    """Servers leave out the body that an application gives to HEAD."""

    async def app(scope: Any, _: Any, send: Any) -> None:
        without_lifespan(scope)
        await started(send)
        await ended(send, b"body")

    assert answer(app, Request("HEAD", BASE)).body == b""


def test_close_leaves_no_thread() -> None:
    """A target that is closed leaves nothing behind."""

    async def app(scope: Any, _: Any, send: Any) -> None:
        without_lifespan(scope)
        await started(send)
        await ended(send)
        await asyncio.Event().wait()

    before = threading.active_count()
    with target(app) as made:
        made.send(Request("GET", BASE))
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_a_body_comes_after_its_start() -> None:
    """A body before its start is the application's fault."""

    async def app(scope: Any, _: Any, send: Any) -> None:
        without_lifespan(scope)
        await ended(send)

    told = answer(app).header("understudy-error") or ""
    assert "before the start" in told
