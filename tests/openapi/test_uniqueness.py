"""What descriptions say in words of items of which there may be no two."""

from typing import Any

import pytest

from openapi.uniqueness import Uniqueness, uniqueness
from tests.mock_server.resources.described import loaded


def _told(name: dict[str, Any], refusals: dict[str, Any]) -> Uniqueness:
    schema = {"type": "object", "properties": {"name": {"type": "string"} | name}}
    create = {
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "responses": {"201": {"description": "Done."}} | refusals,
    }
    return uniqueness(loaded({"/things": {"post": create}}).operations[0])


@pytest.mark.parametrize(
    ("name", "is_unique"),
    [
        ({"description": "A unique name."}, True),
        ({"description": "No two things share it."}, True),
        ({"description": "A name that no other thing has."}, True),
        ({"description": "No other thing is known."}, False),
        ({"x-unique": True}, True),
        ({"description": "The name; need not be unique."}, False),
        ({"description": "Its name."}, False),
        ({"description": "A unique name.", "readOnly": True}, False),
    ],
)
def test_a_property_is_said_to_be_unique(name: dict[str, Any], is_unique: bool) -> None:
    """Words or a flag of a property that a client sets tell that no two may be the same."""
    assert ("name" in _told(name, {}).names) is is_unique


@pytest.mark.parametrize(
    ("status", "said", "conflicts", "refuses_the_same"),
    [
        ("409", "A thing of this name exists already.", True, True),
        ("409", "The name is already taken.", True, True),
        ("409", "`item_name_in_use`: one with the same name is there.", True, True),
        ("409", "The thing is locked by another operation.", True, False),
        ("422", "The name is already taken.", False, False),
    ],
)
def test_a_conflict_is_documented(
    status: str, said: str, conflicts: bool, refuses_the_same: bool
) -> None:
    """A 409 tells that conflicts are refused, and its words whether doing the same again is one."""
    told = _told({}, {status: {"description": said}})
    assert (told.conflicts, told.refuses_the_same) == (conflicts, refuses_the_same)
