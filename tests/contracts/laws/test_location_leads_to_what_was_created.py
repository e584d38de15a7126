"""The law that `Location` leads to what was created."""

from dataclasses import replace

from contracts.steps import Ref
from tests.contracts.histories import Line, history_of, law_called
from tests.contracts.laws.books import BOOK, LIBRARY, SENT, missing, shown

LAW = "location_leads_to_what_was_created"

WHERE = Ref(0, "$response.header.Location")


def _followed(location: str, read: Line) -> list[str]:
    """The problems when a book was created, and its `Location` was followed."""
    made = Line("POST /books", 201, BOOK, sent=SENT, headers={"Location": location})
    history = history_of(LIBRARY, made, read)
    one, two = history.exchanges
    two = replace(two, step=replace(two.step, url=WHERE))
    law = law_called(LAW)
    return [chance.problem for chance in law.check(replace(history, exchanges=(one, two)))]


def test_the_item_is_there() -> None:
    """Under the id that it was given."""
    assert _followed("/books/7", shown()) == [""]


def test_nothing_or_something_else_is_there() -> None:
    """Another item, or what is no item at all."""
    assert _followed("/books/8", missing()) == ["`Location` leads nowhere: 404."]
    assert _followed("/books/8", shown(8)) == ["`Location` leads to something else."]
    assert _followed("/books/7", Line("GET /books/7", 200, {"items": []})) == [
        "`Location` leads to something else."
    ]


def test_a_relative_one_proves_nothing() -> None:
    """It is not clear what it is relative to; and who may not look cannot tell."""
    assert _followed("7", missing()) == []
    assert _followed("/books/7", missing(status=403)) == []
