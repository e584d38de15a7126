"""Where walks are played: a real target, or a mock that gives each walk a sandbox of its own."""

import itertools
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from contracts.check import Stand
from contracts.control import Control, Sandbox
from contracts.deadline import Deadline
from contracts.exchange import Request, Response
from contracts.identity.callers import Callers
from contracts.identity.identities import Identities
from contracts.steps import FIRST
from contracts.target import Target
from openapi.description import Operation

_PATIENCE = 20.0
"""Seconds that a run waits on a real target, all in all, for links and tokens to end."""


class RealTime:
    """The time of a target whose clock cannot be moved: it is waited for, within limits."""

    def __init__(self, deadline: Deadline, patience: float = _PATIENCE) -> None:
        self._deadline = deadline
        self._left = patience

    def now(self) -> datetime:
        """The time here, which is that of the target but for a little."""
        return datetime.now(UTC)

    def let_pass(self, seconds: float) -> bool:
        """Wait; False where that would take longer than the run may wait."""
        if seconds > self._left or time.monotonic() + seconds > self._deadline.until:
            return False
        self._left -= seconds
        self._deadline.sleep(seconds)
        return not self._deadline.over


class Stands:
    """The stands of a run on one target."""

    def __init__(
        self,
        target: Target,
        identities: Identities,
        run_id: str,
        *,
        control: Control | None = None,
        deadline: Deadline | None = None,
    ) -> None:
        """`control` are the controls of a mock; the deadline is that of the target."""
        self.url = target.url
        self.deadline = deadline or Deadline()
        self._target = target
        self._identities = identities
        self._run_id = run_id
        self._control = control
        self._numbers = itertools.count(1)
        self._time = RealTime(self.deadline)
        self._callers = Callers(identities, target, self._run, self._time.now)

    def send(self, request: Request) -> Response:
        """The answer to a request that is sent as it is. Raises NoAnswer."""
        return self._target.send(request)

    @property
    def is_mock(self) -> bool:
        """Whether sandboxes are given up, so that nothing remains."""
        return self._control is not None

    @property
    def _run(self) -> tuple[tuple[str, str], ...]:
        return (("Understudy-Run", self._run_id), *self._identities.plain_headers)

    @contextmanager
    def stand(self) -> Iterator[Stand]:
        """The stand of one walk: on a mock a new sandbox, which is given up afterwards."""
        if self._control is None:
            yield Stand(self._callers, self._time, self._run)
            return
        sandbox = self._opened(self._control, str(next(self._numbers)))
        headers = (*self._run, *sandbox.headers)
        try:
            yield Stand(self._callers_in(sandbox, headers), sandbox, headers)
        finally:
            sandbox.forget()

    def _opened(self, control: Control, name: str) -> Sandbox:
        sandbox = control.sandbox(f"{self._run_id}-{name}")
        if self._identities.keys:
            sandbox.accept(self._api_name, self._identities.keys)
        return sandbox

    def _callers_in(self, sandbox: Sandbox, headers: tuple[tuple[str, str], ...]) -> Callers:
        """The callers in a sandbox, which lets nobody pass but those who have signed in."""

        def accept(secrets: Iterable[str], until: datetime | None) -> None:
            sandbox.accept(self._api_name, secrets, until)

        return Callers(self._identities, self._target, headers, sandbox.now, accept)

    @property
    def _api_name(self) -> str:
        return self._identities.api.description.name

    def headers(self, operations: tuple[Operation, ...]) -> Mapping[str, str]:
        """What Schemathesis sends with every request: the first identity's credentials, and more.

        On a mock they lead to a sandbox of their own.
        """
        headers, callers = self._run, self._callers
        if self._control is not None:
            sandbox = self._opened(self._control, "fuzz")
            headers = (*headers, *sandbox.headers)
            callers = self._callers_in(sandbox, headers)
        found = dict(headers)
        # What asks for credentials comes last: it knows best where they go.
        for operation in sorted(operations, key=lambda one: bool(one.security)):
            request = callers.signed(Request("GET", self.url), operation, FIRST)
            found |= dict(request.headers)
        return found
