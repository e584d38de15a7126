"""Who deletes what another has created is refused, and it is gone all the same."""

from contracts.apart import apart
from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.strangers import keeps_apart
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    removing = api.operations(Role.REMOVE)
    return any(map(keeps_apart, removing)) and any(api.operations(Role.CREATE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.role is Role.CREATE and answer.ok:
            call.memory[call.address(call.key_after(answer))] = call
        if call.role is not Role.REMOVE or answer.status not in {403, 404}:
            return answer
        owner = call.memory.get(call.address())
        if owner is not None and owner.who != call.who:
            await owner.to(call.operation, call.values, call.sent).answer()
        return answer

    return lying(apart(app, api), api, lie)
