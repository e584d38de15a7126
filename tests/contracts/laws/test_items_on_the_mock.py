"""The laws on what happens to items: the honest mock keeps them, and liars are caught by them."""

from functools import cache
from pathlib import Path
from random import Random

import pytest

from contracts.law import all_laws
from contracts.liar import Liar, all_liars
from contracts.samples import Samples
from contracts.stage import Impossible, Proven, Stage
from contracts.targets.app import in_process
from contracts.wander import wander
from openapi.synthesis import Unsatisfiable
from tests.contracts.histories import law_called
from tests.contracts.provoking import Provoked, api_at, mock, played, provoked

LIBRARY = Path(__file__).with_name("library.yaml")
LAWS = (
    "answers_fit_the_description",
    "clients_cannot_set_what_is_the_servers",
    "conflicts_are_refused",
    "created_can_be_read",
    "created_is_listed",
    "delete_is_idempotent",
    "deleted_is_gone",
    "deleted_is_not_listed",
    "ids_are_unique",
    "location_leads_to_what_was_created",
    "operations_act_on_what_their_path_names",
    "patch_touches_only_what_it_names",
    "put_is_idempotent",
    "put_replaces_the_whole",
    "reads_change_nothing",
    "refused_requests_change_nothing",
    "refused_requests_poison_no_record",
    "requests_never_crash",
    "unknown_ids_are_not_found",
    "values_come_back_as_sent",
)
LIARS = [one for one in all_liars() if one.law in LAWS and one.applies(api_at(LIBRARY))]


@cache
def _on_the_honest(name: str) -> Provoked:
    return provoked(law_called(name), api_at(LIBRARY), mock(LIBRARY))


@pytest.mark.parametrize("name", LAWS)
def test_the_honest_mock_keeps_it(name: str) -> None:
    """It is put to the test, and no law at all is broken by what is played for it."""
    found = _on_the_honest(name)
    assert found.kept
    assert found.judged(all_laws()) == {}


@pytest.mark.parametrize("name", LAWS)
def test_walks_are_short(name: str) -> None:
    """Set-ups are shared, and many odd values are cut into several walks."""
    longest = max(len(history.exchanges) for history in _on_the_honest(name).histories)
    assert longest <= 32


@pytest.mark.parametrize("liar", LIARS, ids=lambda liar: liar.name)
def test_a_liar_is_caught_by_its_own_law(liar: Liar) -> None:
    """At the first or second walk of each subject."""
    api = api_at(LIBRARY)
    wrapped = liar.wrap(mock(LIBRARY), api)
    found = provoked(law_called(liar.law), api, wrapped, until_broken=True)
    assert found.problems


def test_each_law_has_two_liars() -> None:
    """The second was written from the law's name alone."""
    for name in LAWS:
        assert sum(liar.law == name for liar in LIARS) >= 2, name


def test_walks_by_chance_break_nothing() -> None:
    """Laws hold their tongue where a history proves nothing."""
    api = api_at(LIBRARY)
    target = in_process(mock(LIBRARY))
    found = Provoked()
    for number in range(60):
        stage = Stage(api, Samples(api), Proven(), Random(number))
        try:
            wander(stage)
        except (Impossible, Unsatisfiable):
            continue
        found.histories.append(played(api, target, stage, ""))
    target.close()
    assert len(found.histories) > 30
    assert found.judged(all_laws()) == {}
