"""The third read of an item deletes it."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role

_OFTEN = 3


def applies(api: Api) -> bool:
    """Whether something can be created, read and deleted."""
    return bool(api.resources_with(Role.CREATE, Role.READ, Role.REMOVE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that tires."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.role is Role.READ and answer.ok:
            times = call.memory.setdefault("times", {})
            times[call.path] = times.get(call.path, 0) + 1
            remove = call.on(Role.REMOVE)
            if times[call.path] == _OFTEN and remove is not None:
                await remove.answer()
        return answer

    return lying(app, api, lie)
