"""The newest item of a collection is missing from its lists until another is created."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import with_total
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(api.resources_with(Role.CREATE, Role.LIST))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.role is Role.CREATE and answer.ok:
            call.memory[call.collection] = call.key_after(answer)
        items = call.items(answer)
        if items is None:
            return answer
        newest = call.memory.get(call.collection)
        others = [item for item in items if call.key_of(item) != newest]
        if newest is None or len(others) == len(items):
            return answer
        return with_total(call.with_items(answer, others), -1)

    return lying(app, api, lie)
