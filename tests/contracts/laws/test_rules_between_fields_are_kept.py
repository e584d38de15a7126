"""The law on what two fields may be together."""

from typing import Any

from tests.contracts.histories import Line
from tests.contracts.laws.rooms import KEPT, found

LAW = "rules_between_fields_are_kept"
PLACE = "firstDay, end"
PROBLEM = "One field is more than the other, which is said never to be."
EARLY, LATE = "2031-03-02", "2031-03-09"


def _create(status: int, first: str, last: str, **shown: Any) -> Line:
    sent = {"guest": "Ida", "firstDay": first, "end": last}
    return Line("POST /stays", status, {"id": 1, **sent, **shown}, sent=sent)


def test_the_wrong_order_is_refused() -> None:
    """Which keeps the law; the right order is no chance to break it."""
    assert found(LAW, _create(400, LATE, EARLY)) == [KEPT]
    assert found(LAW, _create(201, EARLY, LATE)) == []
    assert found(LAW, _create(201, EARLY, EARLY)) == []


def test_the_wrong_order_that_is_accepted_breaks_it() -> None:
    """Unless the server has put it right."""
    assert found(LAW, _create(201, LATE, EARLY)) == [(PROBLEM, PLACE)]
    assert found(LAW, _create(201, LATE, EARLY, firstDay=EARLY, end=LATE)) == []


def test_a_patch_of_one_field_breaks_it_too() -> None:
    """The other field is the one that is there."""
    shown = {"id": 1, "guest": "Ida", "firstDay": LATE, "end": EARLY}
    assert found(LAW, Line("PATCH /stays/1", 200, shown, sent={"end": EARLY})) == [(PROBLEM, PLACE)]
    assert found(LAW, Line("PATCH /stays/1", 200, shown, sent={"guest": "Ida"})) == []
