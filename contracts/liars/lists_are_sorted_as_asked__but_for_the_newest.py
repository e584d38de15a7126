"""The newest item stands at the end of its list, whatever order was asked for."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import is_sorted, listings
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    sorting = {one.resource for one in listings(api) if one.sorting.names}
    return any(one in sorting for one in api.resources_with(Role.CREATE, Role.LIST))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.role is Role.CREATE and answer.ok:
            call.memory[call.collection] = call.key_after(answer)
        items = call.items(answer)
        if items is None or not is_sorted(call):
            return answer
        newest = call.memory.get(call.collection)
        return call.with_items(answer, sorted(items, key=lambda one: call.key_of(one) == newest))

    return lying(app, api, lie)
