"""What a play is told, and how an API's state behaves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from mock_server.answer import Answer

if TYPE_CHECKING:
    from mock_server.sandbox import Sandbox


class Asked(Protocol):
    """A request that was read and found valid."""

    values: dict[tuple[str, str], Any]
    """Decoded parameters by place and name; only those that were sent."""
    query: bytes
    body: Any
    """The decoded body, whatever it is where none was sent."""
    media_type: str | None
    """The documented media type of the body."""


Play = Callable[["Sandbox", Asked], Answer | None]
"""Plays an operation's part; None where what the description shows has to do as the answer."""


@dataclass(frozen=True, slots=True)
class How:
    """How an API's state behaves."""

    strict: bool = False
    """An id that was never seen is not there; otherwise the mock plays along."""
    scene: bool = False
    """A behaviour sets the scene: the items of examples are none."""
    seed: int | None = None
    prefix: str = ""
    """What the names of its tables begin with."""
