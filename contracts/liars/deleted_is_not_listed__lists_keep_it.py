"""Lists go on to show what was deleted."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether something can be created, listed and deleted."""
    return bool(api.resources_with(Role.CREATE, Role.LIST, Role.REMOVE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with lists that grow only."""

    async def lie(call: Call) -> Response:
        seen = call.memory.setdefault(call.collection, {}) if call.part is not None else {}
        answer = await call.answer()
        items = call.items(answer)
        if items is None:
            return answer
        now = {call.key_of(one): one for one in items}
        seen.update(now)
        return call.with_items(answer, [*items, *(seen[key] for key in seen.keys() - now.keys())])

    return lying(app, api, lie)
