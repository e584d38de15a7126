"""A final status is told once; later reads show the one that led to it."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(map(api.lifecycle, api.resources_with(Role.READ)))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        item = call.item(answer)
        found = api.lifecycle(call.resource) if item is not None else None
        if item is None or found is None or item.get(found[0]) is None:
            return answer
        name, declared = found
        place = call.address(call.key_after(answer))
        status = item[name]
        if declared.moves.get(str(status)):
            call.memory[place] = status
            return answer
        leading = [one for one, following in declared.moves.items() if status in following]
        before = call.memory.get(place, leading[0] if leading else status)
        told = call.memory.setdefault("told", set())
        if call.role is Role.READ and place in told:
            return call.with_item(answer, {**item, name: before})
        told.add(place)
        return answer

    return lying(app, api, lie)
