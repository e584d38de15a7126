"""Every second item that is created is shown with the id of the one before it."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    creating = api.operations(Role.CREATE)
    return any(api.part(operation).resource.key is not None for operation in creating)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        item = call.item(answer) if call.role is Role.CREATE else None
        name = call.resource.key if item is not None else None
        if item is None or name not in item:
            return answer
        before = call.memory.pop(call.collection, None)
        if before is None:
            call.memory[call.collection] = item[name]
            return answer
        return call.with_item(answer, {**item, name: before})

    return lying(app, api, lie)
