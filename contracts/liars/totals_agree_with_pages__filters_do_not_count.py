"""A list that is filtered tells how many items there are without the filter."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import can_filter, listings, telling, tells_total, totals, unfiltered, wanted


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    filtering = [one for one in listings(api) if tells_total(one)]
    return any(can_filter(one) for one in filtering)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.items(answer) is None or not wanted(call):
            return answer
        whole = await unfiltered(call).answer()
        for place, total in list(totals(whole.value)):
            answer = telling(answer, place, total)
        return answer

    return lying(app, api, lie)
