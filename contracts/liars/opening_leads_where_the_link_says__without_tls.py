"""Who opens a link is led to the address that it says, without the encryption."""

from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.handed import Links
from contracts.liar import Asgi, Call, lying, without


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    answers = [one for operation in Links(api).opening for one in operation.responses]
    return any(header.name.lower() == "location" for one in answers for header in one.headers)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""
    links = Links(api)

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        location = answer.header("location") if call.operation in links.opening else None
        if location is None:
            return answer
        plain = ("location", location.replace("https://", "http://", 1))
        return replace(answer, headers=(*without(answer.headers, "location"), plain))

    return lying(app, api, lie)
