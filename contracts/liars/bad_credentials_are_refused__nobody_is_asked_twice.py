"""Once somebody was let in, everybody is who brings no credentials at all."""

from contracts.apart import as_before
from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(one.security for one in api.by_key.values())


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        if call.operation.security and not call.who:
            return await as_before(call).answer()
        answer = await call.answer()
        if call.operation.security and answer.ok:
            shown = tuple(pair for pair in call.headers if pair[1] in call.who)
            call.memory.setdefault("credentials", shown)
        return answer

    return lying(app, api, lie)
