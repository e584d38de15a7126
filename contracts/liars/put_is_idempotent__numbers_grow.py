"""Each PUT adds one to a number of the item, once it was put the same before."""

from typing import Any

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi import shapes
from openapi.resources import Resource, Role


def applies(api: Api) -> bool:
    """Whether something with a number can be created, read and replaced."""
    return any(_has_number(one) for one in api.resources_with(Role.READ, Role.REPLACE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that counts how often."""

    async def lie(call: Call) -> Response:
        if call.role is not Role.REPLACE or not isinstance(call.sent, dict):
            return await call.answer()
        again = call.memory.get(call.path) == call.body
        call.memory[call.path] = call.body
        numbers = _numbers(call.sent) if again else {}
        return await call.sending({**call.sent, **numbers}).answer()

    return lying(app, api, lie)


def _has_number(resource: Resource) -> bool:
    described = shapes.properties(resource.item_schema)
    described.pop(resource.key or "", None)
    return any(shapes.types(part) & {"integer", "number"} for part in described.values())


def _numbers(sent: dict[str, Any]) -> dict[str, Any]:
    numbers = {name: one for name, one in sent.items() if isinstance(one, int | float)}
    return {name: one + 1 for name, one in numbers.items() if not isinstance(one, bool)}
