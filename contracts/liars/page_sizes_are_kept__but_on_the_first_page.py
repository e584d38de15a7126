"""Every page but the first holds all that is left, whatever size was asked for."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import all_items, is_later, listings, page_asked


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(one.paging.size and (one.paging.offset or one.paging.page) for one in listings(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if not is_later(call) or not call.items(answer):
            return answer
        return call.with_items(answer, (await all_items(call))[page_asked(call)[0] :])

    return lying(app, api, lie)
