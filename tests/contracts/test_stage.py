"""Requests are made of what was accepted before, with as much beside it as is harmless."""

import re
from random import Random

from contracts.api import Api
from contracts.samples import EXAMPLE, FULL, LEAST, Recipe, Samples
from contracts.stage import Proven, Stage
from contracts.steps import Fresh, Ref
from openapi.resources import Role
from tests.contracts.histories import api_of

CREATE = "POST /pens"
PEN = {
    "type": "object",
    "required": ["colour"],
    "properties": {
        "colour": {"type": "string"},
        "length": {"type": "integer"},
        "status": {"type": "string", "enum": ["new", "sold"]},
        "maker_id": {"type": "string", "format": "uuid"},
        "owner": {"type": "string"},
    },
    "example": {"colour": "red"},
}
API = api_of(
    {
        "openapi": "3.1.0",
        "info": {"title": "Pens", "version": "1"},
        "paths": {
            "/pens": {
                "post": {
                    "requestBody": {"content": {"application/json": {"schema": PEN}}},
                    "responses": {"201": {"description": "It is there."}},
                }
            }
        },
    }
)


def test_an_enriched_body_refers_to_nothing() -> None:
    """What is shown stays; statuses, owners and ids of others are left out."""
    body = Samples(API).body(API.by_key[CREATE], Recipe(EXAMPLE, enriched=True))
    assert body.keys() == {"colour", "length"}
    assert body["colour"] == "red"


def test_a_full_body_is_an_enriched_one_until_a_full_one_was_accepted() -> None:
    """It has to be known first that a server takes all at once."""
    proven = Proven()
    assert proven.formed(CREATE, FULL) == [Recipe(EXAMPLE, enriched=True)]
    proven.note(CREATE, Recipe(FULL), accepted=True)
    assert proven.formed(CREATE, FULL) == [Recipe(FULL)]


def test_what_was_accepted_stands_in_for_an_enriched_body_that_was_refused() -> None:
    """Better less than nothing."""
    proven = Proven()
    proven.note(CREATE, Recipe(LEAST), accepted=True)
    assert proven.formed(CREATE, FULL) == [Recipe(LEAST, enriched=True)]
    proven.note(CREATE, Recipe(LEAST, enriched=True), accepted=False)
    assert proven.formed(CREATE, FULL) == [Recipe(LEAST)]


def _folders() -> Api:
    folder = {
        "type": "object",
        "required": ["code", "parentId"],
        "properties": {
            "id": {"type": "integer", "readOnly": True},
            "code": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{4}$"},
            "label": {"type": "string", "pattern": "^[a-z]{6,9}$", "description": "Unique."},
            "parentId": {"type": ["integer", "null"]},
        },
    }
    shown = {"description": "It", "content": {"application/json": {"schema": folder}}}
    create = {
        "requestBody": {"content": {"application/json": {"schema": folder}}},
        "responses": {"201": shown},
    }
    once = {"get": {"responses": {"200": shown}}, "put": {**create, "responses": {"200": shown}}}
    return api_of(
        {
            "openapi": "3.1.0",
            "info": {"title": "Folders", "version": "1"},
            "paths": {
                "/folders": {"post": create},
                "/folders/{id}": {"get": {"responses": {"200": shown}}},
                "/folders/{id}/settings": once,
            },
        }
    )


def test_texts_that_must_be_new_fit_their_patterns() -> None:
    """By their names, or because the description says that no two are the same."""
    body = Samples(_folders()).body(_folders().by_key["POST /folders"], Recipe(FULL))
    for name, pattern in (("code", "[A-Z]{2}[0-9]{4}"), ("label", "[a-z]{6,9}")):
        assert isinstance(body[name], Fresh)
        assert len({body[name].value(f"{one:08x}") for one in range(20)}) > 10
        assert re.fullmatch(pattern, body[name].value())


def test_an_item_is_at_the_top_or_below_one_that_was_made_for_it() -> None:
    """A folder that nobody made would be refused."""
    api = _folders()
    [folders] = [one for one in api.resources_with(Role.CREATE) if one.word == "folders"]
    stage = Stage(api, Samples(api), Proven())
    stage.create(folders)
    assert [one.body["parentId"] for one in stage.steps] == [None]
    below = []
    for seed in range(20):
        stage = Stage(api, Samples(api), Proven(), Random(seed))
        stage.create(folders)
        below += [one.body["parentId"] for one in stage.steps[1:]]
    assert below
    assert all(one == Ref(0, "$response.body#/id") for one in below)


def test_what_there_is_once_is_below_an_item_of_its_own() -> None:
    """The item is created for it."""
    api = _folders()
    settings = api.part(api.by_key["PUT /folders/{id}/settings"]).resource
    stage = Stage(api, Samples(api), Proven())
    handle = stage.create(settings)
    assert [one.operation for one in stage.steps] == ["POST /folders"]
    assert (handle.key, handle.parents) == (None, (Ref(0, "$response.body#/id"),))
