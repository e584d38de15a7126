"""Whatever a client sends for an item shows in it from then on."""

from collections.abc import Callable

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi import shapes
from openapi.resources import Resource, Role, sent_schema


def applies(api: Api) -> bool:
    """Whether something can be created that shows more than its body offers."""
    return any(map(_has_more(api), api.resources_with(Role.CREATE)))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application that assigns in mass."""

    async def lie(call: Call) -> Response:
        taken = call.memory.setdefault("taken", {})
        answer = await call.answer()
        item = call.item(answer)
        if item is None:
            return answer
        place = (call.resource.name, call.key_after(answer))
        if call.role in {Role.CREATE, Role.MERGE, Role.REPLACE} and isinstance(call.sent, dict):
            barred = {call.resource.key}
            sent = {name: one for name, one in call.sent.items() if name not in barred}
            taken.setdefault(place, {}).update(sent)
        told = {name: one for name, one in taken.get(place, {}).items() if name in item}
        return call.with_item(answer, {**item, **told})

    return lying(app, api, lie)


def _has_more(api: Api) -> Callable[[Resource], bool]:
    def has_more(resource: Resource) -> bool:
        operation = api.operation(Role.CREATE, resource)
        offered = shapes.properties(sent_schema(operation)) if operation is not None else {}
        shown = shapes.properties(resource.item_schema).keys() - {resource.key}
        return bool(offered) and bool(shown - offered.keys())

    return has_more
