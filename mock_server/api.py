"""An API: a description, and a behaviour where it needs one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mock_server.behaviour import Behaviour
from openapi.description import Description

if TYPE_CHECKING:
    from mock_server.resources import Declared, Inferred

PROBLEM = "application/problem+json"
HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Serving:
    """How what is not written is answered."""

    dynamic: bool = False
    """Values anew for each request, in the place of examples."""
    required_only: bool = False
    """Leave optional properties out."""
    stateless: bool = False
    """The plainest samples, and examples as they stand."""
    strict_state: bool = False
    """An id that was never seen is not there; otherwise the mock plays along."""
    errors: bool = False
    """An answer that breaks the description is a 500, also where an example is to blame."""
    seed: int | None = None


@dataclass(frozen=True)
class Api:
    """What the server serves under one name."""

    description: Description
    behaviour: Behaviour = field(default_factory=Behaviour)
    mount: str = ""
    """The path below which its operations answer: empty where it is the only one."""
    serving: Serving = Serving()
    context: Callable[[Any], Any] | None = None
    """Makes what its functions get first of a world; None where that is the sandbox."""

    @cached_property
    def inferred(self) -> "Inferred | None":
        """What is known of its state without code; None where it has none."""
        if self.serving.stateless or self.context is not None:
            return None
        from mock_server.resources import How, Inferred  # noqa: PLC0415 - the sandbox needs APIs

        written = bool(self.behaviour.operations)
        how = How(
            strict=self.serving.strict_state or written,
            scene=self.behaviour.scene is not None,
            seed=self.serving.seed,
            prefix=f"{self.name}.",
        )
        return Inferred(self.description, how)

    @cached_property
    def declared(self) -> "Declared":
        """What its description declares of items' lives, for its behaviour."""
        from mock_server.resources import Declared  # noqa: PLC0415 - the sandbox needs APIs

        return Declared(self.description)

    @cached_property
    def timers(self) -> Mapping[str, Callable[..., None]]:
        """What its timers may call."""
        inferred = self.inferred.timers if self.inferred is not None else {}
        return {**inferred, **self.behaviour.timers}

    @property
    def name(self) -> str:
        """The stem of the description's file."""
        return self.description.name

    @cached_property
    def refusal_type(self) -> str:
        """The media type of its first documented refusal, where it words refusals itself."""
        if self.behaviour.refusal is None:
            return PROBLEM
        documented = (
            media_type
            for operation in self.description.operations
            for response in operation.responses
            if response.status[0] == "4"
            for media_type in response.content
            if media_type != HTML
        )
        return next(documented, PROBLEM)
