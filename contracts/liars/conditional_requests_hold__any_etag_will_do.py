"""Answers have ETags, and nobody looks at those that are sent to change what they are of."""

import hashlib
from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying, without
from openapi.resources import Role

_WRITES = (Role.REPLACE, Role.MERGE)


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(
        parameter.name.lower() == "if-match"
        for one in api.resources_with(Role.CREATE, Role.READ)
        for role in _WRITES
        for operation in api.operations(role, one)
        for parameter in operation.parameters
    )


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.role not in {Role.READ, *_WRITES} or not answer.ok:
            return answer
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        if call.role is Role.READ and call.header("if-none-match") == tag:
            return Response(304, (("etag", tag),))
        return replace(answer, headers=(*without(answer.headers, "etag"), ("etag", tag)))

    return lying(app, api, lie)
