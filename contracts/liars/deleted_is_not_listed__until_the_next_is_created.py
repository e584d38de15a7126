"""Lists show a deleted item, and count it, until the next one is created."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import is_later, wanted, with_total
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(api.resources_with(Role.REMOVE, Role.READ, Role.LIST))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        read = call.on(Role.READ) if call.role is Role.REMOVE else None
        item = read.item(await read.answer()) if read is not None else None
        answer = await call.answer()
        if call.role is Role.REMOVE and answer.ok and item is not None:
            call.memory.setdefault(call.collection, []).append(item)
        elif call.role is Role.CREATE and answer.ok:
            call.memory.pop(call.collection, None)
        items = call.items(answer)
        ghosts = call.memory.get(call.collection) if items is not None else None
        if items is None or not ghosts or is_later(call) or wanted(call):
            return answer
        return with_total(call.with_items(answer, [*items, *ghosts]), len(ghosts))

    return lying(app, api, lie)
