"""The first read after an item was created finds nothing; whoever asks again is told of it."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, as_described, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether something can be created and read."""
    return bool(api.resources_with(Role.CREATE, Role.READ))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application behind a copy that is late."""

    async def lie(call: Call) -> Response:
        late = call.memory.setdefault("late", set())
        if call.role is Role.READ and call.address() in late:
            late.discard(call.address())
            return as_described(call, 404)
        answer = await call.answer()
        if call.role is Role.CREATE and answer.ok:
            late.add(call.address(call.key_after(answer)))
        return answer

    return lying(app, api, lie)
