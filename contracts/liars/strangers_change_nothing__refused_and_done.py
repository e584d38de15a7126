"""Who changes what another has created is refused, and it is changed all the same."""

from contracts.apart import apart
from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.strangers import keeps_apart
from openapi.resources import Role

_CHANGING = (Role.REPLACE, Role.MERGE, Role.ACT)


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    changing = [one for role in _CHANGING for one in api.operations(role)]
    return any(map(keeps_apart, changing)) and any(api.operations(Role.CREATE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.role is Role.CREATE and answer.ok:
            call.memory[call.address(call.key_after(answer))] = call
        if call.role not in _CHANGING or answer.status not in {403, 404}:
            return answer
        owner = call.memory.get(call.address())
        if owner is not None and owner.who != call.who:
            await owner.to(call.operation, call.values, call.sent).answer()
        return answer

    return lying(apart(app, api), api, lie)
