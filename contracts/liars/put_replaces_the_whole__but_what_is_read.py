"""A PUT is answered with the new item; who reads it later finds what it left out of the old one."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(api.resources_with(Role.REPLACE, Role.READ))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        read = call.on(Role.READ) if call.role is Role.REPLACE else None
        before = read.item(await read.answer()) if read is not None else None
        answer = await call.answer()
        item = call.item(answer)
        if before is not None and answer.ok:
            now = read.item(await read.answer()) or {} if read is not None else {}
            left_out = [name for name in before if now.get(name) is None]
            call.memory[call.address()] = {name: before[name] for name in left_out}
        elif call.role is Role.READ and item is not None:
            lost = call.memory.get(call.address(), {})
            back = {name: value for name, value in lost.items() if item.get(name) is None}
            return call.with_item(answer, item | back) if back else answer
        return answer

    return lying(app, api, lie)
