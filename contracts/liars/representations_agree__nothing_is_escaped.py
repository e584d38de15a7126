"""What has to be escaped in XML or CSV is left out there."""

import re
from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role

_ESCAPED = {
    "application/xml": re.compile(rb"&(amp|lt|gt|quot|apos|#\d+);"),
    "text/xml": re.compile(rb"&(amp|lt|gt|quot|apos|#\d+);"),
    "text/csv": re.compile(rb'""'),
}


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(
        response.content.keys() & _ESCAPED.keys() and any("json" in one for one in response.content)
        for one in api.resources_with(Role.CREATE)
        for role in (Role.READ, Role.LIST)
        for operation in api.operations(role, one)
        for response in operation.responses
    )


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        escaped = _ESCAPED.get(answer.media_type)
        if escaped is None or not answer.ok:
            return answer
        return replace(answer, body=escaped.sub(b"", answer.body))

    return lying(app, api, lie)
