"""A status that was moved is the one before again as soon as somebody looks."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lifecycles import life_of, lives
from openapi.resources import Role

_MOVES = (Role.MERGE, Role.REPLACE, Role.ACT)


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(
        any(not life.may_become(str(after), before) for after in following)
        and any(api.operations(role, resource) for role in _MOVES)
        and api.operation(Role.READ, resource) is not None
        for resource, life in lives(api)
        for before, following in life.declared.moves.items()
    )


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        life = life_of(call.resource) if call.part is not None else None
        read = call.on(Role.READ) if life is not None and call.key is not None else None
        if life is None or read is None:
            return await call.answer()
        before = read.item(await read.answer()) if call.role in _MOVES else None
        answer = await call.answer()
        if before is not None and answer.ok:
            call.memory[call.address()] = before.get(life.name)
        item = call.item(answer)
        if item is None or call.role is not Role.READ or call.address() not in call.memory:
            return answer
        return call.with_item(answer, {**item, life.name: call.memory[call.address()]})

    return lying(app, api, lie)
