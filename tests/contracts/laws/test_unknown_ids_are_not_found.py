"""The law that what is not there is not found."""

from tests.contracts.histories import Line, api_of, judged, problems
from tests.contracts.laws.books import (
    BOOK,
    KEPT,
    SENT,
    created,
    deleted,
    found,
    missing,
    patched,
    put,
    shown,
)

LAW = "unknown_ids_are_not_found"

NEVER = 987_654_321


def test_what_is_not_found_keeps_it() -> None:
    """By whatever is refused."""
    assert found(LAW, missing(NEVER), missing(NEVER, 403), deleted(NEVER, 404)) == [KEPT] * 3


def test_what_is_found_breaks_it() -> None:
    """Reads, changes and actions of an item that nobody has."""
    assert found(LAW, shown(NEVER)) == [("It reads an item that never was: 200.", "")]
    assert found(LAW, patched({}, NEVER)) == [("It changes an item that never was: 200.", "")]
    lent = Line(f"POST /books/{NEVER}/lend", 200, BOOK)
    assert found(LAW, lent) == [("It acts on an item that never was: 200.", "")]
    assert found(LAW, deleted(NEVER)) == [("It deletes an item that never was: 204.", "")]


def test_other_ids_may_be_there() -> None:
    """Only an id that was made to be unknown is surely so."""
    assert found(LAW, shown(12)) == []


def test_a_put_may_create() -> None:
    """Where 201 is described, any key will do; else the item must be there."""
    card = {"number": str(NEVER), "holder": "Ada"}
    assert found(LAW, Line(f"PUT /cards/{NEVER}", 200, card, sent=card)) == []
    told = ("It replaces an item that never was: 200.", "")
    assert found(LAW, put(SENT, BOOK, NEVER)) == [told]


def test_what_was_put_is_known() -> None:
    """It is there from then on."""
    card = {"number": str(NEVER), "holder": "Ada"}
    made = Line(f"PUT /cards/{NEVER}", 201, card, sent=card)
    assert found(LAW, made, Line(f"GET /cards/{NEVER}", 200, card)) == []


def test_settings_are_there_by_any_name() -> None:
    """What nobody makes, deletes or lists is not unknown, unless a 404 is described."""

    def settings(*statuses: str) -> list[str]:
        answer = {"content": {"application/json": {"schema": {"type": "object"}}}}
        read = {
            "parameters": [
                {"name": "section", "in": "path", "required": True, "schema": {"type": "string"}}
            ],
            "responses": {one: {"description": "It", **answer} for one in statuses},
        }
        info = {"title": "Settings", "version": "1"}
        paths = {"/settings/{section}": {"get": read, "patch": read}}
        api = api_of({"openapi": "3.1.0", "info": info, "paths": paths})
        return problems(judged(LAW, api, Line(f"GET /settings/{NEVER}", 200, {})))

    assert settings("200") == []
    assert settings("200", "404") == ["It reads an item that never was: 200."]


def test_what_was_deleted_cannot_be_changed() -> None:
    """The deletion of what was created comes before."""
    told = ("It changes an item that was deleted: 200.", "")
    assert found(LAW, created(), deleted(), patched({"copies": 1})) == [told]
    assert found(LAW, created(), deleted(), patched({"copies": 1}, status=404)) == [KEPT]
    assert found(LAW, created(), deleted(status=202), patched({"copies": 1})) == []
