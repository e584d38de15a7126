"""Puts the server together: Connexion hosts, the gateway answers, Flask serves the viewer."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

with warnings.catch_warnings():
    # Connexion 3.3 imports a name that Starlette 1.x has deprecated; nothing of it is used here.
    warnings.simplefilter("ignore")
    from connexion import FlaskApp
    from connexion.middleware.abstract import SpecMiddleware
    from connexion.middleware.exceptions import ExceptionMiddleware
from flask_swagger_ui import get_swaggerui_blueprint

from mock_server.api import Api, Serving
from mock_server.behaviour import Behaviour, built_in, from_argument
from mock_server.control import control_api
from mock_server.gateway.gateway import Asgi, Gateway, Options, Receive, Scope, Send
from mock_server.gateway.route import CONTROL, sandbox_of
from mock_server.sandbox.sandboxes import Sandboxes
from openapi.description import read
from openapi.loading import UnusableDescription, built_in_names, find


@dataclass(frozen=True)
class Settings:
    """What a server is made of."""

    apis: Sequence[str] = ()
    """Files, URLs or names of built-in APIs; none: all the built-in ones."""
    overlays: Sequence[str] = ()
    """Overlay files, applied to each description in their order."""
    remote_references: bool = False
    """Whether references may lead to other hosts."""
    behaviours: str | None = None
    """A file or module with the functions of the only API."""
    serving: Serving = field(default_factory=Serving)
    control: bool = True
    options: Options = field(default_factory=Options)


def create_app(settings: Settings | None = None) -> Asgi:
    """The server as an ASGI application.

    Raises UnusableDescription or BehaviourMismatch where it cannot be put together.
    """
    settings = settings or Settings()
    apis = apis_of(settings)
    sandboxes = Sandboxes({api.name: api for api in apis}, seed=settings.serving.seed)
    control = control_api(sandboxes, apis) if settings.control else None
    gateway = Gateway(apis, sandboxes, control, settings.options)
    return _hosted(apis, gateway)


def apis_of(settings: Settings) -> list[Api]:
    """The APIs that a server would serve.

    Raises UnusableDescription or BehaviourMismatch where one of them cannot be.
    """
    overlays = [Path(overlay) for overlay in settings.overlays]
    arguments = settings.apis or built_in_names()
    alone = len(arguments) == 1
    apis = [_api(argument, overlays, settings, alone=alone) for argument in arguments]
    names = [api.name for api in apis]
    for argument, name in zip(arguments, names, strict=True):
        if name.startswith("~") or f"/{name}" == CONTROL:
            problem = f"An API cannot be called {name}: that path is taken. Rename the file."
            raise UnusableDescription(argument, "", problem)
        if names.count(name) > 1:
            problem = f"Two descriptions are called {name}, after their files. Rename one."
            raise UnusableDescription(argument, "", problem)
    return apis


def _api(argument: str, overlays: Sequence[Path], settings: Settings, *, alone: bool) -> Api:
    description = read(find(argument), overlays, remote=settings.remote_references)
    if settings.behaviours is not None:
        behaviour = from_argument(settings.behaviours, description)
    elif argument in built_in_names():
        behaviour = built_in(description)
    else:
        behaviour = Behaviour()
    mount = "" if alone else f"/{description.name}"
    return Api(description, behaviour, mount, settings.serving)


def _hosted(apis: Sequence[Api], gateway: Gateway) -> Asgi:
    """The gateway as the first and only middleware of a Connexion application.

    Connexion gets a skeleton of each document: what it would do with the whole one (routing,
    validation, one thread hop a request) is the gateway's work, and it reads no OpenAPI 3.1.
    """
    first = partial(_GatewayMiddleware, gateway)
    app = FlaskApp(__name__, middlewares=[first, ExceptionMiddleware])
    for api in apis:
        skeleton = {
            "openapi": "3.0.3",
            "info": {"title": api.description.title, "version": "1"},
            "paths": {},
        }
        app.add_api(skeleton, base_path=f"/{api.name}", name=api.name)
        viewer = get_swaggerui_blueprint(
            f"/{api.name}/ui", "../openapi.json", config={"app_name": api.description.title}
        )
        app.app.register_blueprint(viewer, name=f"{api.name}-ui")
    hosted: Asgi = app
    return hosted


class _GatewayMiddleware(SpecMiddleware):  # type: ignore[misc] # Connexion ships no types
    """Connexion's seam for a middleware that wants the descriptions."""

    def __init__(self, gateway: Gateway, app: Asgi) -> None:
        self._gateway = gateway
        self._viewer = app
        self._viewer_paths: list[str] = []

    def add_api(self, specification: Any, **known: Any) -> None:  # noqa: ARG002 - a skeleton
        """Serve the viewer of an API."""
        self._viewer_paths.append(f"/{known['name']}/ui")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to the gateway, or to Flask where the viewer was asked for."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            path = self._viewer_path(scope)
            if path is None:
                await self._gateway(scope, receive, send)
            elif not path:
                await _redirect(scope["path"] + "/", send)
            else:
                await self._viewer({**scope, "path": path, "root_path": ""}, receive, send)

    def _viewer_path(self, scope: Scope) -> str | None:
        """The path within Flask where the viewer is asked for; empty without its last slash."""
        if "/ui" not in scope["path"]:
            return None
        _, path = sandbox_of(scope["path"], {})
        for known in self._viewer_paths:
            if path == known:
                return ""
            if path.startswith(f"{known}/"):
                return path
        return None


async def _redirect(location: str, send: Send) -> None:
    headers = [(b"location", quote(location).encode())]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body"})


async def _lifespan(receive: Receive, send: Send) -> None:
    """Everything is put together before the server starts: there is nothing to wait for."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
