"""Credentials that no correct server accepts, made of one that it does."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from contracts.identity.credentials import Part, Parts

FORGERIES = (
    "altered",
    "unsigned",
    "prolonged",
    "promoted",
    "impersonating",
    "null",
    "empty",
    "truncated",
)
"""The ways to forge, by the number that a step's `variant` has."""

_LATER = 4_102_444_800
"""The year 2100 (seconds since 1970)."""
_JWT_PARTS = 3
_ROLES = ("role", "roles", "scope", "scp", "permissions", "groups")
_USERS = ("sub", "user_id", "userId", "uid", "user", "username", "email")


def forged(parts: Parts, way: int) -> Parts | None:
    """Credentials forged in one of the FORGERIES; None where that cannot be done to them.

    One of them is forged: a user's token rather than the key of a program that stands beside it.
    """
    if not parts or not 0 <= way < len(FORGERIES):
        return None
    part = max(parts, key=lambda part: bool(part.prefix))
    secret = _forge(part, FORGERIES[way])
    if secret is None or secret == part.secret:
        return None
    return tuple(replace(one, secret=secret) if one is part else one for one in parts)


def _forge(part: Part, way: str) -> str | None:
    if part.prefix == "Basic":
        user, _, password = part.secret.partition(":")
        return f"{user}:{_altered(password) or 'x'}" if way == "altered" else None
    simple: dict[str, Callable[[str], str | None]] = {
        "altered": _altered_signature,
        "null": lambda _: "null",
        "empty": lambda _: "",
        "truncated": lambda secret: secret[: len(secret) // 2],
    }
    return simple[way](part.secret) if way in simple else _changed(part.secret, way)


def _altered_signature(secret: str) -> str:
    """With one character changed: in the middle of the signature where it has one."""
    head, dot, signature = secret.rpartition(".")
    return f"{head}{dot}{_altered(signature)}" if claims(secret) is not None else _altered(secret)


def _altered(text: str) -> str:
    """With the letter or digit nearest to its middle changed into another of its kind."""
    middle = len(text) // 2
    for index in sorted(range(len(text)), key=lambda index: abs(index - middle)):
        other = _other(text[index])
        if other is not None:
            return text[:index] + other + text[index + 1 :]
    return text + "x"


def _other(sign: str) -> str | None:
    for alphabet in ("0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
        if sign in alphabet:
            return alphabet[(alphabet.index(sign) + 1) % len(alphabet)]
    return None


def _changed(secret: str, way: str) -> str | None:
    """A JSON Web Token (RFC 7519) that says something else, with its old signature or none."""
    told = claims(secret)
    if told is None:
        return None
    header, body, signature = secret.split(".")
    if way == "unsigned":
        # RFC 8725 section 2.1: a token that says that it needs no signature.
        return f"{_written({**_read(header), 'alg': 'none'})}.{body}."
    changes = {"prolonged": _prolonged, "promoted": _promoted, "impersonating": _impersonating}
    change = changes[way](told)
    return f"{header}.{_written({**told, **change})}.{signature}" if change else None


def _prolonged(told: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"exp": _LATER} if told.get("exp") != _LATER else {}


def _promoted(told: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in _ROLES:
        if name in told:
            value = told[name]
            return {name: [*value, "admin"] if isinstance(value, list) else "admin"}
    return {"role": "admin", "admin": True}


def _impersonating(told: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in _USERS:
        value = told.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return {name: value - 1 if value > 1 else value + 1}
        if isinstance(value, str) and value.isdecimal():
            return {name: str(int(value) - 1 if int(value) > 1 else int(value) + 1)}
        if isinstance(value, str) and value:
            return {name: "admin" if value != "admin" else "root"}
    return {}


def claims(secret: str) -> Mapping[str, Any] | None:
    """What a JSON Web Token says; None where a secret is none."""
    pieces = secret.split(".")
    if len(pieces) != _JWT_PARTS:
        return None
    try:
        header, told = _read(pieces[0]), _read(pieces[1])
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(header, dict) or "alg" not in header or not isinstance(told, dict):
        return None
    return told


def _read(piece: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))


def _written(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")
