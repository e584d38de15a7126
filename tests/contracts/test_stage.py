"""Requests are made of what was accepted before, with as much beside it as is harmless."""

from contracts.samples import EXAMPLE, FULL, LEAST, Recipe, Samples
from contracts.stage import Proven
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
