"""It does what a PATCH asks for, and then says that it is refused where its body has a fault."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether something can be created, read and changed in part."""
    return bool(api.resources_with(Role.CREATE, Role.READ, Role.MERGE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that writes before it checks."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.role is not Role.MERGE or answer.ok or not isinstance(call.sent, dict):
            return answer
        for name, value in call.sent.items():
            await call.sending({name: value}).answer()
        return answer

    return lying(app, api, lie)
