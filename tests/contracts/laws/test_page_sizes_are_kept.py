"""The law that pages hold what was asked for."""

from tests.contracts.laws.rooms import KEPT, found, listed, page, room

LAW = "page_sizes_are_kept"


def test_a_full_page_keeps_it() -> None:
    """As many items as were asked for."""
    assert found(LAW, page(1, 1, 2, total=5)) == [KEPT]


def test_more_than_asked_breaks_it() -> None:
    """One more than asked, than the default, or than the maximum."""
    assert found(LAW, page(1, 1, 2, 3, total=5)) == [
        ("A page holds more items than were asked for.", "size")
    ]
    six = [room(key) for key in range(6)]
    assert found(LAW, listed("", six)) == [
        ("A page holds more items than the default says.", "size")
    ]
    many = [room(key) for key in range(21)]
    assert found(LAW, listed("?size=21", many)) == [
        ("A page holds more items than the maximum.", "size")
    ]


def test_odd_sizes_prove_nothing() -> None:
    """What none or a negative number of items mean is the server's to say."""
    assert found(LAW, listed("?size=0", [room(1)])) == []
    assert found(LAW, page(1, 1, total=1)) == []
