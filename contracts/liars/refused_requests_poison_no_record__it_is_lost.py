"""An item whose change was refused cannot be read any more."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, answered, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether something can be created, read and changed."""
    return any(
        api.resources_with(Role.CREATE, Role.READ, one) for one in (Role.MERGE, Role.REPLACE)
    )


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that stores what it cannot read."""

    async def lie(call: Call) -> Response:
        poisoned = call.memory.setdefault("poisoned", set())
        if call.role is Role.READ and call.path in poisoned:
            return answered(500)
        answer = await call.answer()
        refused = answer.status in {400, 409, 422}
        if call.role in {Role.MERGE, Role.REPLACE} and refused:
            poisoned.add(call.path)
        return answer

    return lying(app, api, lie)
