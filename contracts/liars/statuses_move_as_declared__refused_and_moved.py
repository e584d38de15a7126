"""A move that is not declared is refused, and shows in what is read later."""

from typing import Any

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.declarations import Lifecycle
from openapi.resources import Role

_CHANGING = (Role.REPLACE, Role.MERGE, Role.ACT)


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    changing = [one for role in _CHANGING for one in api.operations(role)]
    return any(api.lifecycle(api.part(operation).resource) for operation in changing)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        found = api.lifecycle(call.resource) if call.part is not None else None
        if found is None:
            return answer
        name, declared = found
        item = call.item(answer)
        if call.role is Role.READ and item is not None and call.address() in call.memory:
            return call.with_item(answer, {**item, name: call.memory[call.address()]})
        if call.role in _CHANGING and answer.ok:
            call.memory.pop(call.address(), None)
        elif call.role in _CHANGING and answer.status in {400, 409, 422}:
            called = (call.operation.id or "", call.operation.key)
            moves = [declared.actions[one] for one in called if one in declared.actions]
            if isinstance(call.sent, dict) and call.sent.get(name) in _statuses(declared):
                moves.append(call.sent[name])
            if moves:
                call.memory[call.address()] = moves[-1]
        return answer

    return lying(app, api, lie)


def _statuses(declared: Lifecycle) -> list[Any]:
    """All statuses that can be reached."""
    return [declared.initial, *(one for after in declared.moves.values() for one in after)]
