"""The law that every item is on a page."""

from tests.contracts.histories import Line, judged
from tests.contracts.laws.rooms import KEPT, ROOMS, found, made, page, room

LAW = "pages_lose_nothing"


def test_all_pages_hold_what_was_created() -> None:
    """Pages up to the end that show it are a chance that was kept."""
    lines = made(3), page(1, 1, 2, total=3), page(2, 3, total=3)
    assert found(LAW, *lines) == [KEPT]


def test_what_is_on_no_page_breaks_it() -> None:
    """The last page ends before the last item."""
    lines = made(3), page(1, 1, 2, total=3), page(2, total=3)
    assert found(LAW, *lines) == [("What was created is listed on no page.", "")]


def test_pages_before_the_end_prove_nothing() -> None:
    """The item may be on a page that nobody asked for, or may be hidden."""
    assert found(LAW, made(9), page(1, 1, 2, total=5), page(2, 3, 4, total=5)) == []
    hidden = Line("POST /rooms", 201, room(3, status="draft"), sent={"title": "a"})
    assert found(LAW, hidden, page(1, 1, 2, total=3), page(2, total=3)) == []


def test_a_longer_page_shows_what_small_ones_lose() -> None:
    """An item that lies between those of two pages is on neither."""
    whole = page(1, 1, 2, 3, 4, 5, total=5, size=20)
    assert found(LAW, whole, page(1, 1, 2, total=5), page(2, 4, 5, total=5)) == [
        ("An item that a longer page shows is on no page.", "")
    ]
    kept = found(LAW, whole, page(1, 1, 2, total=5), page(2, 3, 4, total=5))
    assert kept.count(KEPT) >= 1
    assert set(kept) == {KEPT}


def test_another_order_proves_nothing() -> None:
    """Where a longer page has its items in another order, nobody knows what lies between."""
    whole = page(1, 5, 4, 3, 2, 1, total=5, size=20)
    assert found(LAW, whole, page(1, 1, 2, total=5), page(2, 4, 5, total=5)) == []


def test_cursors_are_followed() -> None:
    """A page that was asked for by what the one before told comes behind it."""
    days = {"firstDay": "2031-01-01", "end": "2031-01-02"}
    stays = [{"id": key, "guest": "a", **days} for key in range(6)]
    whole = Line("GET /stays?limit=50", 200, {"stays": stays, "next": None})
    first = Line("GET /stays?limit=2", 200, {"stays": stays[:2], "next": "abc"})
    second = Line("GET /stays?limit=2&cursor=abc", 200, {"stays": stays[3:5], "next": "def"})
    assert [one.problem for one in judged(LAW, ROOMS, whole, first, second)] == [
        "An item that a longer page shows is on no page."
    ]
    other = Line("GET /stays?limit=2&cursor=xyz", 200, {"stays": stays[3:5], "next": "def"})
    assert not any(one.problem for one in judged(LAW, ROOMS, whole, first, other))
