"""An item that a list has shown is another one afterwards, in one of its properties."""

from typing import Any

from jsonschema import Draft202012Validator

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, Item, lying
from openapi.resources import Resource, Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(api.resources_with(Role.LIST))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        seen = call.memory.setdefault("seen", set())
        item = call.item(answer)
        if item is not None and call.address(call.key_after(answer)) in seen:
            return call.with_item(answer, _marked(item, call.resource))
        items = call.items(answer)
        if not items:
            return answer
        addresses = [call.address(call.key_of(one)) for one in items]
        pairs = zip(items, addresses, strict=True)
        marked = [_marked(one, call.resource) if at in seen else one for one, at in pairs]
        seen.update(addresses)
        return call.with_items(answer, marked)

    return lying(app, api, lie)


def _marked(item: Item, resource: Resource) -> Item:
    """The item with a mark that its schema allows, such as one more member of an object."""
    valid = Draft202012Validator(resource.item_schema).is_valid
    for name in sorted(item, key=lambda name: (not isinstance(item[name], dict), "id" in name)):
        marked = {**item, name: _with_mark(item[name])}
        if name != resource.key and marked != item and valid(marked):
            return marked
    return item


def _with_mark(value: Any) -> Any:
    if isinstance(value, dict):
        return {**value, "seen": "yes"}
    if isinstance(value, bool):
        return not value
    return f"{value} (seen)" if isinstance(value, str) else value
