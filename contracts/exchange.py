"""What goes to a target and comes back: one request, its answer, in bytes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

ABSENT: Final[Any] = type("Absent", (), {"__repr__": lambda _: "ABSENT"})()
"""Stands for a body, or a value in one, that is not there; None is JSON's null."""

Headers = tuple[tuple[str, str], ...]

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods that ask for no change (RFC 9110 section 9.2.1)."""
_FAILED = 500


@dataclass(frozen=True)
class Request:
    """A request as it is sent; the URL is absolute."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """An answer as it came."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    asked: Request | None = field(default=None, compare=False, repr=False)
    """The request that it answers, with the credentials that were added last; None: unknown."""

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        return first(self.headers, name)

    @property
    def failed(self) -> bool:
        """Whether the server says that it failed (RFC 9110 section 15.6)."""
        return self.status >= _FAILED

    @property
    def media_type(self) -> str:
        """Its media type in lower case, without parameters; empty where none is named."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def ok(self) -> bool:
        """Whether it says that the request was carried out (RFC 9110 section 15.3)."""
        return 200 <= self.status < 300  # noqa: PLR2004

    @property
    def refused(self) -> bool:
        """Whether it turns the request down as the client's fault (RFC 9110 section 15.5)."""
        return 400 <= self.status < 500  # noqa: PLR2004

    @cached_property
    def value(self) -> Any:
        """The body where it is JSON, ABSENT where there is none or it is something else."""
        if not self.body or not self.media_type.endswith("json"):
            return ABSENT
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return ABSENT


def first(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """The first header of that name, in any case."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


class NoAnswer(Exception):  # noqa: N818 - the target is what fails
    """No usable answer came; the message says why, in words for a report."""

    def __init__(self, reason: str, *, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.unreachable = unreachable
        """Whether nothing listens there at all, so that going on makes no sense."""


class OutOfTime(NoAnswer):
    """The run's time is over before an answer could be there: it says nothing of the target."""

    def __init__(self) -> None:
        super().__init__("The time of the run is over.", unreachable=True)
