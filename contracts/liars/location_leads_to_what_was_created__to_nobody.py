"""`Location` names an id that nobody has."""

from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying, without
from openapi.description import Operation
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether `Location` is described where something is created."""
    return any(_tells(operation) for operation in api.operations(Role.CREATE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that gives a wrong address."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        location = answer.header("location")
        if call.role is not Role.CREATE or location is None:
            return answer
        wrong = location.rpartition("/")[0] + "/987654000"
        headers = (*without(answer.headers, "location"), ("location", wrong))
        return replace(answer, headers=headers)

    return lying(app, api, lie)


def _tells(operation: Operation) -> bool:
    headers = (header for response in operation.responses for header in response.headers)
    return any(header.name.lower() == "location" for header in headers)
