"""Requests that a server should accept, with what must be new each time."""

from typing import Any

import pytest

from contracts.samples import FULL, Recipe, Samples
from contracts.steps import Fresh
from tests.contracts.histories import api_of


def _name(**keywords: Any) -> Any:
    schema = {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string", **keywords}},
    }
    takes = {"required": True, "content": {"application/json": {"schema": schema}}}
    create = {"requestBody": takes, "responses": {"201": {"description": "Made"}}}
    info = {"title": "Pens", "version": "1"}
    api = api_of({"openapi": "3.1.0", "info": info, "paths": {"/pens": {"post": create}}})
    return Samples(api).body(api.by_key["POST /pens"], Recipe(FULL))["name"]


@pytest.mark.parametrize("keywords", [{}, {"pattern": "^[^/%&><]+$"}, {"maxLength": 50}])
def test_names_are_new_each_time(keywords: dict[str, Any]) -> None:
    """Where the new part has room, and fits the pattern."""
    assert isinstance(_name(**keywords), Fresh)


@pytest.mark.parametrize("keywords", [{"pattern": "^[A-Z][a-z]+$"}, {"maxLength": 10}])
def test_other_names_stay_as_they_are(keywords: dict[str, Any]) -> None:
    """A text that the server would refuse is worse than one that it has already."""
    assert isinstance(_name(**keywords), str)
