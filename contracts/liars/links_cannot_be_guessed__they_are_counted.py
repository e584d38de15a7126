"""The links that an API hands out are numbered one after the other."""

from dataclasses import replace
from urllib.parse import quote

from contracts.api import Api
from contracts.exchange import Response
from contracts.handed import Links
from contracts.handouts import declared
from contracts.liar import Asgi, Call, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(declared(api))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""
    links = Links(api)

    async def lie(call: Call) -> Response:
        numbers: dict[str, str] = call.memory
        token = links.opened_by(call)
        if token in numbers:
            real = quote(numbers[token], safe="")
            path, query = (one.replace(token, real) for one in (call.path, call.query_string))
            return await replace(call, path=path, query_string=query).answer()
        answer = await call.answer()
        body = answer.body
        for handed in links.handed_out(call, answer) if answer.ok else ():
            number = str(10_000_001 + len(numbers))
            numbers[number] = handed
            body = body.replace(handed.encode(), number.encode())
        return replace(answer, body=body)

    return lying(app, api, lie)
