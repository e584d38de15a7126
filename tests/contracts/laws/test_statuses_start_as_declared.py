"""The law that what is created begins in a status in which it may begin."""

from contracts.law import Chance
from tests.contracts.histories import Line, judged, problems
from tests.contracts.laws.books import KEPT, created, found
from tests.contracts.laws.links import SEEDS
from tests.contracts.provoking import api_at

LAW = "statuses_start_as_declared"
NAMIRIAL = api_at(SEEDS / "namirial.yaml")


def request(status: str, code: int = 200) -> list[Chance]:
    """What the law finds in the creation of a request, which may begin in two statuses."""
    return judged(
        LAW, NAMIRIAL, Line("POST /requests", code, {"id": "r1", "status": status}, sent={})
    )


def test_a_declared_start_keeps_it() -> None:
    """The only one, or any of several."""
    assert found(LAW, created(status="there")) == [KEPT]
    assert problems(request("CREATED")) == problems(request("DRAFT")) == [""]


def test_another_start_breaks_it() -> None:
    """Whoever asked for it."""
    problem = ("A new item is lent; it may begin as there.", "status")
    assert found(LAW, created(status="lent")) == [problem]
    sent = {"title": "Emma", "copies": 2, "status": "lent"}
    assert found(LAW, created(sent=sent, status="lent")) == [problem]
    several = "A new item is RUNNING; it may begin as CREATED, DRAFT."
    assert problems(request("RUNNING")) == [several]


def test_a_refusal_or_an_answer_without_status_proves_nothing() -> None:
    """What was not created does not begin."""
    assert request("RUNNING", 400) == []
    assert found(LAW, created(status=None)) == []
