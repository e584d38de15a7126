"""A filter that no item passes lets all of them through."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import can_filter, is_later, listings, unfiltered, wanted


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(can_filter(one) for one in listings(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.items(answer) == [] and wanted(call) and not is_later(call):
            return await unfiltered(call).answer()
        return answer

    return lying(app, api, lie)
