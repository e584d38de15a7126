"""A final status is told once; later reads show the one that led to it."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lifecycles import life_of
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    lives = filter(None, map(life_of, api.resources_with(Role.READ)))
    return any(life.is_final(status) for life in lives for status in life.statuses)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        item = call.item(answer)
        life = life_of(call.resource) if item is not None else None
        if item is None or life is None or item.get(life.name) is None:
            return answer
        place = call.address(call.key_after(answer))
        status = item[life.name]
        if not life.is_final(str(status)):
            call.memory[place] = status
            return answer
        leading = [one for one in life.statuses if one != status and life.follows(one, str(status))]
        before = call.memory.get(place, leading[0] if leading else status)
        told = call.memory.setdefault("told", set())
        if call.role is Role.READ and place in told:
            return call.with_item(answer, {**item, life.name: before})
        told.add(place)
        return answer

    return lying(app, api, lie)
