"""The law that totals are those of the pages."""

from tests.contracts.histories import Line
from tests.contracts.laws.rooms import KEPT, found, listed, made, page, room

LAW = "totals_agree_with_pages"
WRONG = ("The total is not the number of items on all pages.", "")


def test_a_short_page_shows_how_many_there_are() -> None:
    """Where a page has room left, its total is known."""
    assert found(LAW, page(2, 3, total=3)) == [KEPT]
    assert found(LAW, page(1, 3, total=4)) == [WRONG]
    assert found(LAW, page(2, 3, total=1)) == [WRONG]


def test_where_an_item_is_lost_the_total_may_be_right() -> None:
    """Other laws tell that it is lost: on a later page, or where what was created is missing."""
    assert found(LAW, page(2, 3, total=4)) == []
    assert found(LAW, made(4), page(1, 3, total=2)) == []


def test_a_full_page_shows_nothing_but_the_least() -> None:
    """There may be more, but not less than what is shown."""
    assert found(LAW, page(1, 1, 2, total=9)) == []
    assert found(LAW, page(1, 1, 2, total=1)) == [WRONG]


def test_the_total_is_the_same_on_every_page() -> None:
    """Two pages of one list that was not changed agree."""
    assert found(LAW, page(1, 1, 2, total=9), page(2, 3, 4, total=9)) == [KEPT]
    assert found(LAW, page(1, 1, 2, total=9), page(2, 3, 4, total=8)) == [WRONG]


def test_it_counts_what_is_created_and_deleted() -> None:
    """Where the item is seen to come or go, the total moves with it."""
    one, two = [room(1), room(2)], [room(1), room(2), room(3)]
    query = "?size=3"
    before, after = listed(query, one, 2), listed(query, two, 2)
    assert ("The total does not count what was created.", "") in found(LAW, before, made(3), after)
    assert found(LAW, before, made(3), listed(query, two, 3)) == [KEPT]
    gone = listed(query, one, 3)
    deletion = Line("DELETE /rooms/3", 204)
    assert ("The total still counts what was deleted.", "") in found(
        LAW, listed(query, two, 3), deletion, gone
    )
    assert found(LAW, listed(query, two, 9), deletion, listed("?size=2", one, 8)) == []
