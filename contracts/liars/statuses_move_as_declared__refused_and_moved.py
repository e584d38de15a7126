"""A move that is not declared is refused, and shows in what is read later."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lifecycles import Life, life_of
from openapi.resources import Role

_CHANGING = (Role.REPLACE, Role.MERGE, Role.ACT)


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    changing = [one for role in _CHANGING for one in api.operations(role)]
    return any(_may_not(life_of(api.part(operation).resource)) for operation in changing)


def _may_not(life: Life | None) -> bool:
    """Whether there is a move that is not declared."""
    statuses = life.statuses if life is not None else ()
    return life is not None and not all(life.follows(a, b) for a in statuses for b in statuses)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        life = life_of(call.resource) if call.part is not None else None
        if life is None:
            return answer
        item = call.item(answer)
        if call.role is Role.READ and item is not None and call.address() in call.memory:
            return call.with_item(answer, {**item, life.name: call.memory[call.address()]})
        if call.role in _CHANGING and answer.ok:
            call.memory.pop(call.address(), None)
        elif call.role in _CHANGING and answer.status in {400, 409, 422}:
            sent = call.sent.get(life.name) if isinstance(call.sent, dict) else None
            wanted = sent or life.declared.moved_by(call.operation.name, call.sent)
            if wanted in life.statuses:
                call.memory[call.address()] = wanted
        return answer

    return lying(app, api, lie)
