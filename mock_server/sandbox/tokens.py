"""Bearer tokens: JSON Web Tokens (RFC 7519) signed by this server, judged by a sandbox's clock."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

import jwt

_ALGORITHM = "HS256"


def issue(key: bytes, now: datetime, seconds: float, claims: dict[str, Any]) -> str:
    """A signed token that carries the claims and expires after that many seconds."""
    issued = now.timestamp()
    return jwt.encode(claims | {"iat": int(issued), "exp": issued + seconds}, key, _ALGORITHM)


def read(key: bytes, now: datetime, token: str) -> dict[str, Any] | None:
    """The claims of a token; None when it was not signed with this key, or has expired."""
    claims = _verified(key, token)
    if claims is None or now.timestamp() >= claims["exp"]:
        return None
    return dict(claims)


@lru_cache(maxsize=1024)
def _verified(key: bytes, token: str) -> dict[str, Any] | None:
    # Only the signature counts here: what the claims mean is for the sandbox's clock and the API.
    try:
        claims: dict[str, Any] = json.loads(jwt.PyJWS().decode(token, key, [_ALGORITHM]))
    except jwt.InvalidTokenError:
        return None
    return claims
