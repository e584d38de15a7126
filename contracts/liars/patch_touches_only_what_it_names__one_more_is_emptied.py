"""A PATCH empties one more property than those that it names."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying
from openapi import shapes
from openapi.resources import Role, sent_schema
from openapi.schemas import Schema

_EMPTY: tuple[Any, ...] = ({}, [], "", None)


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    changing = [sent_schema(operation) for operation in api.operations(Role.MERGE)]
    return any(len(list(_clearable(schema))) > 1 for schema in changing)


def _clearable(schema: Schema) -> Iterator[tuple[str, Any]]:
    """The properties that may be empty, and what they are then."""
    for name, part in shapes.properties(schema).items():
        valid = Draft202012Validator(part).is_valid
        fitting = [empty for empty in _EMPTY if valid(empty)]
        if fitting and name not in shapes.read_only(schema):
            yield name, fitting[0]


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        read = call.on(Role.READ) if call.role is Role.MERGE else None
        if read is None or not isinstance(call.sent, dict):
            return await call.answer()
        item = read.item(await read.answer()) or {}
        for name, empty in _clearable(sent_schema(call.operation)):
            if name not in call.sent and item.get(name) not in _EMPTY:
                answer = await call.sending({**call.sent, name: empty}).answer()
                if answer.ok:
                    return answer
        return await call.answer()

    return lying(app, api, lie)
