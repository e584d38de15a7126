"""An item begins in whatever status its creator sends, though it could not begin there."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lifecycles import Life, life_of
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether there are statuses that nothing begins with."""
    lives = filter(None, map(life_of, api.resources_with(Role.CREATE)))
    return any(_later(life) for life in lives)


def _later(life: Life) -> set[str]:
    """The statuses that nothing begins with, where it is said what anything begins with."""
    starts = set(map(str, life.declared.starts))
    return set(life.statuses) - starts if starts else set()


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        life = life_of(call.resource) if call.part is not None else None
        if life is None:
            return await call.answer()
        sent = call.sent.get(life.name) if isinstance(call.sent, dict) else None
        begun = sent if call.role is Role.CREATE and sent in _later(life) else None
        if begun is not None:
            call = call.sending({name: call.sent[name] for name in call.sent if name != life.name})
        answer = await call.answer()
        place = call.address(call.key_after(answer))
        if call.role is not Role.READ and answer.ok:
            call.memory[place] = begun
        item, status = call.item(answer), call.memory.get(place)
        if item is None or status is None:
            return answer
        return call.with_item(answer, {**item, life.name: status})

    return lying(app, api, lie)
