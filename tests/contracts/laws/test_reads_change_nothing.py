"""The law that reading changes nothing."""

from tests.contracts.histories import Line
from tests.contracts.laws.books import (
    BOOK,
    KEPT,
    book,
    created,
    found,
    listed,
    missing,
    patched,
    shown,
)

LAW = "reads_change_nothing"

CHANGES = "Reading changes an item."


def test_what_is_read_twice_is_the_same() -> None:
    """By itself and in lists."""
    assert found(LAW, shown(), shown()) == [KEPT]
    assert found(LAW, listed(BOOK), shown(), listed(BOOK)) == [KEPT, KEPT]


def test_an_item_that_changes_breaks_it() -> None:
    """The property is named; a list that shows it counts as well."""
    assert found(LAW, shown(), shown(copies=1)) == [(CHANGES, "copies")]
    lines = [listed(BOOK), shown(), listed(book(copies=1))]
    assert (CHANGES, "copies") in found(LAW, *lines)


def test_what_is_added_within_a_property_breaks_it() -> None:
    """What servers count by themselves may grow."""
    seen = {"name": "Murray", "seen": True}
    assert found(LAW, shown(publisher={"name": "Murray"}), shown(publisher=seen)) == [
        (CHANGES, "publisher")
    ]
    counted = {"name": "Murray", "views": 1}
    assert found(LAW, shown(publisher={"name": "Murray"}), shown(publisher=counted)) == [KEPT]


def test_an_item_that_goes_breaks_it() -> None:
    """By itself, or out of the list."""
    assert (("Reading takes an item away.", "")) in found(LAW, shown(), missing())
    gone = ("Reading takes an item out of the list.", "")
    assert gone in found(LAW, listed(BOOK), shown(), listed())
    counted = ("Reading changes the number of items.", "")
    assert counted in found(LAW, listed(BOOK), shown(), listed(BOOK, total=2))


def test_what_the_server_counts_may_change() -> None:
    """And what was asked for in other words may look different."""
    assert found(LAW, shown(views=1), shown(views=2)) == [KEPT]
    long = Line("GET /books/7?detail=long", 200, book(subtitle="A novel in three volumes"))
    assert found(LAW, shown(), long) == []
    assert found(LAW, shown(), patched({"copies": 1}), shown(copies=1)) == []


def test_when_an_item_was_changed_does_not_move_with_every_look() -> None:
    """Once it may, by what a server does behind a create."""
    times = [shown(updatedAt=f"2026-01-31T12:00:0{number}Z") for number in range(3)]
    assert found(LAW, *times)[-1] == (CHANGES, "updatedAt")
    assert found(LAW, *times[:2], times[1]) == [KEPT, KEPT]


def test_a_status_may_move_by_itself() -> None:
    """Unless a twin that nobody read stands still."""
    lines = [created(7), created(8), shown(7), shown(7, status="lent")]
    assert (CHANGES, "status") not in found(LAW, *lines)
    assert (CHANGES, "status") in found(LAW, *lines, shown(8))
    assert (CHANGES, "status") not in found(LAW, *lines, shown(8, status="lent"))


def test_what_a_write_answers_is_no_look() -> None:
    """It may tell what was sent."""
    assert found(LAW, created(), shown(subtitle="Other")) == []
