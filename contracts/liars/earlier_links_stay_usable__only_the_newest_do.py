"""As soon as links are handed out, all that were handed out before are unknown."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.handed import opening, opens, token_of, tokens_in
from contracts.liar import Asgi, Call, as_described, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(opening(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        token = token_of(call) if opens(api, call.operation) else None
        if token in call.memory.setdefault("earlier", set()):
            return as_described(call, 404)
        answer = await call.answer()
        tokens = set(tokens_in(answer.body.decode("latin-1"))) if answer.ok else set()
        if tokens and token is None:
            call.memory["earlier"] |= call.memory.get("newest", set()) - tokens
            call.memory["newest"] = tokens
        return answer

    return lying(app, api, lie)
