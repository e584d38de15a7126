"""The law that a status moves only as its lifecycle declares."""

from pathlib import Path

from tests.contracts.histories import Line, api_of, judged, problems

LAW = "statuses_move_as_declared"
SHOP = api_of(Path(__file__).parents[2] / "examples" / "shop.yaml")


def order(request: str, status: str, code: int = 200) -> Line:
    """An exchange that shows the order with a status."""
    return Line(request, code, {"id": 7, "item": "tea", "status": status})


CREATED = order("POST /orders", "open", 201)
CANCEL = "POST /orders/7/cancel"


def read(status: str) -> Line:
    """The order is read."""
    return order("GET /orders/7", status)


def found(*lines: Line) -> list[str]:
    """What is wrong, in order."""
    return problems(judged(LAW, SHOP, *lines))


def test_declared_moves_keep_it() -> None:
    """Those that were asked for, and those that happen by themselves."""
    assert found(CREATED, order(CANCEL, "cancelled"), read("cancelled")) == ["", ""]
    assert found(CREATED, read("sent")) == [""]


def test_any_other_move_breaks_it() -> None:
    """It goes back, or from one end to the other, in a read or in the answer to a move."""
    back = "cancelled became open, which may not follow."
    assert found(CREATED, order(CANCEL, "cancelled"), read("open")) == ["", back]
    across = "sent became cancelled, which may not follow."
    assert found(CREATED, read("sent"), order(CANCEL, "cancelled")) == ["", across]


def test_a_refusal_that_moves_breaks_it() -> None:
    """It was refused, and has moved all the same."""
    lines = (CREATED, read("sent"), Line(CANCEL, 409), read("cancelled"))
    assert found(*lines) == ["", "sent became cancelled, which may not follow."]


def test_one_sight_proves_nothing() -> None:
    """Nor do the statuses of different orders, nor what was sent together."""
    assert found(read("sent")) == []
    other = Line("GET /orders/8", 200, {"id": 8, "item": "tea", "status": "open"})
    assert found(read("sent"), other) == []
    together = Line(CANCEL, 200, {"id": 7, "status": "cancelled"}, together=True)
    assert found(read("sent"), together) == []
