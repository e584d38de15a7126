"""A filter that no item passes lets all of them through."""

from contracts.api import Api, Listing
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lists import is_later, listings, unfiltered, wanted


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(_filters(one) for one in listings(api))


def _filters(listing: Listing) -> bool:
    """Whether it can be asked to filter by anything that it need not be asked for."""
    names = [one.name for one in listing.operation.parameters if not one.required]
    return any(listing.filters.wanted({name: "any"}) for name in names)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.items(answer) == [] and wanted(call) and not is_later(call):
            return await unfiltered(call).answer()
        return answer

    return lying(app, api, lie)
