"""Two changes of an item at the same time leave some properties of the one, some of the other."""

import asyncio

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi import shapes
from openapi.resources import Role, sent_schema

_CHANGING = (Role.REPLACE, Role.MERGE)
_SECONDS = 0.02


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    changing = [sent_schema(one) for role in _CHANGING for one in api.operations(role)]
    return any(len(shapes.properties(schema)) > 1 for schema in changing)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        if call.role not in _CHANGING or not isinstance(call.sent, dict):
            return await call.answer()
        busy = call.memory.setdefault(call.address(), [])
        busy.append(call)
        turn = len(busy)
        await asyncio.sleep(_SECONDS)
        if len(busy) > 1:
            # The one begins with its first property, the other with its last.
            names = list(call.sent)[:: 1 if turn % 2 else -1]
            await _kept(call, names[: len(names) // 2])
            await asyncio.sleep(_SECONDS)
            answer = await _kept(call, names[len(names) // 2 :])
        else:
            answer = await call.answer()
        await asyncio.sleep(_SECONDS)
        busy.remove(call)
        return answer

    return lying(app, api, lie)


async def _kept(call: Call, names: list[str]) -> Response:
    """Keep some of the properties that were sent; the others stay as they are."""
    some = {name: call.sent[name] for name in names}
    read = call.on(Role.READ) if call.role is Role.REPLACE else None
    if read is not None:
        item = read.item(await read.answer()) or {}
        writable = shapes.properties(sent_schema(call.operation)).keys() & item.keys()
        some = {name: item[name] for name in writable} | some
    return await call.sending(some).answer()
