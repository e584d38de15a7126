"""Playing walks: what can be sent is sent, and what cannot be is left out."""

from contracts.exchange import Request, Response
from contracts.play import NotPossible, Player
from contracts.steps import SECOND, Step, Walk
from openapi.description import Operation
from tests.contracts.histories import URL, api_of
from tests.contracts.provoking import NoTime

API = api_of(
    {
        "openapi": "3.1.0",
        "info": {"title": "One", "version": "1"},
        "paths": {"/x": {"get": {"responses": {"200": {"description": "It"}}}}},
    }
)


class OnlyFirst:
    """Answers the first identity; there is no other."""

    url = URL

    def send(self, request: Request, operation: Operation, who: str, variant: int) -> Response:
        """The answer. Raises NotPossible."""
        del request, operation, variant
        if who == SECOND:
            raise NotPossible("No second identity is known.")
        return Response(200)


def test_what_nobody_can_send_is_left_out() -> None:
    """The other steps are sent all the same, alone or together with it."""
    steps = [
        Step("GET /x", who=SECOND),
        Step("GET /x"),
        Step("GET /x"),
        Step("GET /x", who=SECOND, together=True),
        Step("GET /x", together=True),
    ]
    history = Player(API, OnlyFirst(), NoTime()).play(Walk(tuple(steps)))
    assert [one.index for one in history] == [1, 2, 4]
