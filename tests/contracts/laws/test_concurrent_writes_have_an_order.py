"""The law on what is sent at the same time."""

from typing import Any

from tests.contracts.histories import Line
from tests.contracts.laws.rooms import found, room

LAW = "concurrent_writes_have_an_order"


def _delete(key: int, status: int, *, together: bool = False) -> Line:
    return Line(f"DELETE /rooms/{key}", status, together=together)


ONE_BY_ONE = (_delete(1, 204), _delete(1, 404))


def test_one_of_equal_requests_is_carried_out() -> None:
    """As it is where they come one after another."""
    both = _delete(2, 404), _delete(2, 204, together=True)
    assert found(LAW, *ONE_BY_ONE, *both) == [("", "")]


def test_more_than_one_breaks_it() -> None:
    """No order explains that both found it."""
    both = _delete(2, 204), _delete(2, 204, together=True)
    problem = "More is carried out at the same time than one after another."
    assert found(LAW, *ONE_BY_ONE, *both) == [(problem, "deleteRoom")]


def test_what_may_be_done_twice_proves_nothing() -> None:
    """Where the second is carried out one after another, too, or was not tried."""
    both = _delete(2, 204), _delete(2, 204, together=True)
    assert found(LAW, *both) == []
    assert found(LAW, _delete(1, 204), _delete(1, 204), *both) == []


def _stay(key: int, **values: Any) -> dict[str, Any]:
    return {
        "id": key,
        "guest": "a",
        "guests": 1,
        "firstDay": "2031-01-01",
        "end": "2031-01-02",
        **values,
    }


def _patch(key: int, *, together: bool = False, **sent: Any) -> Line:
    return Line(f"PATCH /stays/{key}", 200, _stay(key, **sent), sent=sent, together=together)


def _read(key: int, **values: Any) -> Line:
    return Line(f"GET /stays/{key}", 200, _stay(key, **values))


IN_ORDER = (_patch(1, guest="b"), _patch(1, guests=2), _read(1, guest="b", guests=2))
AT_ONCE = (_patch(2, guest="b"), _patch(2, guests=2, together=True))


def test_both_changes_are_there() -> None:
    """Changes of different properties do not get in each other's way."""
    assert found(LAW, *IN_ORDER, *AT_ONCE, _read(2, guest="b", guests=2)) == [("", "")]


def test_a_lost_change_breaks_it() -> None:
    """The second wrote what it had read before the first."""
    assert found(LAW, *IN_ORDER, *AT_ONCE, _read(2, guests=2)) == [
        ("One of two changes at the same time is lost.", "")
    ]
    assert found(LAW, *AT_ONCE, _read(2, guests=2)) == []


def _put(key: int, title: str, price: int, *, together: bool = False) -> Line:
    sent = {"title": title, "price": price, "kind": "single"}
    return Line(f"PUT /rooms/{key}", 200, {"id": key, **sent}, sent=sent, together=together)


def _shown(key: int, title: str, price: int) -> Line:
    return Line(f"GET /rooms/{key}", 200, room(key, title=title, price=price))


def test_mixed_replacements_break_it() -> None:
    """The item is neither what one wrote nor what the other did."""
    before = _put(1, "a", 1), _put(1, "b", 2), _shown(1, "b", 2)
    both = _put(2, "a", 1), _put(2, "b", 2, together=True)
    assert found(LAW, *before, *both, _shown(2, "a", 1)) == [("", "")]
    assert found(LAW, *before, *both, _shown(2, "a", 2)) == [
        ("Two writes at the same time are mixed.", "")
    ]
