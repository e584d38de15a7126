"""The law that a status moves only as its lifecycle declares."""

from pathlib import Path

import yaml

from contracts.api import Api
from contracts.findings import normalised
from tests.contracts.histories import Line, api_of, judged, problems

LAW = "statuses_move_as_declared"


def _shop() -> Api:
    """The shop, where orders are packed before they are sent."""
    file = Path(__file__).parents[2] / "examples" / "shop.yaml"
    document = yaml.safe_load(file.read_text())
    status = document["components"]["schemas"]["Order"]["properties"]["status"]
    status["enum"] = ["open", "packed", "sent", "cancelled"]
    status["x-lifecycle"]["moves"] = {"open": ["packed", "cancelled"], "packed": ["sent"]}
    return api_of(document)


SHOP = _shop()
BACK = "'packed' became open, which may not follow."


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
    assert found(CREATED, order(CANCEL, "cancelled"), read("cancelled")) == [""]
    assert found(CREATED, read("sent")) == [""]


def test_any_other_move_breaks_it() -> None:
    """It goes back in a read, or leaps in the answer to a move."""
    assert found(CREATED, read("packed"), read("open")) == ["", BACK]
    leap = "'packed' became cancelled, which may not follow."
    assert found(CREATED, read("packed"), order(CANCEL, "cancelled")) == ["", leap]


def test_a_refusal_that_moves_breaks_it() -> None:
    """It was refused, and has moved all the same."""
    lines = (CREATED, read("packed"), Line(CANCEL, 409), read("open"))
    assert found(*lines) == ["", BACK]


def test_whatever_leads_to_a_status_is_one_cause() -> None:
    """The status before is in quotes, which tell no findings apart."""
    assert normalised(BACK) == normalised("'sent' became open, which may not follow.")


def test_what_is_final_is_judged_by_another_law() -> None:
    """`final_statuses_stay` says what is wrong with it, and once will do."""
    assert found(CREATED, read("sent"), order(CANCEL, "cancelled")) == [""]


def test_one_sight_proves_nothing() -> None:
    """Nor do the statuses of different orders, nor what was sent together."""
    assert found(read("sent")) == []
    other = Line("GET /orders/8", 200, {"id": 8, "item": "tea", "status": "open"})
    assert found(read("sent"), other) == []
    together = Line(CANCEL, 200, {"id": 7, "status": "cancelled"}, together=True)
    assert found(read("sent"), together) == []
