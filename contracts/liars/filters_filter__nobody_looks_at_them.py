"""Lists show the same, whatever they are filtered by."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import can_filter, listings, unfiltered, wanted
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(can_filter(one) for one in listings(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        if call.role is Role.LIST and wanted(call):
            return await unfiltered(call).answer()
        return await call.answer()

    return lying(app, api, lie)
