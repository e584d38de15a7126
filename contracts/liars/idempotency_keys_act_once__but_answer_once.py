"""Who sends an idempotency key again gets the first answer, and makes another item all the same."""

from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying, without
from openapi.description import Operation
from openapi.resources import Role
from openapi.shapes import spelling


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(_key_of(operation) is not None for operation in api.operations(Role.CREATE))


def _key_of(operation: Operation) -> str | None:
    """The parameter that takes such a key."""
    names = [one.name for one in operation.parameters]
    return next((name for name in names if spelling(name).endswith("idempotencykey")), None)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        name = _key_of(call.operation) if call.role is Role.CREATE else None
        key = (call.asked(name) or call.header(name)) if name is not None else None
        if name is not None and key:
            if key in call.memory:
                headers = without(call.headers, name.lower())
                await replace(call.asking(**{name: None}), headers=headers).answer()
            call.memory[key] = "seen"
        return await call.answer()

    return lying(app, api, lie)
