"""The newest item cannot be read until another is created."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, as_described, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(api.resources_with(Role.CREATE, Role.READ))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        if call.role is Role.READ and call.memory.get(call.resource.name) == call.address():
            return as_described(call, 404)
        answer = await call.answer()
        if call.role is Role.CREATE and answer.ok:
            call.memory[call.resource.name] = call.address(call.key_after(answer))
        return answer

    return lying(app, api, lie)
