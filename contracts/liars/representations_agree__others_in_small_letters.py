"""All representations but JSON are written in small letters."""

from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.forms import is_readable
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(
        any(map(is_readable, response.content)) and any("json" in one for one in response.content)
        for role in (Role.READ, Role.LIST)
        for operation in api.operations(role)
        for response in operation.responses
    )


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if answer.ok and is_readable(answer.media_type):
            return replace(answer, body=answer.body.lower())
        return answer

    return lying(app, api, lie)
