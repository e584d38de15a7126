"""Every page but the first leaves out the item that it should begin with."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import is_later, listings


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(one.paging.page or one.paging.offset for one in listings(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        items = call.items(answer)
        if not items or not is_later(call):
            return answer
        return call.with_items(answer, items[1:])

    return lying(app, api, lie)
