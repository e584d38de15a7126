"""Lists show what others have created, too."""

from contracts.apart import apart
from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.strangers import keeps_apart
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    listed = api.resources_with(Role.CREATE, Role.LIST)
    return any(keeps_apart(one) for each in listed for one in api.operations(Role.LIST, each))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.role is Role.CREATE and answer.ok:
            owners = call.memory.setdefault(call.collection, {})
            owners[call.who] = call
        items = call.items(answer)
        owners = call.memory.get(call.collection, {}) if items is not None else {}
        for who, owner in owners.items():
            if who != call.who and items is not None:
                theirs = owner.to(call.operation, call.values)
                found = theirs.items(await theirs.answer()) or []
                items = [*items, *(one for one in found if one not in items)]
        return call.with_items(answer, items) if owners and items is not None else answer

    return lying(apart(app, api), api, lie)
