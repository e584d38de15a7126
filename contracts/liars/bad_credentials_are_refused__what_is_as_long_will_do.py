"""Credentials that are as long as some that were accepted before are accepted as well."""

from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.identity.credentials import part_of, protects
from contracts.liar import Asgi, Call, lying, without


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(_headers(api)) and any(map(protects, api.description.operations))


def _headers(api: Api) -> set[str]:
    """The headers that hold credentials."""
    parts = (part_of(one, "") for one in api.description.security_schemes.values())
    return {one.name.lower() for one in parts if one is not None and one.place == "header"}


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""
    names = _headers(api)

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if not protects(call.operation):
            return answer
        held = tuple(pair for pair in call.headers if pair[0].lower() in names)
        length = [len(value) for _, value in held]
        accepted = call.memory.setdefault("accepted", [])
        if answer.ok and held not in accepted:
            accepted.append(held)
        for known in accepted if answer.status in {401, 403} and held else ():
            if [len(value) for _, value in known] == length:
                headers = (*without(call.headers, *names), *known)
                return await replace(call, headers=headers).answer()
        return answer

    return lying(app, api, lie)
