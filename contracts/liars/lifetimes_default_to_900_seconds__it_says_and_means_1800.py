"""A link that is made without a lifetime says 900 seconds, and works for 1800."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying, with_value
from openapi import shapes
from openapi.description import Operation
from openapi.resources import sent_schema


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(_has_lifetime(operation) for operation in api.description.operations)


def _has_lifetime(operation: Operation) -> bool:
    """Whether it takes a lifetime, of 900 seconds if none is sent."""
    lifetime = shapes.properties(sent_schema(operation)).get("lifetime", True)
    return bool(shapes.keyword(lifetime, "default") == 900)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        sent = call.sent
        if not _has_lifetime(call.operation) or not isinstance(sent, dict) or "lifetime" in sent:
            return await call.answer()
        answer = await call.sending({**sent, "lifetime": 1800}).answer()
        if not answer.ok or not isinstance(answer.value, dict):
            return answer
        return with_value(answer, {**answer.value, "lifetime": 900})

    return lying(app, api, lie)
