"""Who may not read gets what somebody else may."""

from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    secured = [one for one in api.description.operations if one.security]
    return any(one.method == "GET" for one in secured)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if answer.status not in {401, 403} and call.who:
            call.memory["known"] = call
        known = call.memory.get("known")
        if answer.status != 401 or call.method != "GET" or known is None:
            return answer
        return await replace(call, headers=known.headers).answer()

    return lying(app, api, lie)
