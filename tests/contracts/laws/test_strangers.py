"""The laws that what one identity created another neither sees, nor changes, nor deletes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.api import Api
from contracts.exchange import ABSENT
from contracts.liar import Liar, all_liars
from tests.contracts.histories import Line, api_of, judged, problems
from tests.contracts.laws.checking import DIARIES, faults, honest, tried

API = api_of(Path(DIARIES))
SEE, CHANGE, DELETE = (f"strangers_{act}_nothing" for act in ("see", "change", "delete"))
DIARY = {"id": 7, "title": "a"}
CREATED = Line("POST /diaries", 201, DIARY, sent={"title": "a"})
LISTED = Line("GET /diaries", 200, [DIARY])
READ = Line("GET /diaries/7", 200, DIARY)
UNLISTED = Line("GET /diaries", 200, [], who="second")
THEIR_READ = Line("GET /diaries/7", 200, DIARY, who="second")
THEIR_PATCH = Line(
    "PATCH /diaries/7", 200, {"id": 7, "title": "b"}, sent={"title": "b"}, who="second"
)
CHANGED = Line("GET /diaries/7", 200, {"id": 7, "title": "b"})
THEIR_DELETE = Line("DELETE /diaries/7", 204, who="second")
GONE = Line("GET /diaries/7", 404)
UNREAD = Line("GET /diaries/7", 404, who="second")


def told(text: str) -> Api:
    """The same description, with a sentence in its preface."""
    document = json.loads(json.dumps(API.description.source))
    document["info"]["description"] = text
    return api_of(document)


def with_pages() -> Api:
    """The same description, with pages in the diaries."""
    document = json.loads(json.dumps(API.description.source))
    page = {"type": "object", "properties": {"id": {"type": "integer"}, "text": {}}}
    shown, all_shown = (
        {"description": "It", "content": {"application/json": {"schema": schema}}}
        for schema in (page, {"type": "array", "items": page})
    )
    document["paths"]["/diaries/{id}/pages"] = {
        "parameters": document["paths"]["/diaries/{id}"]["parameters"],
        "get": {"responses": {"200": all_shown}},
        "post": {
            "requestBody": {"content": {"application/json": {"schema": page}}},
            "responses": {"201": shown},
        },
    }
    return api_of(document)


def test_what_all_share_breaks_nothing() -> None:
    """Nothing tells that it is the first identity's alone."""
    assert judged(SEE, API, CREATED, LISTED, READ, THEIR_READ) == []
    assert judged(CHANGE, API, CREATED, READ, THEIR_READ, THEIR_PATCH, CHANGED) == []
    assert judged(DELETE, API, CREATED, READ, THEIR_READ, THEIR_DELETE, GONE) == []


def test_what_a_list_keeps_back_is_nobody_elses_business() -> None:
    """It can neither be read, nor changed, nor deleted by whom the list does not show it."""
    before = (CREATED, LISTED, UNLISTED)
    assert "Another identity reads what one created." in problems(
        judged(SEE, API, *before, THEIR_READ)
    )
    assert problems(judged(CHANGE, API, *before, READ, THEIR_PATCH, CHANGED)) == [
        "Another identity changes what one created."
    ]
    assert problems(judged(DELETE, API, *before, THEIR_DELETE, GONE)) == [
        "Another identity deletes what one created."
    ]


def test_what_is_hidden_is_not_shown_by_a_filter() -> None:
    """A list that hides it and shows it when asked otherwise shows too much."""
    found = Line("GET /diaries?title=a", 200, [DIARY], who="second")
    assert "A list shows to another identity what one created." in problems(
        judged(SEE, API, CREATED, LISTED, UNLISTED, found)
    )


def test_what_cannot_be_read_can_be_neither_changed_nor_deleted() -> None:
    """A refused read is proof enough, and a refusal keeps the law of seeing."""
    assert problems(judged(SEE, API, CREATED, READ, UNREAD)) == [""]
    assert any(problems(judged(CHANGE, API, CREATED, READ, UNREAD, THEIR_PATCH, CHANGED)))
    assert any(problems(judged(DELETE, API, CREATED, READ, UNREAD, THEIR_DELETE, GONE)))


def test_refused_and_done_needs_no_proof() -> None:
    """Whoever is refused must not have done it."""
    patch = Line("PATCH /diaries/7", 403, sent={"title": "b"}, who="second")
    delete = Line("DELETE /diaries/7", 403, who="second")
    assert any(problems(judged(CHANGE, API, CREATED, READ, patch, CHANGED)))
    assert problems(judged(CHANGE, API, CREATED, READ, patch, READ)) == [""]
    assert any(problems(judged(DELETE, API, CREATED, delete, GONE)))
    assert problems(judged(DELETE, API, CREATED, delete, READ)) == [""]


def test_a_description_may_tell() -> None:
    """Words that something is one's own are proof, where no mock answers; shared things are not."""
    lines = (CREATED, READ, THEIR_READ)
    own = told("Everybody sees their own diaries only.")
    assert any(problems(judged(SEE, own, *lines)))
    assert judged(CHANGE, own, CREATED, READ, THEIR_PATCH, CHANGED) == []
    sandbox = {"Understudy-Sandbox": "s"}
    created = Line("POST /diaries", 201, DIARY, sent={"title": "a"}, asked=sandbox)
    assert judged(SEE, own, created, READ, THEIR_READ) == []
    shared = told("Diaries are public. Change only your own.")
    assert judged(SEE, shared, *lines) == []


def test_what_is_below_an_item_is_its_creators_too() -> None:
    """Nobody else lists it, or creates something there."""
    before = (CREATED, LISTED, UNLISTED)
    pages = Line("GET /diaries/7/pages", 200, [], who="second")
    page = Line("POST /diaries/7/pages", 201, {"id": 1}, sent={"text": "x"}, who="second")
    api = with_pages()
    assert problems(judged(SEE, api, *before, pages))[-1:] == [
        "Another identity reads what is below what one created."
    ]
    assert problems(judged(CHANGE, api, *before, page)) == [
        "Another identity creates something below what one created."
    ]
    kept_out = replace(page, status=404, answer=ABSENT)
    assert problems(judged(CHANGE, api, *before, kept_out)) == [""]
    assert judged(CHANGE, api, CREATED, READ, page) == []


def test_a_page_that_may_go_on_hides_nothing() -> None:
    """A stranger's list of a usual page's length may show the item on the next page."""
    others = Line("GET /diaries", 200, [{"id": n} for n in range(100, 120)], who="second")
    assert judged(SEE, API, CREATED, LISTED, others, THEIR_READ) == []


def test_public_items_are_for_all() -> None:
    """An item with a word on who may see it is not judged."""
    public = {**DIARY, "visibility": "public"}
    lines = [
        Line(one.request, one.status, public, sent=one.sent, who=one.who)
        for one in (CREATED, READ, THEIR_READ)
    ]
    listed = Line("GET /diaries", 200, [public])
    assert all(not one.problem for one in judged(SEE, API, lines[0], listed, UNLISTED, *lines[1:]))


@pytest.mark.parametrize("law", [SEE, CHANGE, DELETE])
def test_the_mock_shares_all_and_breaks_nothing(law: str) -> None:
    """Whoever knows a key may do everything: nothing tells otherwise."""
    app, api = honest(DIARIES)
    assert tried(law, app, api).findings == []


@pytest.mark.parametrize(
    "liar",
    [one for one in all_liars() if "_unlisted_and_" in one.name or "_unseen_and_" in one.name],
    ids=lambda one: one.name,
)
def test_liars_are_found(liar: Liar) -> None:
    """Each is found by its own law, and again when it is played once more."""
    app, api = honest(DIARIES)
    assert liar.applies(api)
    assert faults(tried(liar.law, liar.wrap(app, api), api))
