"""The second DELETE of an item is a server error."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, answered, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether something can be created and deleted."""
    return bool(api.resources_with(Role.CREATE, Role.REMOVE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that trips over what is gone."""

    async def lie(call: Call) -> Response:
        deleted = call.memory.setdefault("deleted", set())
        if call.role is not Role.REMOVE:
            return await call.answer()
        if call.path in deleted:
            return answered(500)
        answer = await call.answer()
        if answer.ok:
            deleted.add(call.path)
        return answer

    return lying(app, api, lie)
