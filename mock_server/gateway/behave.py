"""Fifth stage: what happens."""

from typing import Any

from mock_server.answer import Answer
from mock_server.api import Api
from mock_server.gateway.call import Call, Stage
from mock_server.refusals import ServerError
from openapi.description import Operation

WRITTEN = "written"
SYNTHESISED = "synthesised"


def answered_by(operation: Operation, api: Api) -> str:
    """Where an operation's answer comes from."""
    return WRITTEN if operation.id in api.behaviour.operations else SYNTHESISED


def compiled(operation: Operation, api: Api) -> Stage:
    """The stage for an operation: the behaviour's function, else the description's example."""
    function = api.behaviour.operations.get(operation.id or "")
    if function is None:
        return _example(operation)

    def behave(call: Call) -> None:
        call.result = _as_answer(function(call.sandbox, **call.arguments))

    return behave


def _as_answer(result: Any) -> Answer:
    if isinstance(result, Answer):
        return result
    if isinstance(result, tuple):
        body, status = result
        return Answer(body, status)
    return Answer(result)


def _example(operation: Operation) -> Stage:
    answer = next(
        (
            Answer(example, media_type=media_type)
            for response in operation.responses
            if response.status[0] == "2"
            for media_type, content in response.content.items()
            for example in content.examples
        ),
        None,
    )

    def behave(call: Call) -> None:
        if answer is None:
            raise ServerError(
                f"{operation.name} has no behaviour, and its success has no example to answer with."
            )
        call.result = answer

    return behave
