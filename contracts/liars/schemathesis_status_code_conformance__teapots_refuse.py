"""What is refused is refused with a status that the description does not know."""

from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.description import Operation


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(_is_unknown(operation) for operation in api.description.operations)


def _is_unknown(operation: Operation) -> bool:
    return operation.response(418) is None


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        refused = answer.status in {400, 404, 409, 422}
        return replace(answer, status=418) if refused and _is_unknown(call.operation) else answer

    return lying(app, api, lie)
