"""The pytest plugin: a fresh sandbox for each test, on one server per worker."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest

if TYPE_CHECKING:
    # A plugin is imported in every run, also in those that do not use it.
    from mock_server.gateway.gateway import Asgi


class ClockControl:
    """The clock of a test's sandbox."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def now(self) -> datetime:
        """The sandbox's time, in UTC."""
        answer = self._client.get("/clock").raise_for_status()
        return datetime.fromisoformat(answer.json()["now"]).astimezone(UTC)

    def set(self, moment: str | datetime) -> None:
        """Freeze the clock at that moment: RFC 3339 text, or an aware datetime."""
        text = moment if isinstance(moment, str) else moment.isoformat()
        self._client.put("/clock", json={"now": text}).raise_for_status()

    def advance(self, *, seconds: float) -> None:
        """Move the clock on."""
        self._client.post("/clock/advance", json={"seconds": seconds}).raise_for_status()

    def release(self) -> None:
        """Go back to the system's time."""
        self._client.delete("/clock").raise_for_status()


class SettingsControl:
    """The settings of a test's sandbox, by API."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def get(self) -> dict[str, Any]:
        """All settings, defaults filled in."""
        settings: dict[str, Any] = self._client.get("/settings").raise_for_status().json()
        return settings

    def put(self, settings: dict[str, dict[str, Any]]) -> None:
        """Change what is named, such as `{"nullplatform": {"agent": "immediate"}}`."""
        self._client.put("/settings", json=settings).raise_for_status()


class Understudy:
    """What the fixture `understudy` gives: one sandbox of the built-in APIs, and its controls."""

    def __init__(self, server_url: str, app: "Asgi", sandbox: str) -> None:
        self.app = app
        """The server as an ASGI application, for clients in the same process."""
        self.sandbox = sandbox
        """The sandbox's name, for the header `Understudy-Sandbox`."""
        self._base_url = f"{server_url}/~{sandbox}"
        # Loopback needs no proxy of the environment, nor certificates, which take long to load.
        self._client = httpx.Client(
            base_url=f"{self._base_url}/_understudy",
            verify=False,  # noqa: S501
            trust_env=False,
        )
        self.clock = ClockControl(self._client)
        self.settings = SettingsControl(self._client)

    def url(self, api: str) -> str:
        """The base URL of an API within this sandbox."""
        return f"{self._base_url}/{api}"

    @property
    def outbox(self) -> list[dict[str, Any]]:
        """Mails and webhooks, oldest first."""
        return self._entries("/outbox")

    @property
    def journal(self) -> list[dict[str, Any]]:
        """Exchanges, oldest first."""
        return self._entries("/journal")

    @property
    def state(self) -> dict[str, Any]:
        """Everything that the sandbox remembers; assign it to put it back."""
        state: dict[str, Any] = self._client.get("/state").raise_for_status().json()
        return state

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        self._client.put("/state", json=state).raise_for_status()

    def reset(self) -> None:
        """Back to the scene."""
        self._client.post("/reset").raise_for_status()

    def close(self) -> None:
        """Forget the sandbox."""
        self._client.delete(f"/sandboxes/{self.sandbox}")
        self._client.close()

    def _entries(self, path: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self._client.get(path).raise_for_status().json()["entries"]
        return entries


@pytest.fixture(scope="session")
def understudy_server() -> "Iterator[tuple[str, Asgi]]":
    """The URL and the application of one server of the built-in APIs, for the whole session."""
    from mock_server.app import create_app  # noqa: PLC0415
    from understudy.serving import ServerThread  # noqa: PLC0415

    app = create_app()
    server = ServerThread(app)
    server.start()
    yield server.url, app
    server.stop()


@pytest.fixture
def understudy(
    understudy_server: "tuple[str, Asgi]", request: pytest.FixtureRequest
) -> Iterator[Understudy]:
    """A fresh sandbox of the built-in APIs, forgotten after the test."""
    url, app = understudy_server
    name = re.sub(r"[^A-Za-z0-9]+", "-", request.node.name)[:60].strip("-") or "test"
    fixture = Understudy(url, app, f"{name}-{uuid4().hex[:12]}")
    yield fixture
    fixture.close()
