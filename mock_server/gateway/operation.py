"""An operation with its stages, compiled at its first use."""

from functools import cached_property

from mock_server.api import Api
from mock_server.gateway import authenticate, behave, callbacks, read, validate
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
    def _stages(self) -> tuple[Stage, ...]:
        stages = (
            authenticate.compiled(self.operation, self.api),
            read.compiled(self.operation),
            validate.compiled(self.operation),
            self.answers.negotiate(),
            behave.compiled(self.operation, self.api, self._described),
            self.answers.answer,
            callbacks.compiled(self.operation, self.api),
        )
        return tuple(stage for stage in stages if stage is not None)

    def run(self, call: Call) -> None:
        """Take the call through all stages; a refusal is rendered, and changes nothing."""
        # Another method of the path may call its values by other names.
        call.path_values = dict(zip(self._placeholders, call.place_values, strict=True))
        try:
            with call.world.operation():
                for stage in self._stages:
                    stage(call)
        except Refusal as refusal:
            call.refusal = refusal
            self.answers.refuse(call, refusal)
