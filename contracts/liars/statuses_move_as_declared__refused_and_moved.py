"""A move that is not declared is refused, and shows in what is read later."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lifecycles import Life, life_of
from openapi import shapes
from openapi.description import Operation
from openapi.resources import Role, sent_schema

_CHANGING = (Role.REPLACE, Role.MERGE, Role.ACT)


def applies(api: Api) -> bool:
    """Whether a move can be asked for that is not declared."""
    changing = [one for role in _CHANGING for one in api.operations(role)]
    return any(
        life is not None and _may_not(life) and _asks(operation, life)
        for operation in changing
        for life in [life_of(api.part(operation).resource)]
    )


def _may_not(life: Life) -> bool:
    return not all(life.follows(one, other) for one in life.statuses for other in life.statuses)


def _asks(operation: Operation, life: Life) -> bool:
    """Whether the operation names the status that it leads to, or is declared to lead to one."""
    declared = {operation.id, operation.key} & life.declared.actions.keys()
    return bool(declared) or life.name in shapes.properties(sent_schema(operation))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        life = life_of(call.resource) if call.part is not None else None
        if life is None:
            return answer
        item = call.item(answer)
        if call.role is Role.READ and item is not None and call.address() in call.memory:
            return call.with_item(answer, {**item, life.name: call.memory[call.address()]})
        if call.role in _CHANGING and answer.ok:
            call.memory.pop(call.address(), None)
        elif call.role in _CHANGING and answer.status in {400, 409, 422}:
            sent = call.sent.get(life.name) if isinstance(call.sent, dict) else None
            wanted = sent or life.declared.moved_by(call.operation.name, call.sent)
            if wanted in life.statuses:
                call.memory[call.address()] = wanted
        return answer

    return lying(app, api, lie)
