"""A link works once; opened again in the same way it has expired, whatever time it had."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.handed import Links
from contracts.liar import Asgi, Call, as_described, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(Links(api).opening)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""
    links = Links(api)

    async def lie(call: Call) -> Response:
        token = links.opened_by(call)
        if token is None:
            return await call.answer()
        spent = call.memory.setdefault(call.operation.key, set())
        if token in spent:
            return _expired(call)
        answer = await call.answer()
        if answer.status < 400:
            spent.add(token)
        return answer

    return lying(app, api, lie)


def _expired(call: Call) -> Response:
    """What is described for a link that has expired."""
    statuses = [one.status for one in call.operation.responses if one.status in {"410", "404"}]
    return as_described(call, int(max(statuses, default="410")))
