"""The law that lists have the order that they are asked for."""

import pytest

from tests.contracts.laws.rooms import KEPT, found, listed, page, room

LAW = "lists_are_sorted_as_asked"
PROBLEM = "A list is not in the order that was asked for."


def _prices(sort: str, *prices: float) -> list[tuple[str, str]]:
    rooms = [room(key, price=price) for key, price in enumerate(prices)]
    return found(LAW, listed(f"?sort={sort}", rooms))


def _titles(sort: str, *titles: str) -> list[tuple[str, str]]:
    rooms = [room(key, title=title) for key, title in enumerate(titles)]
    return found(LAW, listed(f"?sort={sort}", rooms))


def test_numbers_are_sorted_as_numbers() -> None:
    """Ten comes after nine, and alike may be next to alike."""
    assert _prices("price", 9, 9, 10, 100) == [KEPT]
    assert _prices("-price", 100, 10, 9) == [KEPT]
    assert _prices("price", 10, 100, 9) == [(PROBLEM, "price")]
    assert _prices("-price", 9, 10) == [(PROBLEM, "price")]


@pytest.mark.parametrize("titles", [("B", "a"), ("a", "B"), ("Émile", "Eva"), ("a b", "ab", "a c")])
def test_texts_have_many_orders(titles: tuple[str, ...]) -> None:
    """By code point, in any case, and as dictionaries have them."""
    assert _titles("title", *titles) == [KEPT]


def test_texts_in_no_order_break_it() -> None:
    """None of the usual orders has b before a and c."""
    assert _titles("title", "b", "a", "c") == [(PROBLEM, "title")]


def test_what_is_alike_proves_nothing() -> None:
    """Neither do items without the value, or lists that nothing was asked of."""
    assert _prices("price", 5, 5) == []
    assert found(LAW, listed("", [room(1, price=9), room(2, price=1)])) == []


def test_the_order_goes_on_from_page_to_page() -> None:
    """Pages that are in order each may not be together."""
    first = listed("?size=2&sort=price", [room(1, price=1), room(2, price=9)], 4)
    second = listed("?size=2&sort=price&page=2", [room(3, price=3), room(4, price=4)], 4)
    assert found(LAW, first, second) == [(PROBLEM, "price")]
    assert page(1, 1, 2, total=4).status == 200
