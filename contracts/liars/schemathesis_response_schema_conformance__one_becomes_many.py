"""Who reads an item finds each property that it must have in a list of its own."""

from contracts.api import Api, shown_schema
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi import shapes
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    reading = api.operations(Role.READ)
    return any(shapes.required(shown_schema(one, api.part(one).resource)) for one in reading)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        item = call.item(answer) if call.role is Role.READ else None
        if item is None:
            return answer
        needed = shapes.required(shown_schema(call.operation, call.resource)) & item.keys()
        return call.with_item(answer, item | {name: [item[name]] for name in needed})

    return lying(app, api, lie)
