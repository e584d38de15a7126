"""It gives the second item that is created the id of the first."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether something can be created under an id of the server's."""
    return any(one.key is not None for one in api.resources_with(Role.CREATE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that counts badly."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        item = call.item(answer)
        if call.role is not Role.CREATE or item is None or call.resource.key not in item:
            return answer
        key = call.memory.setdefault(call.collection, item[call.resource.key])
        return call.with_item(answer, {**item, call.resource.key: key})

    return lying(app, api, lie)
