"""A PATCH takes away what it does not name, as a PUT does."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi import shapes
from openapi.resources import Role, sent_schema


def applies(api: Api) -> bool:
    """Whether something can be created, read, changed in part and replaced."""
    return bool(api.resources_with(Role.CREATE, Role.READ, Role.MERGE, Role.REPLACE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that takes a PATCH for a PUT."""

    async def lie(call: Call) -> Response:
        put = call.on(Role.REPLACE, sent=call.sent) if call.role is Role.MERGE else None
        read = call.on(Role.READ) if put is not None else None
        if put is None or read is None or not isinstance(call.sent, dict):
            return await call.answer()
        there = read.item(await read.answer()) or {}
        needed = {name: there[name] for name in _required(put) if name in there}
        answer = await put.sending({**needed, **call.sent}).answer()
        return answer if answer.ok else await call.answer()

    return lying(app, api, lie)


def _required(put: Call) -> frozenset[str]:
    return shapes.required(sent_schema(put.operation))
