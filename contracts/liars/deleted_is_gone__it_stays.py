"""It says that it has deleted, and deletes nothing."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, answered, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether something can be created, read and deleted."""
    return bool(api.resources_with(Role.CREATE, Role.READ, Role.REMOVE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that keeps everything."""

    async def lie(call: Call) -> Response:
        if call.role is not Role.REMOVE:
            return await call.answer()
        read = call.on(Role.READ)
        there = read is not None and (await read.answer()).ok
        return answered(204) if there else await call.answer()

    return lying(app, api, lie)
