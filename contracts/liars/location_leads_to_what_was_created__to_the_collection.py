"""`Location` leads to the collection in which the item was created."""

from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying, without
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    answers = [one for operation in api.operations(Role.CREATE) for one in operation.responses]
    return any(header.name.lower() == "location" for one in answers for header in one.headers)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        location = answer.header("location")
        if call.role is not Role.CREATE or location is None:
            return answer
        above = ("location", location.rstrip("/").rpartition("/")[0])
        return replace(answer, headers=(*without(answer.headers, "location"), above))

    return lying(app, api, lie)
