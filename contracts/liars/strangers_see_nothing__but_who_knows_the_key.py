"""What somebody has created is shown to whoever knows its key."""

from contracts.apart import apart, can_be_apart
from contracts.api import Api
from contracts.liar import Asgi
from openapi.resources import Role


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return can_be_apart(api, Role.LIST)


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""
    return apart(app, api, open_to_all=(Role.READ,))
