"""The law that values come back as they were sent."""

from dataclasses import replace
from typing import Any

import pytest

from tests.contracts.histories import Line, api_of, history_of, judged, law_called, problems
from tests.contracts.laws.books import KEPT, SENT, created, found, listed, patched, shown

LAW = "values_come_back_as_sent"

OTHER = "A value comes back other than it was sent."


def _sent(name: str, value: Any, back: Any) -> list[tuple[str, str]]:
    """A book is created with a value, and read with another."""
    body = {"title": "Emma", "copies": 1, name: value}
    answer = {"id": 7, **body, "status": "there"}
    made = Line("POST /books", 201, answer, sent=body)
    return found(LAW, made, Line("GET /books/7", 200, {**answer, name: back}))[1:]


@pytest.mark.parametrize(
    ("name", "value", "back"),
    [
        ("title", " Emma ", "Emma"),
        ("title", "Emma", "EMMA"),
        ("title", "Ünï 漢 🎈", "Ünï ? ?"),
        ("title", "a" * 120, "a" * 100),
        ("title", "<b>", "&lt;b&gt;"),
        ("subtitle", "", None),
        ("subtitle", "007", 7),
        ("copies", 2**53 + 1, 2**53),
        ("copies", 2**31, -(2**31)),
        ("copies", 0, 1),
        ("price", 19.99, 20),
        ("price", 19.99, 19.9),
        ("lendable", False, True),
        ("bought", "2024-02-29T23:59:59+05:30", "2024-02-29T23:59:59Z"),
        ("tags", ["a", "b"], ["a"]),
        ("note", None, "-"),
    ],
)
def test_another_value_breaks_it(name: str, value: Any, back: Any) -> None:
    """The property is named."""
    assert _sent(name, value, back) == [(OTHER, f"/{name}")]


@pytest.mark.parametrize(
    ("name", "value", "back"),
    [
        ("price", 3, 3.0),
        ("price", 0.12345, 0.12),
        ("bought", "2024-02-29T23:59:59+05:30", "2024-02-29T18:29:59Z"),
        ("bought", "2024-02-29T23:59:59.123456Z", "2024-02-29T23:59:59.123Z"),
        ("tags", ["b", "a", "b"], ["a", "b"]),
        ("tags", [], None),
        ("copies", -5, 0),
        ("title", "", "untitled"),
        ("status", "lent", "there"),
        ("created_at", "2001-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("authorId", "an-author", {"id": "an-author", "name": "Jane"}),
    ],
)
def test_the_same_in_other_words_keeps_it(name: str, value: Any, back: Any) -> None:
    """So does what is not allowed, or not the client's to set: that is for other laws."""
    assert _sent(name, value, back) == [KEPT]


def test_what_is_nested_counts() -> None:
    """With its place."""
    value = {"name": "Murray", "city": "London"}
    told = [(OTHER, "/publisher/city")]
    assert _sent("publisher", value, {**value, "city": "Paris"}) == told


def test_what_does_not_come_back_breaks_it() -> None:
    """In the answer of the write itself, and in reads; a list may show less."""
    bare = {"id": 7, "title": "Emma", "copies": 2, "lendable": True}
    made = Line("POST /books", 201, bare, sent=SENT)
    lost = ("A value does not come back.", "/subtitle")
    assert found(LAW, made, Line("GET /books/7", 200, bare), listed(bare)) == [lost, lost, KEPT]


def test_an_empty_text_may_be_left_out() -> None:
    """As often as it is kept; null is another value."""
    body = {"title": "Emma", "copies": 1, "subtitle": ""}
    answer = {"id": 7, "title": "Emma", "copies": 1, "status": "there"}
    made = Line("POST /books", 201, {**answer, "subtitle": ""}, sent=body)
    assert found(LAW, made, Line("GET /books/7", 200, answer)) == [KEPT, KEPT]


def test_only_what_was_written_last_has_to_come_back() -> None:
    """Another write ends what a write says."""
    lines = [created(), patched({"copies": 9}), shown(copies=9)]
    assert found(LAW, *lines) == [KEPT, KEPT, KEPT]
    assert found(LAW, created(), Line("PUT /books/7", 500, sent=SENT), shown(copies=9)) == [KEPT]


def test_the_key_is_the_paths() -> None:
    """Whatever the body says."""
    sent = {"number": "b", "holder": "Ada"}
    card = Line("PUT /cards/a", 200, {**sent, "number": "a"}, sent=sent)
    assert found(LAW, card) == [KEPT]


def test_what_a_query_leaves_out_is_no_loss() -> None:
    """A selection that was sent, also within a parameter, leaves out what it does not name."""
    of_filter = {
        "type": "object",
        "properties": {"fields": {"type": "array", "items": {"type": "string"}}},
    }
    thing = {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "title": {"type": "string"}},
    }
    shows = {"200": {"description": "It", "content": {"application/json": {"schema": thing}}}}
    takes = {"content": {"application/json": {"schema": thing}}}
    query = {"in": "query", "schema": of_filter}
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    read = {"parameters": [key, {"name": "filter", **query}], "responses": shows}
    paths = {
        "/things": {"post": {"requestBody": takes, "responses": shows}},
        "/things/{id}": {"get": read},
    }
    info = {"title": "Things", "version": "1"}
    api = api_of({"openapi": "3.1.0", "info": info, "paths": paths})
    made = Line("POST /things", 200, {"id": 7, "title": "Emma"}, sent={"title": "Emma"})

    def seen(query: dict[tuple[str, str], Any]) -> list[str]:
        history = history_of(api, made, Line("GET /things/7", 200, {"id": 7}))
        last = replace(history.exchanges[1], values={("path", "id"): 7, **query})
        whole = replace(history, exchanges=(history.exchanges[0], last))
        return problems(list(law_called(LAW).check(whole)))[1:]

    assert seen({}) == ["A value does not come back."]
    assert seen({("query", "filter"): {"fields": ["id"]}}) == [""]
    assert seen({("query", "fields"): "id"}) == [""]


def test_what_no_answer_may_hold_need_not_come_back() -> None:
    """A value that the request's schema allows and the answer's does not."""
    part = {"type": "object", "properties": {"id": {"type": "string"}}}
    full = {**part, "required": ["id", "type"]}
    takes = {"type": "object", "properties": {"login": {"type": "string"}, "parent": part}}
    login = {"type": "string", "format": "email"}
    thing = {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "login": login, "parent": full},
    }
    shows = {"200": {"description": "It", "content": {"application/json": {"schema": thing}}}}
    create = {"requestBody": {"content": {"application/json": {"schema": takes}}}}
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    read = {"get": {"parameters": [key], "responses": shows}}
    paths = {"/things": {"post": {**create, "responses": shows}}, "/things/{id}": read}
    api = api_of({"openapi": "3.1.0", "info": {"title": "Things", "version": "1"}, "paths": paths})

    def seen(sent: dict[str, Any]) -> list[str]:
        made = Line("POST /things", 200, {"id": 7}, sent=sent)
        return problems(list(law_called(LAW).check(history_of(api, made))))

    assert seen({"login": "emma", "parent": {"id": "0"}}) == [""]
    assert seen({"login": "emma@books.test"}) == ["A value does not come back."]
    assert seen({"parent": {"id": "0", "type": "shelf"}}) == ["A value does not come back."]


def test_ids_within_an_item_are_the_servers() -> None:
    """Another value beside one is still a change."""
    part = {
        "type": "object",
        "properties": {"id": {"type": "string"}, "size": {"type": "integer"}},
    }
    thing = {"type": "object", "properties": {"id": {"type": "integer"}, "part": part}}
    shows = {"200": {"description": "It", "content": {"application/json": {"schema": thing}}}}
    takes = {"content": {"application/json": {"schema": thing}}}
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    paths = {
        "/things": {"post": {"requestBody": takes, "responses": shows}},
        "/things/{id}": {"get": {"parameters": [key], "responses": shows}},
    }
    info = {"title": "Things", "version": "1"}
    api = api_of({"openapi": "3.1.0", "info": info, "paths": paths})
    sent = {"part": {"id": "mine", "size": 1}}

    def seen(size: int) -> list[str]:
        answer = {"id": 7, "part": {"id": "yours", "size": size}}
        return problems(judged(LAW, api, Line("POST /things", 200, answer, sent=sent)))

    assert seen(1) == [""]
    assert seen(2) == [OTHER]
