"""The laws on lists and their neighbours: the honest mock keeps them, liars are caught by them."""

from functools import cache
from pathlib import Path

import pytest

from contracts.law import all_laws
from contracts.liar import Liar, all_liars
from tests.contracts.histories import law_called
from tests.contracts.provoking import Provoked, api_at, mock, provoked

ROOMS = Path(__file__).with_name("rooms.yaml")
LAWS = (
    "concurrent_writes_have_an_order",
    "filters_filter",
    "lists_are_sorted_as_asked",
    "page_sizes_are_kept",
    "pages_do_not_overlap",
    "pages_lose_nothing",
    "representations_agree",
    "rules_between_fields_are_kept",
    "totals_agree_with_pages",
)
# The mock makes no ETags of its own, so that the law on them has nothing to say of it.
LIARS = [
    one
    for one in all_liars()
    if one.law in {*LAWS, "conditional_requests_hold"} and one.applies(api_at(ROOMS))
]


@cache
def _on_the_honest(name: str) -> Provoked:
    return provoked(law_called(name), api_at(ROOMS), mock(ROOMS))


@pytest.mark.parametrize("name", LAWS)
def test_the_honest_mock_keeps_it(name: str) -> None:
    """It is put to the test, and no law at all is broken by what is played for it."""
    found = _on_the_honest(name)
    assert found.kept
    assert found.judged(all_laws()) == {}


@pytest.mark.parametrize("name", LAWS)
def test_walks_are_short(name: str) -> None:
    """What needs many requests is cut into several walks."""
    assert max(len(history.exchanges) for history in _on_the_honest(name).histories) <= 18


@pytest.mark.parametrize("liar", LIARS, ids=lambda liar: liar.name)
def test_a_liar_is_caught_by_its_own_law(liar: Liar) -> None:
    """At the first or second walk of each subject."""
    api = api_at(ROOMS)
    wrapped = liar.wrap(mock(ROOMS), api)
    assert provoked(law_called(liar.law), api, wrapped, until_broken=True).problems


def test_most_of_these_liars_apply_here() -> None:
    """Each law has at least one that the description of the rooms gives its chance."""
    assert {liar.law for liar in LIARS} == {*LAWS, "conditional_requests_hold"}
