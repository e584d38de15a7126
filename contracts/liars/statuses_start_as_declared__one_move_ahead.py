"""Who reads a new item finds it one move ahead of the status that it began with."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, Item, lying
from openapi.resources import Resource, Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(_ahead(api, resource) for resource in api.resources_with(Role.CREATE, Role.READ))


def _ahead(api: Api, resource: Resource) -> Item:
    """The status that a new item moves to first, in its property."""
    name, declared = api.lifecycle(resource) or ("", None)
    following = declared.moves.get(str(declared.initial)) if declared is not None else None
    return {name: following[0]} if following else {}


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        item = call.item(answer)
        if item is None:
            return answer
        place = call.address(call.key_after(answer))
        if call.role is Role.READ:
            ahead = _ahead(api, call.resource) if place in call.memory else {}
            return call.with_item(answer, item | ahead) if ahead else answer
        call.memory.pop(place, None)
        name, declared = api.lifecycle(call.resource) or ("", None)
        if call.role is Role.CREATE and declared is not None and item.get(name) == declared.initial:
            call.memory[place] = "new"
        return answer

    return lying(app, api, lie)
