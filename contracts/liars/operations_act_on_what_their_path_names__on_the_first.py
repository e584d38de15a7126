"""Changes and deletions meet the item that was created first."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether something can be created, read, and changed or deleted."""
    return any(
        api.resources_with(Role.CREATE, Role.READ, one)
        for one in (Role.MERGE, Role.REPLACE, Role.REMOVE)
    )


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that has a favourite."""

    async def lie(call: Call) -> Response:
        first = call.memory.setdefault("first", {})
        if call.role in {Role.MERGE, Role.REPLACE, Role.REMOVE} and call.key is not None:
            other = call.on(call.role, first.get(call.collection, call.key), call.sent)
            return await (other or call).answer()
        answer = await call.answer()
        if call.role is Role.CREATE and answer.ok:
            first.setdefault(call.collection, call.key_after(answer))
        return answer

    return lying(app, api, lie)
