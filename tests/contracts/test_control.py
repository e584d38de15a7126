"""The controls of a mock, as a run uses them."""

import json
from datetime import timedelta

from contracts.control import Control
from contracts.exchange import Request, Response


class Mock:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[Request] = []

    def send(self, request: Request) -> Response:
        """It is done."""
        self.told.append(request)
        return Response(200)


def test_a_session_is_let_in_until_it_ends() -> None:
    """Keys stay good; what a session holds is taken off the list when its time has passed."""
    mock = Mock()
    sandbox = Control(mock, "http://mock/_understudy").sandbox("s")

    def listed() -> list[str]:
        found: list[str] = json.loads(mock.told[-1].body)["notes"]["credentials"]
        return found

    sandbox.accept("notes", ["key"])
    assert listed() == ["key"]
    sandbox.accept("notes", ["token"], sandbox.now() + timedelta(seconds=60))
    assert listed() == ["key", "token"]
    sandbox.let_pass(30)
    assert listed() == ["key", "token"]
    sandbox.let_pass(60)
    assert listed() == ["key"]
