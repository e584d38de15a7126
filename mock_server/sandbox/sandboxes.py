"""All sandboxes of a server, by name."""

import hashlib
import re
import secrets
from collections.abc import Mapping

from mock_server.api import Api
from mock_server.refusals import BadRequest
from mock_server.sandbox.sandbox import World

DEFAULT = "default"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Sandboxes:
    """Sandboxes come into being when they are first named."""

    def __init__(self, apis: Mapping[str, Api], *, seed: int | None = None) -> None:
        self._apis = apis
        self._seed = seed
        self._key = (
            secrets.token_bytes(32)
            if seed is None
            else hashlib.sha256(f"understudy/{seed}".encode()).digest()
        )
        self._worlds: dict[str, World] = {}

    def __getitem__(self, name: str) -> World:
        """The sandbox of that name, opened with its scene where it is new."""
        world = self._worlds.get(name)
        if world is None:
            if not _NAME.fullmatch(name):
                raise BadRequest(
                    f"{name!r} cannot name a sandbox: use up to 100 letters, digits, '.', '_', '-'."
                )
            world = World(name, self._apis, key=self._key, seed=self._seed)
            self._worlds[name] = world
        return world

    def names(self) -> list[str]:
        """The names of the sandboxes that exist, oldest first."""
        return list(self._worlds)

    def delete(self, name: str) -> bool:
        """Forget a sandbox; False where there was none."""
        return self._worlds.pop(name, None) is not None
