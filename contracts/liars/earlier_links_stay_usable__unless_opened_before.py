"""A new link makes those unusable that nobody has opened yet."""

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
        unopened: set[str] = call.memory.setdefault("unopened", set())
        dead: set[str] = call.memory.setdefault("dead", set())
        token = links.opened_by(call)
        if token in dead:
            return as_described(call, 404)
        answer = await call.answer()
        if token is not None:
            unopened.discard(token)
        elif answer.ok and (handed := links.handed_out(call, answer)):
            dead |= unopened
            unopened.clear()
            unopened.update(handed)
        return answer

    return lying(app, api, lie)
