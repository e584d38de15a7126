"""The law that the same PUT twice is as good as once."""

from tests.contracts.histories import Line
from tests.contracts.laws.books import BOOK, KEPT, SENT, book, created, found, patched, put, shown

LAW = "put_is_idempotent"

PUT = put(SENT, BOOK)
AGAIN = "A PUT that is sent again changes the item again."


def test_the_same_item_keeps_it() -> None:
    """After the second as after the first."""
    assert found(LAW, created(), PUT, shown(), PUT, shown()) == [KEPT]


def test_an_item_that_changes_again_breaks_it() -> None:
    """The property is named."""
    grown = shown(copies=3)
    assert found(LAW, created(), PUT, shown(), PUT, grown) == [(AGAIN, "copies")]


def test_an_item_that_is_lost_breaks_it() -> None:
    """The second PUT finds nothing."""
    lost = Line("PUT /books/7", 404, sent=SENT)
    told = ("A PUT that is sent again finds nothing: 404.", "")
    assert found(LAW, created(), PUT, lost) == [told]


def test_what_changes_by_itself_may_change() -> None:
    """A time of change, and what changed when nobody asked for it."""
    later = shown(updated_at="2026-01-02T00:00:00Z")
    assert found(LAW, created(), PUT, shown(), PUT, later) == [KEPT]
    restless = (shown(copies=3), shown(copies=4))
    assert found(LAW, created(), PUT, *restless, PUT, shown(copies=5)) == [KEPT]


def test_other_writes_in_between_prove_nothing() -> None:
    """Nor do PUTs that differ."""
    assert found(LAW, created(), PUT, shown(), patched({"copies": 9}), PUT, shown(copies=9)) == []
    other = put({**SENT, "copies": 3}, book(copies=3))
    assert found(LAW, created(), PUT, shown(), other, shown(copies=3)) == []
