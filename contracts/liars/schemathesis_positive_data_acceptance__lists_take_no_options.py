"""A list that is asked for with anything that need not be asked is refused."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, as_described, lying
from openapi.description import Operation
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(_options(operation) for operation in api.operations(Role.LIST))


def _options(operation: Operation) -> set[str]:
    """The parameters of its query that may be left out."""
    queried = [one for one in operation.parameters if one.place == "query"]
    return {one.name for one in queried if not one.required}


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        if call.role is Role.LIST and _options(call.operation) & dict(call.query).keys():
            return as_described(call, 400)
        return await call.answer()

    return lying(app, api, lie)
