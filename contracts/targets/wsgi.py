"""A WSGI application in this process as a target (PEP 3333)."""

import io
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from types import TracebackType
from typing import Any
from urllib.parse import unquote_to_bytes

from contracts.deadline import Deadline
from contracts.exchange import Headers, NoAnswer, OutOfTime, Request, Response
from contracts.target import LONGEST, TIMEOUT, encoded, late, request_target, sent_headers
from contracts.targets.encoding import decoded, too_long
from contracts.targets.failure import failed, told

Environ = dict[str, Any]
App = Callable[[Environ, Any], Iterable[bytes]]
_Raised = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class WsgiApp:
    """A WSGI application, called in a thread of its own for each request."""

    url = "http://testserver"

    def __init__(
        self,
        app: App,
        *,
        timeout: float = TIMEOUT,
        longest: int = LONGEST,
        deadline: Deadline | None = None,
    ) -> None:
        self._app = app
        self._timeout = timeout
        self._longest = longest
        self._deadline = deadline or Deadline()

    def send(self, request: Request) -> Response:
        """The answer. Raises NoAnswer."""
        seconds = self._deadline.within(self._timeout)
        answer: Future[Response] = Future()
        talk = _Talk(self._longest)

        def call() -> None:
            try:
                answer.set_result(self._answer(request, talk))
            except BaseException as error:  # noqa: BLE001 - the thread that waits is told
                answer.set_exception(error)

        # A thread that can be left behind: nothing else stops an application that hangs.
        threading.Thread(target=call, daemon=True).start()
        try:
            return answer.result(seconds)
        except TimeoutError:
            talk.given_up = True
            if self._deadline.over:
                raise OutOfTime from None
            raise late(self._timeout, begun=talk.status is not None) from None

    def close(self) -> None:
        """Nothing is left to end."""

    def _answer(self, request: Request, talk: "_Talk") -> Response:
        try:
            talk.take(self._app(_environ(request), talk.start))
        except NoAnswer:
            raise
        except BaseException as error:
            if talk.body:
                raise NoAnswer(f"The application ended amid its answer ({told(error)}).") from error
            return failed(error)
        if talk.status is None:
            return failed("The application returned without an answer.")
        body = b"" if request.method == "HEAD" else bytes(talk.body)
        return Response(talk.status, talk.headers, decoded(talk.headers, body, self._longest))


class _Talk:
    """An answer as an application gives it."""

    def __init__(self, longest: int) -> None:
        self.status: int | None = None
        self.headers: Headers = ()
        self.body = bytearray()
        self.given_up = False
        """Whether nobody waits for it any more."""
        self._longest = longest

    def start(
        self, status: str, headers: list[tuple[str, str]], raised: _Raised | None = None
    ) -> Callable[[bytes], None]:
        """`start_response`."""
        if raised is not None and raised[1] is not None and self.body:
            raise raised[1]
        self.status = int(status.partition(" ")[0])
        self.headers = tuple(headers)
        return self._write

    def take(self, chunks: Iterable[bytes]) -> None:
        """Read the body to its end. Raises NoAnswer where it is too long."""
        try:
            for chunk in chunks:
                self._write(chunk)
                if self.given_up:
                    break
        finally:
            getattr(chunks, "close", lambda: None)()

    def _write(self, chunk: bytes) -> None:
        self.body += chunk
        if len(self.body) > self._longest:
            raise too_long(self._longest)


def _environ(request: Request) -> Environ:
    target = request_target(request.url)
    path, _, query = target.partition("?")
    environ: Environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": target,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in sent_headers(request):
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        text = encoded(value).decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ
