"""Where creating something is refused for a conflict, it creates a second one all the same."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.description import Operation
from openapi.resources import Role

_CONFLICT = 409


def applies(api: Api) -> bool:
    """Whether creating something can be refused for a conflict."""
    return any(map(_may_conflict, api.operations(Role.CREATE)))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that never looks whether something is there."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        refused = call.role is Role.CREATE and answer.status == _CONFLICT
        if not refused or not isinstance(call.sent, dict):
            return answer
        # The mock takes a key as it is sent; in another letter case it is another one.
        changed = {
            name: f"{value}-2" if name == call.resource.key else value
            for name, value in call.sent.items()
        }
        return await call.sending(changed).answer()

    return lying(app, api, lie)


def _may_conflict(operation: Operation) -> bool:
    return any(response.status == str(_CONFLICT) for response in operation.responses)
