"""Every liar is noticed by the law that it breaks, somewhere where it applies."""

from argparse import Namespace
from functools import cache
from pathlib import Path

import pytest

from contracts.api import Api
from contracts.law import all_laws
from contracts.liar import Liar, all_liars
from contracts.score import own_name
from mock_server.api import Serving
from mock_server.app import Settings, create_app
from mock_server.gateway.gateway import Asgi
from openapi.description import read
from openapi.loading import built_in_names, find
from understudy.scoring import tried

HERE = Path(__file__).parent
SOURCES = [
    *map(str, sorted((HERE / "laws").glob("*.yaml"))),
    *map(str, sorted((HERE / "liars").glob("*.yaml"))),
    str(HERE.parent / "examples/shop.yaml"),
    *built_in_names(),
]
"""Descriptions to let liars loose on, the smallest first."""
OPTIONS = Namespace(seed=1, max_time=30.0, max_examples=10)


@cache
def api_of(source: str) -> Api:
    """The API of a description, read once."""
    return Api(read(find(source)))


@cache
def mock_of(source: str) -> Asgi:
    """The honest mock of a description."""
    return create_app(Settings(apis=[source], serving=Serving(strict_state=True, seed=1)))


@pytest.mark.parametrize("liar", all_liars(), ids=lambda liar: liar.name)
def test_a_liar_is_noticed_by_its_own_law(liar: Liar) -> None:
    """The law or check that it is named for is found broken, with no other law to help."""
    own = [law for law in all_laws() if law.name == own_name(liar)]
    assert own or "schemathesis_" in liar.name
    where = [source for source in SOURCES if liar.applies(api_of(source))]
    assert where
    noticed: set[str] = set()
    for source in where:
        found = tried(OPTIONS, source, laws=own, walks=bool(own))(
            liar.wrap(mock_of(source), api_of(source)), api_of(source), own_name(liar)
        )
        noticed |= {finding.name for finding in found}
        if own_name(liar) in noticed:
            return
    pytest.fail(f"{liar.name} went unnoticed on {', '.join(where)}: {sorted(noticed)}")


@pytest.mark.parametrize("law", all_laws(), ids=lambda law: law.name)
def test_each_law_has_two_liars(law: object) -> None:
    """One by the author of the law, and one from its name alone."""
    name = getattr(law, "name", "")
    assert sum(liar.law == name for liar in all_liars()) >= 2
