"""The law that all representations say the same."""

import pytest

from tests.contracts.histories import Line
from tests.contracts.laws.rooms import KEPT, found, room

LAW = "representations_agree"
ROOM = room(7, quiet=False, price=0)
JSON = Line("GET /rooms/7", 200, ROOM)
FULL = "<id>7</id><title>Room 7</title><price>0.0</price><kind>single</kind><quiet>false</quiet>"


def _xml(inner: str) -> Line:
    body = f"<room>{inner}</room>".encode()
    return Line("GET /rooms/7", 200, body, media_type="application/xml")


def test_the_same_values_keep_it() -> None:
    """A number may be written in another way."""
    assert found(LAW, JSON, _xml(FULL)) == [KEPT]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("<price>0.0</price>", "", "price"),
        ("<quiet>false</quiet>", "<quiet>true</quiet>", "quiet"),
        ("Room 7", "room 7", "title"),
    ],
)
def test_a_value_that_is_lost_or_changed_breaks_it(old: str, new: str, place: str) -> None:
    """The finding names the property."""
    problem = "As application/xml it says something else than as JSON."
    assert found(LAW, JSON, _xml(FULL.replace(old, new))) == [(problem, place)]


def test_what_cannot_be_read_breaks_it() -> None:
    """The media type says XML, and the body is none."""
    assert found(LAW, JSON, _xml("<open>")) == [
        ("A representation is not what its media type says.", "application/xml")
    ]


def test_what_changed_in_between_may_be_another() -> None:
    """Two reads around a change may differ."""
    put = Line("PUT /rooms/7", 200, ROOM, sent={"title": "a", "price": 1, "kind": "suite"})
    assert found(LAW, JSON, put, _xml(FULL.replace("Room 7", "a"))) == []
