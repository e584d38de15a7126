"""Who deletes or does something at the same time as another is told what that one is told."""

import asyncio

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role

_LONG = 0.05
"""Seconds that each of them takes."""
_ROLES = (Role.REMOVE, Role.ACT)


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(api.resources_with(Role.CREATE, Role.REMOVE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        if call.role not in _ROLES:
            return await call.answer()
        place = (call.operation.key, call.address())
        under_way = call.memory.get(place)
        if under_way is not None:
            return await asyncio.shield(under_way)
        call.memory[place] = asyncio.ensure_future(_slowly(call))
        try:
            return await asyncio.shield(call.memory[place])
        finally:
            del call.memory[place]

    return lying(app, api, lie)


async def _slowly(call: Call) -> Response:
    await asyncio.sleep(_LONG)
    return await call.answer()
