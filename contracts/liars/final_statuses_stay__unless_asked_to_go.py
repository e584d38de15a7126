"""Who asks for another status gets it, even where nothing may follow the one that is there."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lifecycles import changing, life_of, lives
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(
        any(map(life.is_final, life.statuses))
        and any(changing(api, resource, life))
        and api.operation(Role.READ, resource) is not None
        for resource, life in lives(api)
    )


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        life = life_of(call.resource) if call.part is not None else None
        read = call.on(Role.READ) if life is not None else None
        if life is None or read is None or call.key is None:
            return answer
        asked = call.sent.get(life.name) if isinstance(call.sent, dict) else None
        if call.role in {Role.MERGE, Role.REPLACE} and asked in life.statuses and not answer.ok:
            answer = await read.answer()
            status = (call.item(answer) or {}).get(life.name)
            if life.is_final(str(status)) and asked != status:
                call.memory[call.address()] = asked
        item = call.item(answer)
        if item is None or call.address() not in call.memory:
            return answer
        return call.with_item(answer, {**item, life.name: call.memory[call.address()]})

    return lying(app, api, lie)
