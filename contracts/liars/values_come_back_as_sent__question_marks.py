"""Characters beyond Latin-1 are kept as question marks, wherever a body has them."""

import json
import re

from contracts.api import Api
from contracts.exchange import ABSENT, Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role

_BEYOND = re.compile("[^\\x00-\\xff]")


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(operation.body is not None for operation in api.operations(Role.CREATE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        text = json.dumps(call.sent, ensure_ascii=False) if call.sent is not ABSENT else ""
        kept = _BEYOND.sub("?", text)
        return await (call if kept == text else call.sending(json.loads(kept))).answer()

    return lying(app, api, lie)
