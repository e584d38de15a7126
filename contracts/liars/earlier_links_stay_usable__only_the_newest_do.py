"""As soon as links are handed out, all that were handed out before are unknown."""

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
        if token in call.memory.setdefault("earlier", set()):
            return as_described(call, 404)
        answer = await call.answer()
        tokens = set(links.handed_out(call, answer)) if answer.ok else set()
        if tokens and token is None:
            call.memory["earlier"] |= call.memory.get("newest", set()) - tokens
            call.memory["newest"] = tokens
        return answer

    return lying(app, api, lie)
