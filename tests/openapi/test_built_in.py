"""What every description that ships has to keep."""

from typing import Any

import pytest
from openapi_spec_validator import validate

from openapi.loading import built_in_names
from tests.openapi.seed_rows import load, operations, x_source_gaps


@pytest.fixture(params=built_in_names())
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The description of each built-in API."""
    return load(request.param)


@pytest.mark.parametrize("name", [*built_in_names(), "control"])
def test_description_is_valid(name: str) -> None:
    """Each description is a valid OpenAPI 3.1 document, that of the controls too."""
    document = load(name)
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_everything_says_where_it_comes_from(document: dict[str, Any]) -> None:
    """Every operation, parameter and schema property carries `x-source`."""
    assert x_source_gaps(document) == []


def test_operations_introduce_themselves(document: dict[str, Any]) -> None:
    """Every operation has an operationId of its own, a summary, a description and tags."""
    found = dict(operations(document))
    assert len({operation["operationId"] for operation in found.values()}) == len(found)
    for operation in found.values():
        assert all(operation.get(key) for key in ("summary", "description", "tags"))
