"""Lists that are asked for an order come the other way round."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import is_sorted, listings


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(one.sorting.by for one in listings(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        items = call.items(answer)
        if items is None or not is_sorted(call):
            return answer
        return call.with_items(answer, reversed(items))

    return lying(app, api, lie)
