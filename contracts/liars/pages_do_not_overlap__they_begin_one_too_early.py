"""Every page but the first begins with the last item of the one before."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import all_items, is_later, listings, page_asked


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
        start, _ = page_asked(call)
        shifted = (await all_items(call))[start - 1 : start - 1 + len(items)]
        return call.with_items(answer, shifted)

    return lying(app, api, lie)
