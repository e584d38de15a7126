"""The ceiling: an ASGI function that reads the body and sends a constant."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

BODY = (
    b'{"links":[{"actor":"customer","link":"https://onboarding.example/res/3949?ts=49943",'
    b'"expiresAfter":"2024-10-22T12:19:12.269594Z"}]}'
)
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]

Message = MutableMapping[str, Any]


async def app(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Answer everything with the same links."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
