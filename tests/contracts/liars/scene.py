"""Honest mocks, and the same request sent to them and to liars before them."""

from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from contracts.api import Api
from contracts.liar import Asgi, Liar, all_liars
from mock_server.api import Serving
from mock_server.app import Settings, create_app
from openapi.description import read
from openapi.loading import find
from tests.contracts.asking import Asker

LIBRARY = str(Path(__file__).parent / "library.yaml")
Script = Callable[[Asker], Any]

_sandboxes = count(1)


@cache
def honest(source: str) -> tuple[Asgi, Api]:
    """The honest mock of a description, and what a liar knows of it."""
    app = create_app(Settings(apis=[source], serving=Serving(strict_state=True)))
    return app, Api(read(find(source)))


def named(name: str) -> Liar:
    """A liar by its name."""
    return next(one for one in all_liars() if one.name == name)


def asker(app: Asgi) -> Asker:
    """A client of an application, in a sandbox of its own."""
    return Asker(app, {"Understudy-Sandbox": f"s{next(_sandboxes)}"})


def both(name: str, source: str, script: Script) -> tuple[Any, Any]:
    """What a script sees of the honest mock, and of the liar before it."""
    app, api = honest(source)
    liar = named(name)
    assert liar.applies(api)
    return script(asker(app)), script(asker(liar.wrap(app, api)))


def signed_in(ask: Asker, source: str) -> Asker:
    """The client with credentials of a built-in API."""
    if source == "namirial":
        return ask.carrying(**{"X-Api-Key": "any"})
    if source == "nullplatform":
        token = ask("POST /token", {"api_key": "any"}).json()["access_token"]
    else:
        session = {"type": "api-key", "key": "any", "secret": "any"}
        token = ask("POST /sessions", session).json()["access_token"]
    return ask.carrying(Authorization=f"Bearer {token}")
