"""Whoever opens a link is sent to the front page of the site that it should lead to."""

from dataclasses import replace
from urllib.parse import urlsplit

from contracts.api import Api
from contracts.exchange import Response
from contracts.handed import Links
from contracts.handouts import declared
from contracts.liar import Asgi, Call, lying, without


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(declared(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""
    links = Links(api)

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        location = answer.header("location")
        if location is None or links.opened_by(call) is None:
            return answer
        parts = urlsplit(location)
        root = f"{parts.scheme}://{parts.netloc}/"
        kept = without(answer.headers, "location")
        return replace(answer, headers=(*kept, ("location", root)))

    return lying(app, api, lie)
