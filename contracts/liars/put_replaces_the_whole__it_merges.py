"""A PUT lays what it sends over what is there."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi import shapes
from openapi.resources import Role, sent_schema


def applies(api: Api) -> bool:
    """Whether something can be created, read and replaced."""
    return bool(api.resources_with(Role.CREATE, Role.READ, Role.REPLACE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application whose PUT is a patch."""

    async def lie(call: Call) -> Response:
        read = call.on(Role.READ) if call.role is Role.REPLACE else None
        if read is None or not isinstance(call.sent, dict):
            return await call.answer()
        there = read.item(await read.answer()) or {}
        offered = shapes.properties(sent_schema(call.operation))
        kept = {name: value for name, value in there.items() if name in offered}
        return await call.sending({**kept, **call.sent}).answer()

    return lying(app, api, lie)
