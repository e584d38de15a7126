"""Who reads an id that nobody has seen gets the first item of the list."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(api.resources_with(Role.READ, Role.LIST))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.role is Role.REMOVE and answer.ok:
            call.memory[call.address()] = "deleted"
        listing = call.on(Role.LIST) if call.role is Role.READ and answer.status == 404 else None
        if listing is None or call.address() in call.memory:
            return answer
        items = listing.items(await listing.answer())
        first = call.on(Role.READ, listing.key_of(items[0])) if items else None
        return answer if first is None else await first.answer()

    return lying(app, api, lie)
