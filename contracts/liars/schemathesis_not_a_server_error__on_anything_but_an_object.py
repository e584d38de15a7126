"""A body of JSON that is no object makes the server fail."""

from contracts.api import Api
from contracts.exchange import ABSENT, Response
from contracts.liar import Asgi, Call, as_described, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(operation.body is not None for operation in api.description.operations)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        if call.sent is not ABSENT and not isinstance(call.sent, dict):
            return as_described(call, 500)
        return await call.answer()

    return lying(app, api, lie)
