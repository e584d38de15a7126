"""The honest mock of any description breaks no law."""

import os
from pathlib import Path

import pytest

from contracts.api import Api
from contracts.findings import Kind
from contracts.law import all_laws
from contracts.session import Plan
from mock_server.api import Serving
from mock_server.app import Settings, create_app
from openapi.description import read
from openapi.loading import built_in_names, find
from understudy.scoring import played

SPECS = Path(__file__).parents[1] / "specs"
MORE = os.environ.get("UNDERSTUDY_SPECS")
SOURCES = [
    *built_in_names(),
    *map(str, sorted(SPECS.glob("*.yaml"))),
    *(map(str, sorted(Path(MORE).iterdir())) if MORE else ()),
]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: Path(source).stem)
def test_an_honest_mock_breaks_no_law(source: str) -> None:
    """Walks of every law find no fault, and some laws are put to the test."""
    api = Api(read(find(source)))
    app = create_app(Settings(apis=[source], serving=Serving(strict_state=True, seed=1)))
    plan = Plan(api.description, source, all_laws(), "honest", seconds=15, phases=())
    outcome = played(app, api, plan)
    assert [one.problem for one in outcome.findings if one.kind is not Kind.GAP] == []
    assert outcome.tested


@pytest.mark.nightly
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: Path(source).stem)
def test_an_honest_mock_passes_a_whole_check(source: str) -> None:
    """Neither a law nor a check of Schemathesis finds a fault."""
    api = Api(read(find(source)))
    app = create_app(Settings(apis=[source], serving=Serving(strict_state=True, seed=1)))
    outcome = played(app, api, Plan(api.description, source, all_laws(), "honest", seconds=45))
    assert [one.problem for one in outcome.findings if one.kind is not Kind.GAP] == []
