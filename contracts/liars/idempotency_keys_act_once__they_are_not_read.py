"""Idempotency keys are not looked at: each request acts."""

from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.description import Operation
from openapi.idempotency import is_idempotency_key
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether something can be created with an idempotency key beside its body."""
    return any(map(_takes_key, api.operations(Role.CREATE)))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that gets another key each time."""

    async def lie(call: Call) -> Response:
        number = call.memory["number"] = call.memory.get("number", 0) + 1
        keys = {name: f"{value}{number}" for name, value in call.query if is_idempotency_key(name)}
        headers = tuple(
            (name, f"{value}{number}" if is_idempotency_key(name) else value)
            for name, value in call.headers
        )
        return await replace(call.asking(**keys), headers=headers).answer()

    return lying(app, api, lie)


def _takes_key(operation: Operation) -> bool:
    return any(is_idempotency_key(parameter.name) for parameter in operation.parameters)
