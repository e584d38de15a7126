"""The law that what was created is listed."""

from pathlib import Path

import yaml

from tests.contracts.histories import Line, api_of, judged
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


def test_a_scope_is_no_filter() -> None:
    """What was created in the same shop is in that shop's list, and not in another's."""
    shop = {"name": "shop", "in": "query", "required": True, "schema": {"type": "string"}}
    document = yaml.safe_load(Path(__file__).with_name("library.yaml").read_text())
    for method in ("get", "post"):
        document["paths"]["/books"][method].setdefault("parameters", []).append(shop)
    api = api_of(document)
    made = Line("POST /books?shop=a", 201, BOOK, sent=SENT)
    none = {"items": [], "total": 0}
    missed = judged(LAW, api, made, Line("GET /books?shop=a", 200, none))
    assert [one.problem for one in missed] == [MISSING[0]]
    assert not judged(LAW, api, made, Line("GET /books?shop=b", 200, none))


def test_a_total_beyond_a_short_page_hides_nothing() -> None:
    """A page with room for all that there are has to show them."""
    short = {"items": [book(id=8)], "total": 2}
    assert found(LAW, created(), Line("GET /books?size=10", 200, short)) == [MISSING]
