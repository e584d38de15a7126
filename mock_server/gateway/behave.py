"""Fifth stage: what happens."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mock_server.answer import Answer
from mock_server.api import Api
from mock_server.gateway.call import Call, Stage
from mock_server.gateway.described import Described
from mock_server.gateway.media_types import acceptable
from mock_server.gateway.validate import refusal_class
from mock_server.sandbox import Sandbox
from openapi.description import Operation
from openapi.resources import Role, representations

WRITTEN = "written"
DECLARED = "declared"
INFERRED = "inferred"
SYNTHESISED = "synthesised"

_SEVERAL = 2


def answered_by(operation: Operation, api: Api) -> str:
    """Where an operation's answer comes from."""
    if operation.id in api.behaviour.operations:
        return WRITTEN
    part = api.inferred.part(operation) if api.inferred is not None else None
    if api.inferred is None or part is None or part.role is Role.BELOW:
        return SYNTHESISED
    return DECLARED if api.inferred.collection(part.resource).declared else INFERRED


def compiled(operation: Operation, api: Api, described: Described) -> Stage:
    """The stage for an operation: what the client prefers, what is written, what is described."""
    function = api.behaviour.operations.get(operation.id or "")
    play = _play(operation, api) if function is None else None

    def behave(call: Call) -> None:
        wanted = call.preferences
        if wanted.chooses_answer:
            answer = described.answer(call, wanted)
            call.result = replace(answer, headers={"Preference-Applied": wanted.applied()})
        elif function is not None:
            call.result = _as_answer(function(call.sandbox, **call.arguments))
        elif play is not None:
            played = play(call.sandbox, call)
            call.result = described.answer(call, wanted) if played is None else played
        else:
            call.result = described.answer(call, wanted)

    return behave


def _play(operation: Operation, api: Api) -> Callable[[Sandbox, Call], Answer | None] | None:
    """What plays an operation, in the representation that the client accepts."""
    if api.inferred is None:
        return None
    invalid = refusal_class(operation)
    play = api.inferred.play(operation, invalid)
    offered = representations(operation)
    if play is None or len(offered) < _SEVERAL:
        return play
    first = play
    plays = {one: api.inferred.play(operation, invalid, one) or first for one in offered}

    def negotiated(sandbox: Sandbox, call: Call) -> Answer | None:
        chosen = acceptable(call.headers.get("accept"), offered)
        return plays.get(chosen or "", first)(sandbox, call)

    return negotiated


def _as_answer(result: Any) -> Answer:
    if isinstance(result, Answer):
        return result
    if isinstance(result, tuple):
        body, status = result
        return Answer(body, status)
    return Answer(result)
