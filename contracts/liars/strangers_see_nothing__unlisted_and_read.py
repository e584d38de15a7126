"""Lists show to each only what is their own, and whoever knows an id reads what is another's."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import with_total
from contracts.strangers import asks_who
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(
        all(asks_who(api, operation) for role in _ROLES for operation in api.operations(role, one))
        for one in api.resources_with(*_ROLES)
    )


_ROLES = (Role.CREATE, Role.LIST, Role.READ)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.role is Role.CREATE and answer.ok:
            call.memory[call.address(call.key_after(answer))] = call.who
        items = call.items(answer)
        if items is None or not asks_who(api, call.operation):
            return answer
        owners = [call.memory.get(call.address(call.key_of(one)), call.who) for one in items]
        own = [one for one, owner in zip(items, owners, strict=True) if owner == call.who]
        return with_total(call.with_items(answer, own), len(own) - len(items))

    return lying(app, api, lie)
