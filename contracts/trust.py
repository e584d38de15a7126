"""Operations on what opens the door itself: passwords, tokens, sessions, accounts."""

import re

from contracts.api import Api
from contracts.exchange import SAFE
from contracts.identity.sign_in import login_of, register_of
from openapi.description import Operation

_DOORS = re.compile(
    r"passw|logout|log-out|log_out|sign-?out|session|token|login|sign-?in|register|sign-?up"
    r"|api-?keys?|credential|\bauth\b|deactivate|/me$|/account$",
    re.IGNORECASE,
)


def is_about_trust(api: Api, operation: Operation) -> bool:
    """Whether it may change by which credentials somebody is known: it is not to be tried often."""
    login = login_of(api.description)
    if any(operation is one for one in (login, register_of(api.description, login))):
        return True
    is_write = operation.method not in SAFE
    return is_write and bool(_DOORS.search(f"{operation.path} {operation.id or ''}"))
