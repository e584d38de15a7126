"""The law that a second DELETE does no more harm."""

from tests.contracts.laws.books import (
    BOOK,
    KEPT,
    SENT,
    created,
    deleted,
    found,
    missing,
    put,
    shown,
)

LAW = "delete_is_idempotent"


def test_it_may_say_what_it_likes_as_long_as_nothing_happens() -> None:
    """204, 404 and 410 are all in use."""
    for status in (204, 404, 410):
        assert found(LAW, created(), deleted(), deleted(status=status)) == [KEPT]


def test_a_crash_breaks_it() -> None:
    """At the second time."""
    told = ("A DELETE that is sent again crashes: 500.", "")
    assert found(LAW, created(), deleted(), deleted(status=500)) == [told]
    assert found(LAW, created(), deleted(status=500)) == []


def test_another_item_that_is_lost_breaks_it() -> None:
    """It was there between the two, and not after."""
    lines = [created(7), created(8), deleted(7), shown(8), deleted(7), missing(8)]
    assert found(LAW, *lines) == [("A DELETE that is sent again deletes another item.", "")]


def test_an_item_that_comes_back_breaks_it() -> None:
    """It was gone between the two."""
    lines = [created(), deleted(), missing(), deleted(), shown()]
    assert found(LAW, *lines) == [("A DELETE that is sent again brings the item back.", "")]


def test_what_was_made_again_is_deleted_for_the_first_time() -> None:
    """A PUT lies between."""
    lines = [created(), deleted(), put(SENT, BOOK), deleted(status=500)]
    assert found(LAW, *lines) == []
