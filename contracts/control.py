"""The control API of a mock, as far as a run uses it: sandboxes of its own, and their clocks."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from contracts.exchange import ABSENT, NoAnswer, Request, Response

_SANDBOX = "Understudy-Sandbox"
_TOKEN = "Understudy-Token"  # noqa: S105 - the name of a header


class Sends(Protocol):
    """What sends requests as they are."""

    def send(self, request: Request) -> Response:
        """The answer. Raises NoAnswer."""


class Control:
    """The control API at a URL."""

    def __init__(self, target: Sends, url: str, token: str | None = None) -> None:
        self._target = target
        self._url = url.rstrip("/")
        self._token = () if token is None else ((_TOKEN, token),)

    def is_there(self) -> bool:
        """Whether its health answers as that of a mock does.

        Raises NoAnswer where nothing can be reached there at all.
        """
        try:
            answer = self._target.send(Request("GET", f"{self._url}/health"))
        except NoAnswer as error:
            if error.unreachable:
                raise
            return False
        return answer.ok and isinstance(answer.value, dict) and "status" in answer.value

    def sandbox(self, name: str) -> "Sandbox":
        """A sandbox by its name; it opens when it is first named."""
        return Sandbox(self, name)

    def ask(self, method: str, path: str, sandbox: str, body: object = ABSENT) -> Response:
        """The answer of a control. Raises NoAnswer."""
        headers = [(_SANDBOX, sandbox), *self._token]
        written = b""
        if body is not ABSENT:
            headers.append(("Content-Type", "application/json"))
            written = json.dumps(body).encode()
        return self._target.send(Request(method, f"{self._url}{path}", tuple(headers), written))


class Sandbox:
    """One sandbox of a mock, with its clock; its time is followed without asking for it."""

    def __init__(self, control: Control, name: str) -> None:
        self.name = name
        self._control = control
        self._passed = timedelta()
        self._api = ""
        self._accepted: dict[str, datetime | None] = {}

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What leads a request to it."""
        return ((_SANDBOX, self.name),)

    def now(self) -> datetime:
        """The time in it."""
        return datetime.now(UTC) + self._passed

    def let_pass(self, seconds: float) -> bool:
        """Let time pass in it; False where its clock cannot be moved so far."""
        answer = self._control.ask("POST", "/clock/advance", self.name, {"seconds": seconds})
        if answer.ok:
            self._passed += timedelta(seconds=seconds)
            if any(until is not None for until in self._accepted.values()):
                self._tell()
        return answer.ok

    def accept(self, api: str, secrets: Iterable[str], until: datetime | None = None) -> None:
        """Let these credentials pass, until then if it is told, and none that nobody has named.

        A mock lets all of them pass else.
        """
        self._api = api
        self._accepted |= dict.fromkeys(secrets, until)
        self._tell()

    def _tell(self) -> None:
        now = self.now()
        good = [one for one, until in self._accepted.items() if until is None or now < until]
        settings = {self._api: {"credentials": good}}
        self._control.ask("PUT", "/settings", self.name, settings)

    def forget(self) -> None:
        """Give it up, with all that is in it."""
        self._control.ask("DELETE", f"/sandboxes/{self.name}", self.name)
