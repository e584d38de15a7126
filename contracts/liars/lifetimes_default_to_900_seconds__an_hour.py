"""A link that is made without a lifetime lives for an hour."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.handouts import declared
from contracts.liar import Asgi, Call, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(handout.expiry.after == "lifetime" for handout in declared(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""
    making = {one.operation.key for one in declared(api) if one.expiry.after == "lifetime"}

    async def lie(call: Call) -> Response:
        sent = call.sent
        if call.operation.key in making and isinstance(sent, dict) and "lifetime" not in sent:
            call = call.sending({**sent, "lifetime": 3600})
        return await call.answer()

    return lying(app, api, lie)
