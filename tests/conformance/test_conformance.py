"""Every case of this folder, played over HTTP against our own mock."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mock_server.api import Serving
from mock_server.app import Settings, create_app
from mock_server.gateway.gateway import Asgi, Receive, Scope, Send
from tests.conformance.run import FOLDER, Controls, Difference, files, load, play, write
from tests.mock_server.control.clients import NO_TLS
from understudy.serving import ServerThread

CASES = files()
CONTROLS = Controls(
    clock='POST /_understudy/clock/advance {"seconds": {seconds}}', reset="POST /_understudy/reset"
)
FLAGS = {"strict": {"strict_state": True}, "stateless": {"stateless": True}}
"""What the needs of a case are called in our settings; the others need no flag."""
FINE_WITHOUT_STATE = {"modes/stateless-forgets"}
"""The cases that a server without state must pass."""


class Stage:
    """A server that stays while its application changes: stopping one takes longer than a case."""

    def __init__(self) -> None:
        self.app: Asgi = create_app()
        self.server = ServerThread(self)
        self.client = httpx.Client(verify=NO_TLS, timeout=30)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Whatever comes is the present application's."""
        await self.app(scope, receive, send)

    def play(self, file: Path, folder: Path, serving: Serving) -> None:
        """Play a case on a server of its own. Raises Difference."""
        case = load(file)
        write(case, folder)
        overlays = [str(folder / "overlay.json")] if "overlay" in case else []
        apis = [str(folder / "description.json")]
        self.app = create_app(Settings(apis=apis, overlays=overlays, serving=serving))
        play(case, self.client, self.server.url, CONTROLS)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One for all cases."""
    made = Stage()
    made.server.start()
    with made.client:
        yield made
    made.server.stop()


def name(file: Path) -> str:
    """What a case is called: its folder and file."""
    return file.relative_to(FOLDER).with_suffix("").as_posix()


@pytest.mark.parametrize("file", CASES, ids=name)
def test_case(file: Path, tmp_path: Path, stage: Stage) -> None:
    """The mock does what the case expects."""
    needs = load(file).get("needs", ())
    flags = {flag: on for need in needs for flag, on in FLAGS.get(need, {}).items()}
    stage.play(file, tmp_path, Serving(**flags))


def test_there_are_cases() -> None:
    """An empty folder would pass, too."""
    assert len(CASES) > 100


def test_a_server_without_state_fails_every_case(tmp_path: Path, stage: Stage) -> None:
    """No case is content with examples and made-up values."""
    passed = set()
    for number, file in enumerate(CASES):
        try:
            stage.play(file, tmp_path / str(number), Serving(stateless=True))
        except Difference:
            continue
        passed.add(name(file))
    assert passed == FINE_WITHOUT_STATE
