"""What is done to an item is done to all others of its collection, too."""

from contracts.api import Api, canonical
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import all_items
from openapi.resources import Role

_CHANGING = (Role.REPLACE, Role.MERGE, Role.ACT)


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    listed = api.resources_with(Role.LIST)
    changing = [one for role in _CHANGING for one in api.operations(role)]
    return any(canonical(api.part(operation).resource) in listed for operation in changing)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        listing = call.on(Role.LIST) if call.role in _CHANGING and answer.ok else None
        if listing is None or call.part is None or call.part.key is None:
            return answer
        for item in await all_items(listing):
            key = listing.key_of(item)
            if key is not None and key != call.key:
                values = {**call.values, call.part.key: key}
                await call.to(call.operation, values, call.sent).answer()
        return answer

    return lying(app, api, lie)
