"""A whole number beyond 32 bits makes the server fail, wherever it stands in a request."""

import re
from collections.abc import Iterator
from typing import Any

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, as_described, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(api.description.operations)


def _numbers(value: Any) -> Iterator[int]:
    """The whole numbers in a value, and in texts that are one."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _numbers(one)
    elif isinstance(value, int):
        yield value
    elif isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,40}", value):
        yield int(value)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        asked = [call.sent, list(call.values.values()), [value for _, value in call.query]]
        if any(not -(2**31) <= number < 2**31 for number in _numbers(asked)):
            return as_described(call, 500)
        return await call.answer()

    return lying(app, api, lie)
