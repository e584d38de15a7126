"""The law that a refused request poisons no record."""

from tests.contracts.histories import Line
from tests.contracts.laws.books import BOOK, KEPT, deleted, found, listed, missing, patched, shown

LAW = "refused_requests_poison_no_record"

REFUSED = patched({"copies": "many"}, status=400)
CRASHED = patched({"copies": "many"}, status=500)


def test_what_can_be_read_as_before_keeps_it() -> None:
    """Item and list."""
    assert found(LAW, shown(), REFUSED, shown()) == [KEPT]
    assert found(LAW, listed(BOOK), CRASHED, listed(BOOK)) == [KEPT]


def test_what_cannot_be_read_any_more_breaks_it() -> None:
    """After a refusal as after a crash."""
    told = "The {} cannot be read after a request that was not carried out: 500."
    for deed in (REFUSED, CRASHED):
        assert found(LAW, shown(), deed, missing(status=500)) == [(told.format("item"), "")]
        broken = Line("GET /books", 500)
        assert found(LAW, listed(BOOK), deed, broken) == [(told.format("list"), "")]


def test_what_is_lost_or_half_done_breaks_it() -> None:
    """A crash may not leave a change behind."""
    lost = ("An item is lost after a request that was not carried out.", "")
    assert found(LAW, shown(), CRASHED, missing()) == [lost]
    half = ("A request that failed changed an item.", "copies")
    assert half in found(LAW, shown(), CRASHED, shown(copies=9))


def test_what_was_carried_out_in_between_explains_it() -> None:
    """Or what could not be read before."""
    assert found(LAW, shown(), REFUSED, deleted(), missing()) == []
    assert found(LAW, missing(status=500), REFUSED, missing(status=500)) == []
    assert found(LAW, shown(), missing(status=500)) == []
