"""What is the server's alone is shown as a client sent it, from then on."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi import shapes
from openapi.resources import Resource, Role, sent_schema

_WRITING = (Role.CREATE, Role.REPLACE, Role.MERGE)


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    writing = [one for role in _WRITING for one in api.operations(role)]
    return any(_servers(api, api.part(operation).resource) for operation in writing)


def _servers(api: Api, resource: Resource) -> set[str]:
    """The properties of a resource that no request describes, or only as readOnly."""
    shown = set(shapes.properties(resource.item_schema)) - {resource.key}
    for role in _WRITING:
        for operation in api.operations(role, resource):
            sent = sent_schema(operation)
            shown -= shapes.properties(sent).keys() - shapes.read_only(sent)
    return shown


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        if call.part is None:
            return await call.answer()
        sent = call.sent if call.role in _WRITING and isinstance(call.sent, dict) else {}
        mine = {name: sent[name] for name in sent if name in _servers(api, call.resource)}
        if mine:
            call = call.sending({name: sent[name] for name in sent if name not in mine})
        answer = await call.answer()
        item = call.item(answer)
        if item is None:
            return answer
        told = call.memory.setdefault(call.address(call.key_after(answer)), {})
        told |= mine
        return call.with_item(answer, item | told) if told else answer

    return lying(app, api, lie)
