"""Credentials are good if their first half is that of others that were."""

from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return any(operation.security for operation in api.description.operations)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""
    good: set[str] = set()

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if answer.status not in {401, 403}:
            good.update(call.who)
            return answer
        for mine in call.who:
            for other in sorted(good - {mine}):
                half = len(other) // 2
                if half and mine[:half] == other[:half]:
                    pairs = [(name, other if told == mine else told) for name, told in call.headers]
                    return await replace(call, headers=tuple(pairs)).answer()
        return answer

    return lying(app, api, lie)
