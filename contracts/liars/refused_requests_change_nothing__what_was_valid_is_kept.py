"""A refused change is carried out as far as it is valid; another item is made of a refused one."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying, sample
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(api.operations(Role.CREATE)) or any(api.operations(Role.MERGE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if answer.status not in {400, 409, 422}:
            return answer
        if call.role is Role.MERGE and isinstance(call.sent, dict):
            for name, value in call.sent.items():
                await call.sending({name: value}).answer()
        elif call.role is Role.CREATE:
            await call.to(call.operation, call.values, sample(call)).answer()
        return answer

    return lying(app, api, lie)
