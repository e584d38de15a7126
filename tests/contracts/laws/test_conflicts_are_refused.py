"""The law that conflicts are refused."""

from tests.contracts.histories import Line, api_of, judged, problems
from tests.contracts.laws.books import KEPT, SENT, created, deleted, found

LAW = "conflicts_are_refused"

ADA = {"username": "ada"}
MADE = Line("POST /members", 201, ADA, sent=ADA)
TWICE = ("What must be unique was created twice.", "")


def test_a_refusal_keeps_it() -> None:
    """With whatever status."""
    assert found(LAW, MADE, Line("POST /members", 409, sent=ADA)) == [KEPT]


def test_a_crash_breaks_it() -> None:
    """Whether a conflict is described or not."""
    told = ("Creating the same again crashes: 500.", "")
    assert found(LAW, MADE, Line("POST /members", 500, sent=ADA)) == [told]
    assert found(LAW, created(), Line("POST /books", 500, sent=SENT)) == [told]


def test_a_second_one_breaks_it_where_the_description_says_so() -> None:
    """Its 409 is for what is there already."""
    other = Line("POST /members", 201, {"username": "ada2"}, sent=ADA)
    assert found(LAW, MADE, other) == [TWICE]
    assert found(LAW, created(7), created(8)) == []


def test_the_same_item_again_is_no_second_one() -> None:
    """As where a create is an upsert."""
    assert found(LAW, MADE, Line("POST /members", 200, ADA, sent=ADA)) == []


def test_what_is_no_resource_may_be_done_once() -> None:
    """As a registration, whose accounts nobody can read."""
    user = {"type": "object", "properties": {"username": {"type": "string"}}}
    told = {"description": "There is already a user of this name."}
    register = {
        "requestBody": {"content": {"application/json": {"schema": user}}},
        "responses": {"204": {"description": "Done"}, "409": told},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Users", "version": "1"},
        "paths": {"/register": {"post": register}},
    }
    first, refused = (Line("POST /register", status, sent=ADA) for status in (204, 409))
    assert problems(judged(LAW, api_of(document), first, first)) == [TWICE[0]]
    assert problems(judged(LAW, api_of(document), first, refused)) == [""]


def test_what_differs_or_is_gone_does_not_conflict() -> None:
    """Nor does what crashed the first time already."""
    bob = {"username": "bob"}
    assert found(LAW, MADE, Line("POST /members", 500, sent=bob)) == []
    assert found(LAW, created(), deleted(), Line("POST /books", 500, sent=SENT)) == []
    crash = Line("POST /members", 500, sent=ADA)
    assert found(LAW, crash, crash) == []
