"""Two fields in the wrong order are accepted."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi.resources import Role

_WRITES = (Role.CREATE, Role.REPLACE, Role.MERGE)


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(api.orders(one) for role in _WRITES for one in api.operations(role))


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        for order in api.orders(call.operation) if call.role in _WRITES else ():
            if order.is_broken(call.sent):
                first, second = call.sent[order.first], call.sent[order.second]
                right = {**call.sent, order.first: second, order.second: first}
                answer = await call.sending(right).answer()
                item = call.item(answer)
                wrong = {order.first: first, order.second: second}
                return answer if item is None else call.with_item(answer, {**item, **wrong})
        return await call.answer()

    return lying(app, api, lie)
