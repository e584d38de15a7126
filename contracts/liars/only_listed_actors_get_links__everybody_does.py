"""Every actor of a request gets a link, whoever is listed."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying

_OPERATION = "requestIdLinksPost"


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return _OPERATION in api.description.by_id


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        is_list = call.operation.id == _OPERATION and isinstance(call.sent, dict)
        return await (call.sending({}) if is_list else call).answer()

    return lying(app, api, lie)
