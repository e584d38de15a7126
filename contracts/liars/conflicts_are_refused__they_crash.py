"""What conflicts with what is there makes the server fail."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, as_described, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    operations = api.description.operations
    return any(one.status == "409" for operation in operations for one in operation.responses)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        return as_described(call, 500) if answer.status == 409 else answer

    return lying(app, api, lie)
