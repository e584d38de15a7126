"""The entity tag of an item is always the same, whatever the item has become."""

from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying, without
from openapi.description import Operation
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(_is_conditional(operation) for operation in api.operations(Role.READ))


def _is_conditional(operation: Operation) -> bool:
    headers = [header.name for one in operation.responses for header in one.headers]
    names = [*headers, *(one.name for one in operation.parameters)]
    return any(name.lower() in {"etag", "if-none-match"} for name in names)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.role is not Role.READ or not answer.ok or not _is_conditional(call.operation):
            return answer
        tag = ("etag", f'"{call.key}"')
        if call.header("if-none-match") in {tag[1], answer.header("etag") or tag[1]}:
            return Response(304, (tag,))
        return replace(answer, headers=(*without(answer.headers, "etag"), tag))

    return lying(app, api, lie)
