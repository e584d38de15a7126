"""Lists tell the number of all items as a text."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import listings, telling, tells_total, totals


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(tells_total(listing) for listing in listings(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.items(answer) is not None:
            for place, total in list(totals(answer.value)):
                answer = telling(answer, place, str(total))
        return answer

    return lying(app, api, lie)
