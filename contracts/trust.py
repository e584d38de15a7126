"""Operations on what opens the door itself: passwords, tokens, sessions, accounts."""

import re
from functools import lru_cache

from contracts.api import Api
from contracts.exchange import SAFE
from contracts.identity.sign_in import login_of, register_of
from openapi.description import Operation

_DOORS = re.compile(
    r"passw|logout|log-out|log_out|sign-?out|session|token|login|sign-?in|register|sign-?up"
    r"|api-?keys?|credential|\bauth\b|deactivate|/me$|/account$",
    re.IGNORECASE,
)


@lru_cache(maxsize=8)
def doors(api: Api) -> tuple[Operation, ...]:
    """The operations that sign in and that make accounts, if there are any."""
    login = login_of(api.description)
    return tuple(one for one in (login, register_of(api.description, login)) if one is not None)


def is_about_trust(api: Api, operation: Operation) -> bool:
    """Whether it may change by which credentials somebody is known: it is not to be tried often."""
    if any(operation is one for one in doors(api)):
        return True
    is_write = operation.method not in SAFE
    return is_write and bool(_DOORS.search(f"{operation.path} {operation.id or ''}"))
