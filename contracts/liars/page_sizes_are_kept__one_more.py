"""Every page holds one item more than was asked for."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import all_items, listings, page_asked


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(one.paging.size for one in listings(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        items = call.items(answer)
        if not items:
            return answer
        start, size = page_asked(call)
        if size is None or len(items) < size:
            return answer
        return call.with_items(answer, (await all_items(call))[start : start + size + 1])

    return lying(app, api, lie)
