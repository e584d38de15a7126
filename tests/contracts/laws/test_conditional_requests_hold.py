"""The law on what depends on ETags."""

from tests.contracts.histories import Line
from tests.contracts.laws.rooms import KEPT, found, room

LAW = "conditional_requests_hold"
OTHER = Line("GET /rooms/8", 200, room(8), headers={"ETag": '"other"'})


def _read(tag: str, status: int = 200, asked: str = "", **values: object) -> Line:
    return Line(
        "GET /rooms/7",
        status,
        room(7, **values) if status == 200 else b"",
        headers={"ETag": f'"{tag}"'},
        asked={"If-None-Match": f'"{asked}"'} if asked else {},
    )


def _put(status: int = 200, match: str = "", title: str = "b") -> Line:
    sent = {"title": title, "price": 10, "kind": "single"}
    asked = {"If-Match": f'"{match}"'} if match else {}
    return Line("PUT /rooms/7", status, room(7, title=title), sent=sent, asked=asked)


def test_an_etag_that_holds_keeps_it() -> None:
    """Who has it is told so, and who has an old one gets the item."""
    assert found(LAW, OTHER, _read("a"), _read("a", 304, "a")) == [KEPT]
    lines = OTHER, _read("a"), _put(), _read("c", title="b"), _read("c", asked="a", title="b")
    assert set(found(LAW, *lines)) == {KEPT}


def test_an_etag_that_stays_breaks_it() -> None:
    """The item has changed."""
    assert found(LAW, OTHER, _read("a"), _put(), _read("a", title="b")) == [
        ("The ETag stays although the item has changed.", "")
    ]


def test_a_change_with_another_etag_breaks_it() -> None:
    """Whether it is an old one, or one that never was."""
    assert found(LAW, OTHER, _read("a"), _put(200, "never")) == [
        ("A change is made although its ETag is not that of the item.", "")
    ]
    assert found(LAW, OTHER, _read("a"), _put(412, "never")) == [KEPT]
    assert found(LAW, OTHER, _read("a"), _put(412, "a")) == [
        ("A change is refused although its ETag is that of the item.", "")
    ]


def test_who_makes_no_etags_is_not_judged() -> None:
    """One that is always the same is none."""
    assert found(LAW, _read("a"), _put(200, "never"), _read("a", title="b")) == []
