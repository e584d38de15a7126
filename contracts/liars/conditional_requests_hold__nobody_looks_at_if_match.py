"""ETags are made and compared when something is read, and not when it is changed."""

import hashlib
from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, answered, lying, without
from openapi.resources import Role

_NOT_MODIFIED = 304


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    writes = [one for role in (Role.REPLACE, Role.MERGE) for one in api.operations(role)]
    return any(name.name.lower() == "if-match" for one in writes for name in one.parameters)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.role is not Role.READ or not answer.ok:
            return answer
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        if call.header("if-none-match") == tag:
            return answered(_NOT_MODIFIED)
        return replace(answer, headers=(*without(answer.headers, "etag"), ("etag", tag)))

    return lying(app, api, lie)
