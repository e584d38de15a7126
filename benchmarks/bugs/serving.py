"""A server with bugs on loopback, in a thread of this process."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import uvicorn
from a2wsgi import WSGIMiddleware

from benchmarks.bugs.catalogue import Server

_PATIENCE = 10.0
"""Seconds until a server must have started."""


@contextmanager
def serving(server: Server, names: frozenset[str]) -> Iterator[str]:
    """The URL of a fresh server with those bugs, its base path included."""
    app: Any = server.app(names) if server.asgi else WSGIMiddleware(server.app(names))
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{_port(running)}{server.base}"
    finally:
        running.should_exit = True
        running.force_exit = True
        thread.join()


def _port(running: uvicorn.Server) -> int:
    end = time.monotonic() + _PATIENCE
    while not running.started:
        if time.monotonic() > end:
            raise TimeoutError("The server did not start.")
        time.sleep(0.01)
    return cast("int", running.servers[0].sockets[0].getsockname()[1])
