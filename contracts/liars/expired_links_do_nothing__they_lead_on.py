"""A link that has expired is answered as if it had not."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.handed import Links
from contracts.handouts import declared
from contracts.liar import Asgi, Call, as_described, lying

_GONE = 410


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(declared(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""
    links = Links(api)

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if answer.status != _GONE or links.opened_by(call) is None:
            return answer
        told = [one.status for one in call.operation.responses if one.status[0] in "23"]
        return as_described(call, int(told[0]))

    return lying(app, api, lie)
