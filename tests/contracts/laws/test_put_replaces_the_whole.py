"""The law that a PUT leaves nothing of the old."""

from tests.contracts.histories import Line, api_of, judged, problems
from tests.contracts.laws.books import BOOK, KEPT, SENT, created, found, patched, put, shown

LAW = "put_replaces_the_whole"

LEAST = {"title": "Emma", "copies": 2}
LEFT = "A PUT that leaves a property out does not take it away."


def _bare(**more: object) -> dict[str, object]:
    return {"id": 7, **LEAST, "status": "there", "created_at": BOOK["created_at"], **more}


def test_what_was_left_out_is_gone() -> None:
    """In the PUT's own answer, and in a read after it."""
    bare = Line("GET /books/7", 200, _bare())
    assert found(LAW, created(), shown(), put(LEAST, _bare()), bare) == [KEPT, KEPT]


def test_what_was_left_out_and_stays_breaks_it() -> None:
    """The property is named: each is a finding of its own."""
    kept = Line("GET /books/7", 200, _bare(subtitle="A novel"))
    assert found(LAW, created(), shown(), put(LEAST, _bare()), kept) == [KEPT, (LEFT, "subtitle")]
    assert found(LAW, created(), put(LEAST, _bare(subtitle="A novel"))) == [(LEFT, "subtitle")]


def test_a_default_may_be_what_was_there() -> None:
    """A truth value, or what no client had set, tells nothing."""
    lendable = put(LEAST, _bare(lendable=True))
    sent = {**LEAST, "lendable": True}
    assert found(LAW, created(sent=sent), lendable) == []
    made_up = put(LEAST, _bare(subtitle="A novel"))
    assert found(LAW, created(sent=LEAST), made_up) == []


def test_what_was_changed_in_between_counts() -> None:
    """What is left is compared with what was there last."""
    renamed = patched({"subtitle": "In three volumes"})
    old = put(LEAST, _bare(subtitle="A novel"))
    assert found(LAW, created(), renamed, old) == [KEPT]


def test_the_next_change_ends_what_is_judged() -> None:
    """It may set again what the PUT took away."""
    again = put(SENT, BOOK)
    assert found(LAW, created(), put(LEAST, _bare()), again) == [KEPT]


def test_what_there_is_once_is_replaced_as_well() -> None:
    """Settings have no key of their own."""
    settings = {"type": "object", "properties": {"nickname": {"type": "string"}, "limit": {}}}
    shown = {"description": "It", "content": {"application/json": {"schema": settings}}}
    body = {"content": {"application/json": {"schema": settings}}}
    once = {
        "get": {"responses": {"200": shown}},
        "put": {"requestBody": body, "responses": {"200": shown}},
    }
    api = api_of(
        {
            "openapi": "3.1.0",
            "info": {"title": "Accounts", "version": "1"},
            "paths": {"/accounts/{id}/settings": once},
        }
    )
    whole, kept_one = {"nickname": "Ada", "limit": 7}, {"nickname": "Ada", "limit": 9}
    path = "/accounts/7/settings"
    first = Line(f"PUT {path}", 200, whole, sent=whole)
    second = Line(f"PUT {path}", 200, kept_one, sent={"limit": 9})
    assert problems(judged(LAW, api, first, second)) == [LEFT]
    gone = Line(f"PUT {path}", 200, {"limit": 9}, sent={"limit": 9})
    assert problems(judged(LAW, api, first, gone)) == [""]
    other = Line("PUT /accounts/8/settings", 200, kept_one, sent={"limit": 9})
    assert judged(LAW, api, first, other) == []


def test_what_the_server_sets_stays() -> None:
    """No body offers it."""
    assert found(LAW, created(), put(SENT, BOOK)) == []
