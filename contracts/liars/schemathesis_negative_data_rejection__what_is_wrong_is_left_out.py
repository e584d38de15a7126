"""What is wrong in a query is taken as if it had not been sent."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    queried = [one for operation in api.description.operations for one in operation.parameters]
    return any(one.place == "query" and not one.required for one in queried)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if answer.status not in {400, 422}:
            return answer
        needed = {one.name for one in call.operation.parameters if one.required}
        others = [name for name, _ in call.query if name not in needed]
        return await call.asking(**dict.fromkeys(others)).answer()

    return lying(app, api, lie)
