"""Equal requests that come at the same time are all told what the one was told that was done."""

import asyncio

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role

_WAIT = 0.05
"""Seconds in which others may come."""


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(api.resources_with(Role.CREATE, Role.REMOVE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        if call.role is not Role.REMOVE:
            return await call.answer()
        told: list[Response] = call.memory.setdefault(("told", call.path), [])
        call.memory[call.path] = call.memory.get(call.path, 0) + 1
        await asyncio.sleep(_WAIT)
        answer = await call.answer()
        if answer.ok:
            told.append(answer)
        elif told:
            answer = told[0]
        call.memory[call.path] -= 1
        if not call.memory[call.path]:
            told.clear()
        return answer

    return lying(app, api, lie)
