"""The law that what was created is listed."""

from tests.contracts.histories import Line
from tests.contracts.laws.books import BOOK, KEPT, SENT, book, created, deleted, found, listed

LAW = "created_is_listed"

MISSING = ("What was created is not listed.", "")


def test_what_is_listed_keeps_it() -> None:
    """Wherever it stands in the list."""
    assert found(LAW, created(), listed(book(id=8), BOOK)) == [KEPT]


def test_what_is_not_listed_breaks_it() -> None:
    """Where the list is whole: its total says so, or that it is shorter than a page."""
    assert found(LAW, created(), listed(book(id=8))) == [MISSING]
    assert found(LAW, created(), listed()) == [MISSING]


def test_a_page_proves_nothing() -> None:
    """Nor does a filter, or a list that says that there is more."""
    assert found(LAW, created(), listed(book(id=8), total=30)) == []
    assert found(LAW, created(), listed(query="?title=other")) == []
    assert found(LAW, created(), listed(query="?page=2")) == []
    more = Line("GET /books", 200, {"items": [book(id=8)], "total": 1, "hasMore": True})
    assert found(LAW, created(), more) == []


def test_a_page_of_usual_size_may_have_another_behind_it() -> None:
    """As long as nothing says how many there are."""
    author = Line("POST /authors", 201, {"id": "a", "name": "Jane"}, sent={"name": "Jane"})
    others = [{"id": f"b{number}", "name": "x"} for number in range(21)]
    assert found(LAW, author, Line("GET /authors", 200, others[:20])) == []
    assert found(LAW, author, Line("GET /authors", 200, others)) == [MISSING]


def test_what_hides_is_not_missed() -> None:
    """Drafts and the like, what was deleted or moved meanwhile, and what comes later."""
    assert found(LAW, created(status="draft"), listed()) == []
    assert found(LAW, created(published=False), listed()) == []
    assert found(LAW, created(), deleted(), listed()) == []
    assert found(LAW, created(), Line("POST /books/7/lend", 200, BOOK), listed()) == []
    later = Line("POST /books", 202, BOOK, sent=SENT)
    assert found(LAW, later, listed()) == []
