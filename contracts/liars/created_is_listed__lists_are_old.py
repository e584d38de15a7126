"""Lists show only what was there before the first item was created."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether something can be created and listed."""
    return bool(api.resources_with(Role.CREATE, Role.LIST))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with lists out of an old copy."""

    async def lie(call: Call) -> Response:
        new = call.memory.setdefault("new", set())
        answer = await call.answer()
        items = call.items(answer)
        if items is not None:
            old = [one for one in items if (call.resource.name, call.key_of(one)) not in new]
            return call.with_items(answer, old)
        if call.role is Role.CREATE and answer.ok:
            new.add((call.resource.name, call.key_after(answer)))
        return answer

    return lying(app, api, lie)
