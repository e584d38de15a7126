"""It answers reads of what is not there with an item that is made up."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, as_described, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether something can be read."""
    return bool(api.resources_with(Role.READ))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that knows everything."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        missing = answer.status in {404, 410}
        return as_described(call, 200) if missing and call.role is Role.READ else answer

    return lying(app, api, lie)
