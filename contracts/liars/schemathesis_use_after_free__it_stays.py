"""What is deleted is said to be gone, and stays."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, as_described, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(api.resources_with(Role.REMOVE, Role.READ))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        read = call.on(Role.READ) if call.role is Role.REMOVE else None
        if read is None or not (await read.answer()).ok:
            return await call.answer()
        successes = [one.status for one in call.operation.responses if one.status in {"204", "200"}]
        return as_described(call, int(max(successes, default="204")))

    return lying(app, api, lie)
