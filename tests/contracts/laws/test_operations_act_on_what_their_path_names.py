"""The law that an operation acts on what its path names."""

from tests.contracts.histories import Line
from tests.contracts.laws.books import KEPT, book, created, deleted, found, missing, patched, shown

LAW = "operations_act_on_what_their_path_names"


def _others(method: str) -> str:
    return f"It changes another item than its path names ({method})."


def test_others_stay_as_they_were() -> None:
    """Between two reads lie writes to a sibling."""
    lines = [created(7), created(8), shown(8), patched({"copies": 9}, 7), shown(8)]
    assert KEPT in found(LAW, *lines)
    assert {problem for problem, _ in found(LAW, *lines)} == {""}


def test_another_that_changes_breaks_it() -> None:
    """The property is named."""
    lines = [created(7), created(8), shown(8), patched({"copies": 9}, 7), shown(8, copies=9)]
    assert (_others("PATCH"), "copies") in found(LAW, *lines)


def test_another_that_is_lost_breaks_it() -> None:
    """By a DELETE of its sibling."""
    lines = [created(7), created(8), shown(8), deleted(7), missing(8)]
    told = ("Another item than its path names is lost (DELETE).", "")
    assert told in found(LAW, *lines)


def test_an_answer_with_another_item_breaks_it() -> None:
    """Both are known."""
    wrong = Line("GET /books/7", 200, book(id=8))
    told = [("It answers with another item than its path names.", "")]
    assert found(LAW, created(7), created(8), wrong) == told


def test_an_action_that_answers_with_another_item_breaks_it() -> None:
    """Unless the other was named."""
    wrong = Line("POST /books/7/lend", 200, book(id=8))
    told = ("It answers with another item than its path names.", "")
    assert found(LAW, created(7), created(8), wrong) == [told]
    named = Line("POST /books/7/lend", 200, book(id=8), sent={"instead": 8})
    assert found(LAW, created(7), created(8), named) == []


def test_an_action_may_concern_what_it_names() -> None:
    """As a transfer from one to the other."""
    lent = Line("POST /books/7/lend", 200, book(id=7), sent={"instead": 8})
    lines = [created(7), created(8), shown(8), lent, shown(8, copies=9)]
    assert {problem for problem, _ in found(LAW, *lines)} == {""}


def test_the_id_in_a_body_moves_nothing() -> None:
    """The item is still where its path leads."""
    moved = patched({"id": 8}, id=7)
    told = ("The id in a body moves an item away from its path.", "id")
    assert told in found(LAW, created(7), created(8), moved, missing(7))
    assert told not in found(LAW, created(7), created(8), moved, shown(7))


AUTHORS = [
    Line("POST /authors", 201, {"id": key, "name": key}, sent={"name": key}) for key in ("a", "b")
]
LETTER = Line("POST /authors/a/letters", 201, {"id": "x", "text": "Hi"}, sent={"text": "Hi"})


def test_another_parent_does_not_have_it() -> None:
    """What was created below one is not found below the other."""
    right = Line("GET /authors/b/letters/x", 404)
    wrong = Line("GET /authors/b/letters/x", 200, {"id": "x", "text": "Hi"})
    assert found(LAW, *AUTHORS, LETTER, right) == [KEPT]
    told = ("GET finds an item below another parent.", "")
    assert told in found(LAW, *AUTHORS, LETTER, wrong)


def test_both_parents_may_have_one_of_that_number() -> None:
    """Where each counts its own."""
    own = Line("POST /authors/b/letters", 201, {"id": "x", "text": "Ho"}, sent={"text": "Ho"})
    read = Line("GET /authors/b/letters/x", 200, {"id": "x", "text": "Ho"})
    assert {problem for problem, _ in found(LAW, *AUTHORS, LETTER, own, read)} == {""}
