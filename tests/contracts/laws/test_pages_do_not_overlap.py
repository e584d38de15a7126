"""The law that no item is on two pages."""

from tests.contracts.histories import Line
from tests.contracts.laws.rooms import KEPT, found, made, page

LAW = "pages_do_not_overlap"
BROKEN = ("An item is on two pages.", "")


def test_pages_apart_keep_it() -> None:
    """Pages that follow one another and have nothing in common are a chance that was kept."""
    assert found(LAW, page(1, 1, 2, total=4), page(2, 3, 4, total=4)) == [KEPT]


def test_an_item_on_two_pages_breaks_it() -> None:
    """The last item of a page is the first of the next one."""
    assert found(LAW, page(1, 1, 2, total=5), page(2, 2, 3, total=5)) == [BROKEN]


def test_the_last_page_may_be_repeated_behind_the_end() -> None:
    """Many servers answer with it where no page is left."""
    assert found(LAW, page(1, 1, 2, total=2), page(2, 1, 2, total=2)) == [KEPT] * len(
        found(LAW, page(1, 1, 2, total=2))
    )
    lines = page(1, 1, 2, total=4), page(2, 3, 4, total=4), page(3, 3, 4, total=4)
    assert found(LAW, *lines) == [KEPT]


def test_what_changed_in_between_proves_nothing() -> None:
    """A creation moves items to the next page."""
    assert found(LAW, page(1, 1, 2, total=4), made(9), page(2, 2, 3, total=5)) == []


def test_other_lists_prove_nothing() -> None:
    """Pages of other sizes or filters, or of somebody else, are no pages of one list."""
    first = page(1, 1, 2, total=5)
    assert found(LAW, first, page(2, 2, total=5, size=1)) == []
    assert found(LAW, first, page(2, 2, 3, total=5, query="&kind=single")) == []
    assert found(LAW, first, Line("GET /rooms?size=2&page=2", 400, {})) == []
