"""A body is good if each of its properties is, whatever must hold between them."""

from typing import Any

from jsonschema import Draft202012Validator

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying, sample
from openapi import shapes
from openapi.resources import Role, sent_schema
from openapi.schemas import Schema

_RULES = {"dependentRequired", "dependentSchemas", "if", "oneOf", "anyOf", "not"}
_WRITING = (Role.CREATE, Role.REPLACE, Role.MERGE)


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    writing = [one for role in _WRITING for one in api.operations(role)]
    return any(_has_rules(sent_schema(operation)) for operation in writing)


def _has_rules(schema: Schema) -> bool:
    nodes = shapes.holding(schema, branches=False)
    return any(node.keys() & _RULES for node in nodes)


def _alone(schema: Schema, sent: Any) -> bool:
    """Whether all that is needed was sent, and nothing that is wrong by itself."""
    described = shapes.properties(schema)
    if not isinstance(sent, dict) or not shapes.required(schema) <= sent.keys():
        return False
    parts = [(described.get(name, False), value) for name, value in sent.items()]
    return all(Draft202012Validator(part).is_valid(value) for part, value in parts)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        told = call.memory.get(call.address(), {}) if call.role is Role.READ else {}
        schema = sent_schema(call.operation)
        refused = call.role in _WRITING and answer.status in {400, 422} and _has_rules(schema)
        if refused and _alone(schema, call.sent):
            mended = await call.sending(sample(call)).answer()
            told = call.sent if mended.ok else {}
            answer = mended if mended.ok else answer
        item = call.item(answer)
        if item is None or not told:
            return answer
        call.memory[call.address(call.key_after(answer))] = told
        return call.with_item(answer, item | told)

    return lying(app, api, lie)
