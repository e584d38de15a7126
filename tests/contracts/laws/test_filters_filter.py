"""The law that filters let through what they ask for, and nothing else."""

import pytest

from tests.contracts.histories import Line, judged
from tests.contracts.laws.rooms import KEPT, ROOMS, found, listed, made, room

LAW = "filters_filter"
STRAY = "A list shows what was not asked for."
MISSING = "A list does not show what was asked for."


@pytest.mark.parametrize(
    ("query", "stray", "fitting"),
    [
        ("kind=double", {"kind": "single"}, {"kind": "double"}),
        ("min_price=10", {"price": 9}, {"price": 10}),
        ("max_price=10", {"price": 11}, {"price": 10}),
        ("tag=red", {"tags": ["blue"]}, {"tags": ["blue", "red"]}),
    ],
)
def test_what_is_listed_passes(
    query: str, stray: dict[str, object], fitting: dict[str, object]
) -> None:
    """An item that does not is a stray, one that does is fine."""
    name = query.partition("=")[0]
    assert found(LAW, listed(f"?{query}", [room(1, **stray)])) == [(STRAY, name)]
    assert found(LAW, listed(f"?{query}", [room(1, **fitting)])) == [KEPT]


def test_a_blank_asks_for_all_or_for_none() -> None:
    """Nobody knows."""
    assert found(LAW, listed("?q=%20", [room(1, title="Blue")])) == []


def test_what_passes_is_listed() -> None:
    """What was created with just the bound is within it."""
    assert found(LAW, made(1, price=10), listed("?size=20&max_price=10", [])) == [
        (MISSING, "max_price")
    ]
    assert found(LAW, made(1, price=11), listed("?size=20&max_price=10", [])) == []


def test_a_full_page_hides_the_others() -> None:
    """Who is not on a page may be on the next one."""
    lines = made(1, kind="suite"), listed("?size=1&kind=suite", [room(2, kind="suite")], 2)
    assert found(LAW, *lines) == [KEPT]


def test_texts_may_be_compared_in_parts() -> None:
    """A part of a text in any case is found, and what is not known whole is no stray."""
    assert found(LAW, made(1, title="Blue"), listed("?q=blu", [room(1, title="Blue")])) == [KEPT]
    assert found(LAW, listed("?q=green", [room(1, title="Blue")])) == [KEPT]
    assert found(LAW, made(1, title="Blue"), listed("?q=green", [room(1, title="Blue")])) == [
        (STRAY, "q")
    ]


def test_a_day_belongs_to_what_the_text_names() -> None:
    """`from` is about the end of a stay, and the day itself is meant, too."""
    stay = {"id": 1, "guest": "a", "firstDay": "2031-01-01", "end": "2031-01-05"}
    sent = {name: value for name, value in stay.items() if name != "id"}
    created = Line("POST /stays", 201, stay, sent=sent)
    empty = Line("GET /stays?limit=50&from=2031-01-05", 200, {"stays": [], "next": None})
    assert [one.problem for one in judged(LAW, ROOMS, created, empty)] == [MISSING]
    later = Line("GET /stays?limit=50&from=2031-01-06", 200, {"stays": [stay], "next": None})
    assert [one.problem for one in judged(LAW, ROOMS, later)] == [STRAY]
