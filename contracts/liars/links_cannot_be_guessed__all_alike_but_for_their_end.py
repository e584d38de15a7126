"""The tokens of links are long, and all alike but for a number at their end."""

from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.handed import Links
from contracts.liar import Asgi, Call, lying

_ALIKE = "Zq4vT7mK2xW9bN5cR8yH3jL6fD1s"


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(Links(api).opening)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""
    links = Links(api)

    async def lie(call: Call) -> Response:
        tokens: dict[str, str] = call.memory
        shown = links.opened_by(call)
        if shown:
            meant = next((one for one, alias in tokens.items() if alias == shown), shown)
            path, query = (text.replace(shown, meant) for text in (call.path, call.query_string))
            return await replace(call, path=path, query_string=query).answer()
        answer = await call.answer()
        body = answer.body
        for token in links.handed_out(call, answer):
            alias = tokens.setdefault(token, f"{_ALIKE}{len(tokens):02}")
            body = body.replace(token.encode(), alias.encode())
        return replace(answer, body=body)

    return lying(app, api, lie)
