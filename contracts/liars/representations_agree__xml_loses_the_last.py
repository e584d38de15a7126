"""The last value of an answer in XML is empty."""

import re
from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    answers = [one for operation in api.description.operations for one in operation.responses]
    kinds = [{_kind(media_type) for media_type in one.content} for one in answers]
    return any({"json", "xml"} <= one for one in kinds)


def _kind(media_type: str) -> str:
    return media_type.replace("+", "/").rpartition("/")[2]


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        leaves = list(re.finditer(rb">([^<>]+)</", answer.body))
        if not answer.media_type.endswith("xml") or not leaves:
            return answer
        start, end = leaves[-1].span(1)
        return replace(answer, body=answer.body[:start] + answer.body[end:])

    return lying(app, api, lie)
