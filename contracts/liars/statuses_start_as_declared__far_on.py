"""What is created says that it has come to a status in which nothing begins."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from contracts.lifecycles import Life, life_of, lives
from openapi.resources import Role


def _later(life: Life) -> list[str]:
    """The statuses in which nothing begins, where it is declared how things begin."""
    starts = list(map(str, life.declared.starts))
    return [status for status in life.statuses if starts and status not in starts]


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    creatable = api.resources_with(Role.CREATE)
    return any(_later(life) for resource, life in lives(api) if resource in creatable)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        item = call.item(answer) if call.role is Role.CREATE else None
        life = life_of(call.resource) if item is not None else None
        if item is None or life is None or not _later(life):
            return answer
        return call.with_item(answer, {**item, life.name: _later(life)[-1]})

    return lying(app, api, lie)
