"""Slugs have underscores where they should have hyphens."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, Item, lying
from openapi import shapes
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(
        {"name", "slug"} <= shapes.properties(resource.item_schema).keys()
        for resource in api.resources_with(Role.CREATE)
    )


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        slug = call.asked("slug")
        if call.role is Role.LIST and slug is not None:
            call = call.asking(slug=slug.replace("_", "-"))
        answer = await call.answer()
        item, items = call.item(answer), call.items(answer)
        if item is not None:
            return call.with_item(answer, _other(item))
        return answer if items is None else call.with_items(answer, map(_other, items))

    return lying(app, api, lie)


def _other(item: Item) -> Item:
    """The item with another slug, if it has one."""
    slug = item.get("slug")
    return {**item, "slug": slug.replace("-", "_")} if isinstance(slug, str) else item
