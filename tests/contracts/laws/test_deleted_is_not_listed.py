"""The law that what was deleted is in no list."""

from tests.contracts.laws.books import BOOK, KEPT, book, deleted, found, listed

LAW = "deleted_is_not_listed"


def test_what_left_the_list_keeps_it() -> None:
    """It was there before, so that its absence says something."""
    assert found(LAW, listed(BOOK), deleted(), listed()) == [KEPT]
    assert found(LAW, deleted(), listed()) == []


def test_what_is_still_listed_breaks_it() -> None:
    """Also where only the list after the deletion is known."""
    assert found(LAW, deleted(), listed(BOOK)) == [("What was deleted is still listed.", "")]


def test_others_and_marks_are_fine() -> None:
    """Another book is no proof, nor one that says that it was deleted."""
    assert found(LAW, deleted(), listed(book(id=8))) == []
    assert found(LAW, deleted(), listed(book(status="deleted"))) == []
    assert found(LAW, deleted(status=202), listed(BOOK)) == []
