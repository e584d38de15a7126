"""It stores texts without the blanks around them."""

from collections.abc import Mapping
from typing import Any

from contracts.api import Api
from contracts.exchange import ABSENT, Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether something with a body can be created or changed."""
    return any(api.operation(Role.READ, one) for one in api.resources_with(Role.CREATE))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that is too tidy."""

    async def lie(call: Call) -> Response:
        writes = {Role.CREATE, Role.REPLACE, Role.MERGE}
        if call.role in writes and call.sent is not ABSENT:
            return await call.sending(_trimmed(call.sent)).answer()
        return await call.answer()

    return lying(app, api, lie)


def _trimmed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _trimmed(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_trimmed(one) for one in value]
    return value.strip() if isinstance(value, str) else value
