"""Laws on one item in many hands and forms: an honest mock keeps them, and liars are found."""

from pathlib import Path

import pytest

from contracts.liar import Liar, all_liars
from tests.contracts.laws.checking import faults, honest, tried

SHELF = str(Path(__file__).parent / "shelf.yaml")
LAWS = (
    "concurrent_writes_have_an_order",
    "representations_agree",
    "rules_between_fields_are_kept",
    "conditional_requests_hold",
)
WITHOUT_ETAGS = "conditional_requests_hold"
"""A mock makes no ETags of its own, so that nothing can depend on them."""


@pytest.mark.parametrize("law", LAWS)
def test_the_mock_keeps_it(law: str) -> None:
    """An honest mock is put to the test, and no finding comes of it."""
    app, api = honest(SHELF)
    outcome = tried(law, app, api)
    assert outcome.findings == []
    assert (outcome.tested.get(law, 0) > 0) == (law != WITHOUT_ETAGS)


@pytest.mark.parametrize(
    "liar", [one for one in all_liars() if one.law in LAWS], ids=lambda one: one.name
)
def test_liars_are_found(liar: Liar) -> None:
    """Each liar that can lie here is found by its own law, and once more when played again."""
    app, api = honest(SHELF)
    if not liar.applies(api):
        pytest.skip("It has nothing to lie about here.")
    assert faults(tried(liar.law, liar.wrap(app, api), api))
