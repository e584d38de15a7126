"""New items show their slugs in capitals."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi import shapes
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    creatable = api.resources_with(Role.CREATE)
    return any({"name", "slug"} <= shapes.properties(one.item_schema).keys() for one in creatable)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        item = call.item(answer) if call.role is Role.CREATE else None
        if item is None or not isinstance(item.get("slug"), str):
            return answer
        return call.with_item(answer, {**item, "slug": item["slug"].upper()})

    return lying(app, api, lie)
