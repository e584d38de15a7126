"""Keys that no item has."""

from typing import Any

from contracts.api import Api
from contracts.history import Exchange
from contracts.steps import Fresh
from openapi.description import Operation

_NAME = "unknown"
_FORMS = (
    "00000000-0000-4000-8000-0000{}",
    "understudy-{}",
    "0000000000000000{}",  # as an ObjectId has 24 digits
    "{}",
)
"""Texts that are new each time; the new part has eight hexadecimal digits."""
_NUMBERS = (987_654_321, 99_999_989, 98_981, 9_973)
"""Numbers that no server has counted to, the likeliest first."""


def unknown_keys(api: Api, operation: Operation, name: str) -> list[Any]:
    """Keys for a path parameter that no item has, as a text and as a number if both fit."""
    parameter = next(one for one in operation.parameters if (one.place, one.name) == ("path", name))
    valid = api.validator(parameter.schema).is_valid
    numbers: list[Any] = [number for number in _NUMBERS if valid(number)][:1]
    numbers += [str(number) for number in _NUMBERS if not numbers and valid(str(number))][:1]
    texts = [form for form in _FORMS if valid(form.replace("{}", "0badcafe"))]
    # Without a word on what it is, a key is a number as likely as a text.
    return [*(Fresh(f"{_NAME}-{name}", form) for form in texts[:1]), *numbers]


def is_unknown(exchange: Exchange) -> bool:
    """Whether the item that an exchange's path names is one that nobody has."""
    key = exchange.part.key if exchange.part is not None else None
    value = exchange.step.values.get("path", {}).get(key or "")
    if isinstance(value, Fresh):
        return value.name.startswith(_NAME)
    return str(value) in map(str, _NUMBERS)
