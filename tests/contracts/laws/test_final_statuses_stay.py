"""The law that a status that nothing may follow stays."""

from tests.contracts.histories import Line
from tests.contracts.laws.books import KEPT, book, created, found, listed, shown

LAW = "final_statuses_stay"
LEFT = ("'lent' is final, and became there.", "status")
LEND = Line("POST /books/7/lend", 200, book(status="lent"))
REFUSED = Line("POST /books/7/lend", 409)


def test_a_final_status_that_stays_keeps_it() -> None:
    """Something was tried meanwhile, whether it was refused or not."""
    assert found(LAW, created(), LEND, REFUSED, shown(status="lent")) == [KEPT]
    assert found(LAW, created(), LEND, created(8), shown(status="lent")) == [KEPT]


def test_a_final_status_that_is_left_breaks_it() -> None:
    """In a read, or in a list."""
    assert found(LAW, created(), LEND, REFUSED, shown(status="there")) == [LEFT]
    assert found(LAW, created(), LEND, listed(book(status="there"))) == [LEFT]


def test_two_reads_in_a_row_prove_nothing() -> None:
    """Nothing was tried that could have moved it."""
    assert found(LAW, created(), LEND, shown(status="lent")) == []


def test_others_have_statuses_of_their_own() -> None:
    """What is final for one book is not for another, and other statuses may go on."""
    assert found(LAW, created(), LEND, created(8), shown(8, status="there")) == []
    assert found(LAW, created(), shown(status="there"), LEND) == []
