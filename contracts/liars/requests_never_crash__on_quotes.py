"""A quote in a body is a server error, as in a query that was put together by hand."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, answered, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether something with a body can be created or changed."""
    return any(
        one.body is not None
        for role in (Role.CREATE, Role.MERGE, Role.REPLACE)
        for one in api.operations(role)
    )


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that trusts its clients."""

    async def lie(call: Call) -> Response:
        writes = {Role.CREATE, Role.MERGE, Role.REPLACE}
        if call.role in writes and b"'" in call.body:
            return answered(500)
        return await call.answer()

    return lying(app, api, lie)
