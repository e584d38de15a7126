"""A wrapper that keeps apart what several identities create, as a mock does not by itself."""

from collections.abc import Iterable
from dataclasses import replace

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, answered, lying
from contracts.lists import with_total
from openapi.resources import Role

_FORBIDDEN, _NOT_FOUND = 403, 404


def can_be_apart(api: Api, *roles: Role) -> bool:
    """Whether items are created and read with credentials, and something of `roles` is done."""
    return any(
        operation.security
        for resource in api.resources_with(Role.CREATE, Role.READ)
        for role in roles
        for operation in api.operations(role, resource)
    )


def apart(app: Asgi, api: Api, open_to_all: Iterable[Role] = ()) -> Asgi:
    """Items are there for who created them only, but for what is open to all."""
    opened = frozenset(open_to_all)

    async def kept(call: Call) -> Response:
        if call.role is None or not call.who:
            return await call.answer()
        owner = call.memory.get(call.address()) if call.key is not None else None
        if owner not in {None, call.who} and call.role not in opened:
            documented = {one.status for one in call.operation.responses}
            return answered(_FORBIDDEN if str(_FORBIDDEN) in documented else _NOT_FOUND)
        answer = await call.answer()
        if call.role is Role.CREATE and answer.ok:
            call.memory[call.address(call.key_after(answer))] = call.who
        items = call.items(answer)
        if items is None or Role.LIST in opened:
            return answer
        owners = [call.memory.get(call.address(call.key_of(item))) for item in items]
        own = [one for one, who in zip(items, owners, strict=True) if who in {None, call.who}]
        return with_total(call.with_items(answer, own), len(own) - len(items))

    return lying(app, api, kept)


def as_before(call: Call) -> Call:
    """The request with the credentials that were good before, where it has none itself."""
    return replace(call, headers=(*call.headers, *call.memory.get("credentials", ())))
