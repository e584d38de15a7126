"""What names tell of a property."""

import pytest

from contracts.names import is_restless


@pytest.mark.parametrize(
    "name", ["updated_at", "estimated_run_time", "start_time_delta", "age", "lateness", "itemCount"]
)
def test_what_time_changes_is_restless(name: str) -> None:
    """A difference to now grows while nobody does anything."""
    assert is_restless(name)


@pytest.mark.parametrize(
    "name",
    ["title", "price", "start_time", "country", "discount", "accounts", "reviews", "estimateHours"],
)
def test_what_somebody_sets_is_not(name: str) -> None:
    """It changes when it is changed."""
    assert not is_restless(name)
