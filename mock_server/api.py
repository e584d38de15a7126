"""An API: a description, and a behaviour where it needs one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mock_server.behaviour import Behaviour
from openapi.description import Description


@dataclass(frozen=True)
class Api:
    """What the server serves under one name."""

    description: Description
    behaviour: Behaviour = field(default_factory=Behaviour)
    mount: str = ""
    """The path below which its operations answer: empty where it is the only one."""
    context: Callable[[Any], Any] | None = None
    """Makes what its functions get first of a world; None where that is the sandbox."""

    @property
    def name(self) -> str:
        """The stem of the description's file."""
        return self.description.name
