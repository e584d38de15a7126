"""The very last item of a list is on none of its pages, unless the first page has room for all."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import all_items, is_later, listings


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(one.paging.offset or one.paging.page for one in listings(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        items = call.items(answer) if is_later(call) else None
        if not items:
            return answer
        last = (await all_items(call))[-1:]
        return call.with_items(answer, items[:-1]) if items[-1:] == last else answer

    return lying(app, api, lie)
