"""A link is unknown when it is opened for the first time."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.handed import Links
from contracts.handouts import declared
from contracts.liar import Asgi, Call, as_described, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(declared(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""
    links = Links(api)

    async def lie(call: Call) -> Response:
        token = links.opened_by(call)
        if token is None or token in call.memory:
            return await call.answer()
        call.memory[token] = True
        return as_described(call, 404)

    return lying(app, api, lie)
