"""The first item of a list stands at the top of every page; the last of a full page falls out."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import from_the_start, is_later, listings, page_asked


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(one.paging.offset or one.paging.page or one.paging.cursor for one in listings(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        items = call.items(answer) if is_later(call) else None
        if not items:
            return answer
        start = from_the_start(call, size=1)
        first = start.items(await start.answer()) or []
        size = page_asked(call)[1]
        return call.with_items(answer, [*first[:1], *items][:size])

    return lying(app, api, lie)
