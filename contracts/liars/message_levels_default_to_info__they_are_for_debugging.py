"""A message without a level is kept with the level `debug`."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(resource.name == "link/action" for resource in api.resources_with())


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        sent = call.sent
        messages = sent.get("messages") if isinstance(sent, dict) else None
        if isinstance(messages, list) and all(isinstance(one, dict) for one in messages):
            levelled = [{"level": "debug", **one} for one in messages]
            call = call.sending({**sent, "messages": levelled})
        return await call.answer()

    return lying(app, api, lie)
