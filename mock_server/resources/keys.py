"""Keys: what tells the items of a collection apart, as text and as values."""

import re
from typing import Any, TypeGuard
from urllib.parse import quote

_WHOLE = re.compile(r"-?[0-9]{1,300}")
_DECIMAL = re.compile(r"-?[0-9]{1,300}\.[0-9]{1,300}")


def is_key(value: Any) -> TypeGuard[str | int | float]:
    """Whether a value can be a key: a number, or a text that a path can hold."""
    return is_number(value) or (isinstance(value, str) and value != "")


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether a value is a JSON number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def key_text(key: Any) -> str:
    """The key as it stands in a path; JSON makes no difference between 7 and 7.0."""
    if isinstance(key, bool):
        return str(key).lower()
    return str(int(key)) if isinstance(key, float) and key.is_integer() else str(key)


def typed(text: str, kinds: frozenset[str]) -> str | int | float:
    """What a key's text means where it is of one of those types."""
    if kinds & {"integer", "number"} and _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if "number" in kinds and _DECIMAL.fullmatch(text) else text


def path_text(key: Any) -> str:
    """The key as a part of a URL's path (RFC 3986 section 3.3)."""
    return quote(key_text(key), safe="")


def joined(keys: tuple[str, ...]) -> str:
    """Several keys as one text."""
    return "/".join(quote(key, safe=" !$&'()*+,;=:@") for key in keys)
