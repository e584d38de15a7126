"""An operation with its stages, compiled at its first use."""

from functools import cached_property

from mock_server.api import Api
from mock_server.gateway import authenticate, behave, read, validate
from mock_server.gateway.answer import Answers
from mock_server.gateway.call import Call, Stage
from mock_server.gateway.described import Described
from mock_server.refusals import Refusal
from openapi.description import Operation


class CompiledOperation:
    """The way of a request through one operation."""

    def __init__(self, operation: Operation, api: Api) -> None:
        self.operation = operation
        self.name = operation.name
        self.api = api
        self._placeholders = operation.path_pieces[1::2]

    @cached_property
    def answered_by(self) -> str:
        """Where its answer comes from: written, declared, inferred or synthesised."""
        return behave.answered_by(self.operation, self.api)

    @cached_property
    def answers(self) -> Answers:
        """How it answers."""
        return Answers(self.operation, self.api, self._described)

    @cached_property
    def _described(self) -> Described:
        return Described(self.operation, self.api)

    @cached_property
    def _before(self) -> tuple[Stage, ...]:
        """What looks at the request only."""
        stages = (
            read.compiled(self.operation),
            validate.compiled(self.operation),
            self.answers.negotiate(),
        )
        return tuple(stage for stage in stages if stage is not None)

    @cached_property
    def _authenticate(self) -> Stage | None:
        return authenticate.compiled(self.operation, self.api)

    @cached_property
    def _behave(self) -> Stage:
        return behave.compiled(self.operation, self.api, self._described)

    def run(self, call: Call) -> None:
        """Take the call through all stages; a refusal is rendered, and changes nothing."""
        if call.path_values:
            # Another method of the path may call its values by other names.
            values = call.path_values.values()
            call.path_values = dict(zip(self._placeholders, values, strict=True))
        try:
            with call.world.operation():
                if self._authenticate is not None:
                    self._authenticate(call)
                for stage in self._before:
                    stage(call)
                self._behave(call)
                self.answers.answer(call)
        except Refusal as refusal:
            call.refusal = refusal
            self.answers.refuse(call, refusal)
