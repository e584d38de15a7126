"""Who deletes an item twice can read it again."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return bool(api.resources_with(Role.REMOVE, Role.READ))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        read = call.on(Role.READ) if call.role is Role.REMOVE else None
        before = await read.answer() if read is not None else None
        answer = await call.answer()
        back: dict[tuple[str, ...], Response] = call.memory.setdefault("back", {})
        if call.role is Role.REMOVE and answer.ok and before is not None:
            call.memory[call.address()] = before
        elif call.role is Role.REMOVE and call.address() in call.memory:
            back[call.address()] = call.memory.pop(call.address())
        elif call.role is Role.READ and call.address() in back:
            return back[call.address()]
        return answer

    return lying(app, api, lie)
