"""The total is the number of items on the page that is shown."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import listings, telling, tells_total, totals


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(tells_total(one) and one.paging.size for one in listings(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        items = call.items(answer)
        for place, _ in totals(answer.value) if items is not None else ():
            answer = telling(answer, place, len(items or ()))
        return answer

    return lying(app, api, lie)
