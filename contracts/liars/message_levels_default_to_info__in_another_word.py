"""A message that was sent without a level has the level `information`."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi import shapes
from openapi.description import Operation
from openapi.resources import sent_schema


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(_has_messages(operation) for operation in api.description.operations)


def _has_messages(operation: Operation) -> bool:
    """Whether it takes messages, of the level `info` if none is sent."""
    messages = shapes.properties(sent_schema(operation)).get("messages", True)
    level = shapes.properties(shapes.items(messages)).get("level", True)
    return bool(shapes.keyword(level, "default") == "info")


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        messages = call.sent.get("messages") if isinstance(call.sent, dict) else None
        if not _has_messages(call.operation) or not isinstance(messages, list):
            return await call.answer()
        default = {"level": "information"}
        named = [default | one if isinstance(one, dict) else one for one in messages]
        return await call.sending({**call.sent, "messages": named}).answer()

    return lying(app, api, lie)
