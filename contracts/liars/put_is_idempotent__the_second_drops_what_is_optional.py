"""A PUT that is sent twice in a row keeps only the properties that it must have."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi import shapes
from openapi.resources import Role, sent_schema


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    replacing = api.operations(Role.REPLACE)
    schemas = [sent_schema(operation) for operation in replacing]
    return any(shapes.properties(one).keys() - shapes.required(one) for one in schemas)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        if call.role in {Role.MERGE, Role.ACT, Role.REMOVE}:
            call.memory.pop(call.address(), None)
        if call.role is not Role.REPLACE or not isinstance(call.sent, dict):
            return await call.answer()
        again = call.memory.get(call.address()) == call.sent
        call.memory[call.address()] = call.sent
        if not again:
            return await call.answer()
        needed = shapes.required(sent_schema(call.operation))
        kept = {name: value for name, value in call.sent.items() if name in needed}
        return await call.sending(kept).answer()

    return lying(app, api, lie)
