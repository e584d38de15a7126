"""A method that the description does not know is answered as if all were well."""

from contracts.api import Api
from contracts.liar import Asgi, Receive, Scope, Send, answered, path_of, tell
from contracts.ways import Ways


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(api.description.operations)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""
    ways = Ways(api)

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        way = ways.find(path_of(scope)) if scope["type"] == "http" else None
        if way is None or scope["method"] in {*way.operations, "HEAD", "OPTIONS"}:
            await app(scope, receive, send)
        else:
            await tell(answered(200, {}), scope["method"], send)

    return wrapped
