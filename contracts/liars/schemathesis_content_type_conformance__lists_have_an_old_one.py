"""Lists are sent as `text/x-json`."""

from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying, without
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(api.operations(Role.LIST))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.items(answer) is None:
            return answer
        kind = ("content-type", "text/x-json")
        return replace(answer, headers=(*without(answer.headers, "content-type"), kind))

    return lying(app, api, lie)
