"""Who has created or read an item reads it from a cache that its deletion does not clear."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(api.resources_with(Role.REMOVE, Role.READ))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.role not in {Role.CREATE, Role.READ, Role.REMOVE}:
            return answer
        key = call.key_after(answer)
        place = (call.who, call.address(key))
        deleted = call.memory.setdefault("deleted", set())
        if call.role is Role.REMOVE and answer.ok:
            deleted.add(call.address())
        elif call.role is Role.READ and call.address() in deleted:
            cached: Response = call.memory.get(place, answer)
            return cached
        elif call.role is Role.READ and answer.ok:
            call.memory[place] = answer
        elif answer.ok and key is not None and (read := call.on(Role.READ, key)) is not None:
            call.memory[place] = await read.answer()
        return answer

    return lying(app, api, lie)
