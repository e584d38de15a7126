"""What formats look like: a plausible text for each, and a pattern that valid ones have.

The patterns are for a format that meets limits of length or other patterns; each describes part of
the format, enough to choose from.
"""

import base64
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from openapi.synthesis import plausible


def example(format_: str, random: Random) -> str | None:
    """A text of that format; None where it is unknown here."""
    make = _MADE.get(format_)
    return None if make is None else make(random)


def _named(name: str) -> Callable[[Random], str]:
    return lambda random: plausible.text(name, random) or ""


def _moment(shape: str) -> Callable[[Random], str]:
    return lambda random: plausible.moment(random).strftime(shape)


def _path(random: Random) -> str:
    return f"/{plausible.word(random)}/{random.randint(1, 9)}"


def encoded(random: Random) -> str:
    """A few words in Base64."""
    return base64.b64encode(plausible.words(random).encode()).decode()


_MADE: Final[Mapping[str, Callable[[Random], str]]] = {
    "email": _named("email"),
    "idn-email": _named("email"),
    "uuid": _named("uuid"),
    "date-time": _moment("%Y-%m-%dT%H:%M:%SZ"),
    "date": _moment("%Y-%m-%d"),
    "time": _moment("%H:%M:%SZ"),
    "duration": lambda random: f"P{random.randint(1, 9)}DT{random.randint(1, 23)}H",
    "uri": _named("url"),
    "url": _named("url"),
    "iri": _named("url"),
    "uri-reference": _path,
    "iri-reference": _path,
    "uri-template": lambda random: f"/{plausible.word(random)}/{{id}}",
    "hostname": _named("hostname"),
    "idn-hostname": _named("hostname"),
    "ipv4": _named("ip"),
    "ipv6": lambda random: f"2001:db8::{random.randint(1, 0xFFFF):x}",
    "byte": encoded,
    "base64": encoded,
    "binary": plausible.words,
    "password": _named("password"),
    "regex": lambda random: f"^{plausible.word(random)}$",
    "json-pointer": _path,
    "relative-json-pointer": lambda random: f"{random.randint(0, 3)}{_path(random)}",
    "int32": lambda random: str(random.randint(1, 10_000)),
    "int64": lambda random: str(random.randint(1, 10_000)),
    "float": lambda random: str(random.randint(1, 99_999) / 100),
    "double": lambda random: str(random.randint(1, 99_999) / 100),
    "decimal": lambda random: str(random.randint(1, 99_999) / 100),
}

_DATE = r"(20[0-9][0-9]|19[0-9][0-9])-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?(Z|[+-](0[0-9]|1[0-2]):[03]0)"
_HOST = r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*"
_EMAIL = r"[A-Za-z0-9_]+([.+-][A-Za-z0-9_]+)*@[A-Za-z]+(\.[A-Za-z]+)+"
_PATH = r"[A-Za-z0-9/_.~:@!$&'()*+,;=-]*"
_ENDS = rf"(\?{_PATH})?(#{_PATH})?"
_URI = rf"[a-z]+:(//{_HOST}(:[1-9][0-9]+)?/)?[A-Za-z0-9]{_PATH}{_ENDS}"
_REFERENCE = rf"({_URI}|[A-Za-z0-9/_.~-]*{_ENDS})"
_BYTE = r"(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_HEX = r"[0-9A-Fa-f]{1,4}"
_IPV6 = rf"({_HEX}(:{_HEX}){{7}}|({_HEX}(:{_HEX}){{0,3}})?::({_HEX}(:{_HEX}){{0,2}})?)"
_DURATION = r"P([1-9][0-9]*W|[1-9][0-9]*D(T[1-9][0-9]*H)?|[1-9]Y([1-9]M)?|T[1-9][0-9]*[HMS])"

ENCODED: Final = {"byte", "base64"}
"""Formats of base64."""

PATTERNS: Final[Mapping[str, str]] = {
    "byte": r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
    "email": _EMAIL,
    "idn-email": _EMAIL,
    "uuid": r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}",
    "date-time": rf"{_DATE}T{_TIME}",
    "date": _DATE,
    "time": _TIME,
    "duration": _DURATION,
    "uri": _URI,
    "iri": _URI,
    "uri-reference": _REFERENCE,
    "iri-reference": _REFERENCE,
    "uri-template": rf"{_PATH}(\{{[a-z]+\}}{_PATH})*",
    "hostname": _HOST,
    "idn-hostname": _HOST,
    "ipv4": rf"{_BYTE}\.{_BYTE}\.{_BYTE}\.{_BYTE}",
    "ipv6": _IPV6,
    "regex": r"[^\\()\[\]{}*+?|^$]*",
    "json-pointer": r"(/[^/~]*)*",
    "relative-json-pointer": r"(0|[1-9][0-9]*)(/[^/~]*)*#?",
}
"""By the name of the format; the whole text must match. Only formats that validators assert."""
