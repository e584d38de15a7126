"""Once something in a collection was refused, its lists fail."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, as_described, lying
from openapi.resources import Role

_WRITING = (Role.CREATE, Role.REPLACE, Role.MERGE, Role.ACT)


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(api.resources_with(Role.LIST))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        if call.role is Role.LIST and call.collection in call.memory:
            return as_described(call, 500)
        answer = await call.answer()
        if call.role in _WRITING and answer.status in {400, 409, 422}:
            call.memory[call.collection] = "poisoned"
        return answer

    return lying(app, api, lie)
