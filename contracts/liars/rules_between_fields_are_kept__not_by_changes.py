"""A new item must keep the order of its values, and whoever changes one may turn it round."""

from collections.abc import Mapping
from typing import Any

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role

_CHANGES = (Role.REPLACE, Role.MERGE)


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(
        api.orders(operation)
        for one in api.resources_with(Role.CREATE, Role.READ)
        for role in _CHANGES
        for operation in api.operations(role, one)
    )


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        if call.role is Role.LIST:
            answer = await call.answer()
            items = call.items(answer) or []
            turned = [
                {**one, **call.memory.get(call.address(call.key_of(one)), {})} for one in items
            ]
            return call.with_items(answer, turned) if items else answer
        if call.part is None or call.key is None:
            return await call.answer()
        if call.role in _CHANGES and isinstance(call.sent, Mapping):
            return await _changed(call, call.sent)
        answer = await call.answer()
        item = call.item(answer)
        turned_round = call.memory.get(call.address())
        return call.with_item(answer, {**item, **turned_round}) if item and turned_round else answer

    return lying(app, api, lie)


async def _changed(call: Call, sent: Mapping[str, Any]) -> Response:
    """The answer to a change, which may do what is never right."""
    reading = call.on(Role.READ)
    before = reading.item(await reading.answer()) if reading is not None else None
    shown = {**(before or {}), **call.memory.get(call.address(), {})}
    after = {**shown, **sent} if call.role is Role.MERGE else sent
    kept = dict(sent)
    turned: dict[str, Any] = {}
    for order in call.api.orders(call.operation):
        if order.is_broken(after):
            turned |= {name: after[name] for name in (order.first, order.second)}
            kept |= {order.first: after[order.second], order.second: after[order.first]}
    answer = await call.sending(kept).answer()
    item = call.item(answer)
    if answer.ok:
        call.memory[call.address()] = turned
    return call.with_item(answer, {**item, **turned}) if item and turned else answer
