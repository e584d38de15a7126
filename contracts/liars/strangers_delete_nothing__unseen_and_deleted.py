"""What is another's cannot be read, and whoever knows its id deletes it."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, answered, lying
from contracts.strangers import asks_who
from openapi.resources import Role

_DONE = (Role.REMOVE,)


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(
        asks_who(api, operation)
        for one in api.resources_with(Role.CREATE, Role.READ)
        for role in _DONE
        for operation in api.operations(role, one)
    )


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        owner = call.memory.get(call.address()) if call.key is not None else None
        if call.role is Role.READ and owner is not None and owner != call.who:
            return answered(404)
        answer = await call.answer()
        if call.role is Role.CREATE and answer.ok:
            call.memory[call.address(call.key_after(answer))] = call.who
        return answer

    return lying(app, api, lie)
