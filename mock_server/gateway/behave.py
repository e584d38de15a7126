"""Fifth stage: what happens."""

from dataclasses import replace
from typing import Any

from mock_server.answer import Answer
from mock_server.api import Api
from mock_server.gateway.call import Call, Stage
from mock_server.gateway.described import Described
from openapi.description import Operation

WRITTEN = "written"
SYNTHESISED = "synthesised"


def answered_by(operation: Operation, api: Api) -> str:
    """Where an operation's answer comes from."""
    return WRITTEN if operation.id in api.behaviour.operations else SYNTHESISED


def compiled(operation: Operation, api: Api, described: Described) -> Stage:
    """The stage for an operation: what the client prefers, what is written, what is described."""
    function = api.behaviour.operations.get(operation.id or "")

    def behave(call: Call) -> None:
        wanted = call.preferences
        if wanted.chooses_answer:
            answer = described.answer(call, wanted)
            call.result = replace(answer, headers={"Preference-Applied": wanted.applied()})
        elif function is not None:
            call.result = _as_answer(function(call.sandbox, **call.arguments))
        else:
            call.result = described.answer(call, wanted)

    return behave


def _as_answer(result: Any) -> Answer:
    if isinstance(result, Answer):
        return result
    if isinstance(result, tuple):
        body, status = result
        return Answer(body, status)
    return Answer(result)
