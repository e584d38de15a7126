"""Items are read without one of the properties that they must have."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi import shapes
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether something can be read that must have a property."""
    return any(
        shapes.required(one.item_schema) - {one.key} for one in api.resources_with(Role.READ)
    )


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that leaves something out."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        item = call.item(answer)
        if call.role is not Role.READ or item is None:
            return answer
        needed = shapes.required(call.resource.item_schema) - {call.resource.key}
        dropped = min(needed, default=None)
        left = {name: value for name, value in item.items() if name != dropped}
        return call.with_item(answer, left)

    return lying(app, api, lie)
