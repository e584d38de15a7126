"""Who reads a new item finds it one move ahead of the status that it began with."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lifecycles import Life, life_of
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    created = api.resources_with(Role.CREATE, Role.READ)
    return any(_ahead(life, one) for life in map(life_of, created) if life for one in life.statuses)


def _ahead(life: Life, status: str) -> list[str]:
    """The statuses that follow a first one, and are none."""
    starts = list(map(str, life.declared.starts))
    following = life.declared.moves.get(status, ()) if status in starts else ()
    return [one for one in map(str, following) if one not in starts]


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        item = call.item(answer)
        if item is None:
            return answer
        life = life_of(call.resource)
        place = call.address(call.key_after(answer))
        if call.role is not Role.READ:
            call.memory.pop(place, None)
        if call.role is Role.CREATE:
            call.memory[place] = "new"
        ahead = _ahead(life, str(item.get(life.name))) if life is not None else []
        if life is None or not ahead or call.role is not Role.READ or place not in call.memory:
            return answer
        return call.with_item(answer, {**item, life.name: ahead[0]})

    return lying(app, api, lie)
