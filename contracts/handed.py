"""Links that an API hands out for whoever has them: what opens them, and their tokens."""

import re

from contracts.api import Api
from contracts.liar import Call
from openapi import shapes
from openapi.declarations import expiry
from openapi.description import Operation
from openapi.references import EXPIRY

_OPENING = {"executeLink", "resTokenGet", "resTokenPost"}
"""The operations of the built-in APIs that open a link."""
_TOKEN = re.compile(r"https?://[^\s\"\\]*?(?:[?&]token=|/res/)([\w~.-]+)")


def opens(api: Api, operation: Operation) -> bool:
    """Whether an operation opens a link: one of the built-in APIs, or one that `x-expiry` names."""
    return operation.id in _OPENING or bool({operation.id, operation.key} & _declared(api))


def _declared(api: Api) -> set[str | None]:
    found: set[str | None] = set()
    for resource in api.resources_with():
        declared = shapes.keyword(resource.item_schema, EXPIRY)
        if declared is not None:
            found |= set(expiry(declared).opened_by)
    return found


def opening(api: Api) -> list[Operation]:
    """The operations that open a link."""
    return [one for one in api.description.operations if opens(api, one)]


def token_of(call: Call) -> str | None:
    """What names the link that is opened."""
    return call.values.get("token") or call.asked("token") or (call.key if call.part else None)


def tokens_in(text: str) -> list[str]:
    """The tokens of the links that a text holds."""
    return list(dict.fromkeys(_TOKEN.findall(text)))
