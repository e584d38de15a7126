"""None of the headers that an answer must have is sent."""

from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying, without
from openapi.description import Operation


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(map(_needed, api.description.operations))


def _needed(operation: Operation) -> set[str]:
    """The headers that its answers must have, in lower case."""
    headers = [header for one in operation.responses for header in one.headers]
    return {header.name.lower() for header in headers if header.required}


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        return replace(answer, headers=without(answer.headers, *_needed(call.operation)))

    return lying(app, api, lie)
