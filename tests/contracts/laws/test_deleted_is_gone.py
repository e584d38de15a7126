"""The law that what was deleted cannot be read."""

from tests.contracts.histories import Line
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

LAW = "deleted_is_gone"


def test_what_is_gone_keeps_it() -> None:
    """404 and 410 say the same, and so does 403, which tells less."""
    for status in (404, 410, 403):
        assert found(LAW, created(), deleted(), missing(status=status)) == [KEPT]


def test_what_can_still_be_read_breaks_it() -> None:
    """Whether it was created in the walk or not."""
    told = ("What was deleted can still be read: 200.", "")
    assert found(LAW, created(), deleted(), shown()) == [told]
    assert found(LAW, deleted(), shown()) == [told]


def test_an_item_may_say_that_it_was_deleted() -> None:
    """As some servers keep what was deleted, with a status or a time."""
    assert found(LAW, created(), deleted(), shown(status="archived")) == []
    assert found(LAW, created(), deleted(), shown(deleted_at="2026-01-02T00:00:00Z")) == []


def test_what_may_come_later_or_came_again_proves_nothing() -> None:
    """202 promises only; a PUT may bring an item back; others see what they see."""
    assert found(LAW, deleted(status=202), shown()) == []
    assert found(LAW, deleted(), put(SENT, BOOK), shown()) == []
    assert found(LAW, deleted(status=404), shown()) == []
    assert found(LAW, deleted(), Line("GET /books/7", 200, BOOK, who="second")) == []
