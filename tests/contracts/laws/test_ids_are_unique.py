"""The law that no two items have the same id."""

from tests.contracts.histories import Line
from tests.contracts.laws.books import BOOK, KEPT, SENT, created, deleted, found, listed

LAW = "ids_are_unique"

TWICE = ("Two items were created with the same id.", "")


def test_different_ids_keep_it() -> None:
    """Each pair is a chance."""
    assert found(LAW, created(7), created(8), created(9)) == [KEPT] * 3


def test_the_same_id_breaks_it() -> None:
    """As where ids are counted by the number of items."""
    assert found(LAW, created(7), created(7, sent={"title": "Other", "copies": 1})) == [TWICE]


def test_an_upsert_is_no_second_item() -> None:
    """The same sent again may give the same item; so may 200, which says nothing of a new one."""
    assert found(LAW, created(7), created(7)) == []
    again = Line("POST /books", 200, BOOK, sent={"title": "Other", "copies": 1})
    assert found(LAW, created(7), again) == []


def test_an_id_may_be_given_again_when_it_is_free() -> None:
    """After the item was deleted."""
    other = created(7, sent={"title": "Other", "copies": 1})
    assert found(LAW, created(7), deleted(7), other) == []


def test_a_key_of_the_client_is_its_own_business() -> None:
    """Members are called as they are sent."""
    ada = {"username": "ada"}
    lines = [Line("POST /members", 201, ada, sent={**ada, "city": city}) for city in ("A", "B")]
    assert found(LAW, *lines) == []


def test_a_list_with_one_id_twice_breaks_it() -> None:
    """Whatever was created."""
    assert found(LAW, listed(BOOK, BOOK)) == [("A list shows the same id twice.", "")]


def test_more_items_than_ids_break_it() -> None:
    """A list has grown by two, and both were told the same id: whatever the status says."""
    again = Line("POST /books", 200, BOOK, sent=SENT)
    before, two, one = listed(total=30), listed(total=32), listed(total=31)
    assert TWICE in found(LAW, before, again, again, two)
    assert TWICE not in found(LAW, before, again, again, one)
    assert TWICE not in found(LAW, before, again, created(8), two)
    assert TWICE not in found(LAW, before, again, deleted(9), again, two)
