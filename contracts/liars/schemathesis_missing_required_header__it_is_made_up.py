"""A header that must be sent is made up where it is missing."""

from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying, made
from openapi.description import Operation, Parameter


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(map(_needed, api.description.operations))


def _needed(operation: Operation) -> list[Parameter]:
    """The headers that a request must have."""
    return [one for one in operation.parameters if one.place == "header" and one.required]


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        missing = [one for one in _needed(call.operation) if call.header(one.name) is None]
        added = [(one.name, str(made(one.schema, one.name))) for one in missing]
        return await replace(call, headers=(*call.headers, *added)).answer()

    return lying(app, api, lie)
