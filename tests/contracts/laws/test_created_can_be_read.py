"""The law that what was created can be read."""

from pathlib import Path

from tests.contracts.histories import Line, api_of, judged, problems

SHOP = api_of(Path(__file__).parents[2] / "examples" / "shop.yaml")
LAW = "created_can_be_read"
CREATED = Line("POST /orders", 201, {"id": 7, "item": "tea"}, sent={"item": "tea"})
FOUND = Line("GET /orders/7", 200, {"id": 7, "item": "tea"})
MISSING = Line("GET /orders/7", 404)


def test_what_is_found_keeps_it() -> None:
    """A read of what was created, that finds it, is a chance that was kept."""
    assert problems(judged(LAW, SHOP, CREATED, FOUND)) == [""]


def test_what_is_missing_breaks_it() -> None:
    """A read of what was created, that finds nothing, breaks it."""
    broken = judged(LAW, SHOP, CREATED, MISSING)
    assert problems(broken) == ["What was created is not found: 404 after 201."]
    assert [one.index for one in broken[0].exchanges] == [0, 1]


def test_what_was_deleted_may_be_missing() -> None:
    """Nothing is proven once something else was done to it."""
    assert judged(LAW, SHOP, CREATED, Line("DELETE /orders/7", 204), MISSING) == []
    assert judged(LAW, SHOP, CREATED, Line("POST /orders/7/cancel", 200), MISSING) == []


def test_others_may_be_missing() -> None:
    """What this walk did not create, or what was asked before it was there, proves nothing."""
    assert judged(LAW, SHOP, CREATED, Line("GET /orders/8", 404)) == []
    assert judged(LAW, SHOP, MISSING, CREATED) == []
    assert judged(LAW, SHOP, CREATED, Line("GET /orders/7", 404, who="second")) == []
    assert judged(LAW, SHOP, Line("POST /orders", 400, {}, sent={}), MISSING) == []
