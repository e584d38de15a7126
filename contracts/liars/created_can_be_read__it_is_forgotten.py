"""It forgets everything that is created, once it has answered."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, as_described, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether something can be created and read."""
    return bool(api.resources_with(Role.CREATE, Role.READ))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that does not store."""

    async def lie(call: Call) -> Response:
        forgotten = call.memory.setdefault("forgotten", set())
        if call.role is Role.READ and (call.resource.name, call.key) in forgotten:
            return as_described(call, 404)
        answer = await call.answer()
        if call.role is Role.CREATE and answer.ok:
            forgotten.add((call.resource.name, call.key_after(answer)))
        return answer

    return lying(app, api, lie)
