"""The law that what was refused changed nothing."""

from tests.contracts.histories import Line
from tests.contracts.laws.books import BOOK, KEPT, book, found, listed, patched, shown

LAW = "refused_requests_change_nothing"

REFUSED = patched({"copies": 9, "title": 1}, status=400)
CHANGED = "A refused request changed an item."


def test_all_stays_as_it_was() -> None:
    """Item and list."""
    assert found(LAW, shown(), REFUSED, shown()) == [KEPT]
    bad = Line("POST /books", 400, sent={"title": "Persuasion", "copies": -1})
    assert found(LAW, listed(BOOK), bad, listed(BOOK)) == [KEPT]


def test_an_item_that_changed_breaks_it() -> None:
    """The property is named, and it may be a status."""
    assert found(LAW, shown(), REFUSED, shown(copies=9)) == [(CHANGED, "copies")]
    again = Line("POST /books/7/lend", 409)
    assert found(LAW, shown(), again, shown(status="lent")) == [(CHANGED, "status")]


def test_an_item_that_was_left_behind_breaks_it() -> None:
    """It has a value that was refused; or the number of all grew."""
    bad = Line("POST /books", 400, sent={"title": "Persuasion", "copies": -1})
    left = listed(BOOK, book(id=8, title="Persuasion"))
    told = ("A refused request left an item in the list.", "")
    assert found(LAW, listed(BOOK), bad, left) == [told]
    grown = ("A refused request changed the number of items.", "")
    assert found(LAW, listed(BOOK), bad, listed(BOOK, total=2)) == [grown]


def test_what_was_carried_out_in_between_explains_it() -> None:
    """Or what changes by itself."""
    assert found(LAW, shown(), REFUSED, patched({"copies": 9}), shown(copies=9)) == []
    by_itself = [shown(copies=1), shown(copies=2), REFUSED, shown(copies=3)]
    assert found(LAW, *by_itself) == [KEPT]
    assert found(LAW, shown(), REFUSED, shown(updated_at="2026-02-02T00:00:00Z")) == [KEPT]
