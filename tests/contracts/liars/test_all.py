"""What is true of all liars together."""

from typing import Any

import pytest

from contracts.liar import Liar, all_liars
from openapi.loading import built_in_names
from tests.contracts.liars import test_built_in, test_items, test_lists, test_schemathesis
from tests.contracts.liars.scene import LIBRARY, asker, honest, named

UNTOUCHED: tuple[tuple[str, Any], ...] = (
    ("PUT /_understudy/clock", {"now": "2026-01-31T10:00:00Z"}),
    ("GET /openapi.json", None),
    ("GET /_understudy/state", None),
    ("GET /nowhere", None),
    ("OPTIONS /books", None),
    ("PATCH /books/1/2", None),
)
SHOWN = sorted(
    {
        *(case[0] for case in test_items.CASES),
        *(case[0] for case in test_lists.CASES),
        *(case[0] for case in test_built_in.CASES),
        *(f"schemathesis_{case[0]}" for case in test_schemathesis.CASES),
    }
)


def assert_same(liar: Liar, *asked: tuple[str, Any]) -> None:
    """The answers are those of the honest mock, to the last header."""
    app, api = honest(LIBRARY)
    one, other = asker(app), asker(liar.wrap(app, api))
    for line, sent in asked:
        honestly, lied = one(line, sent), other(line, sent)
        assert lied.content == honestly.content, line
        assert (lied.status_code, lied.headers) == (honestly.status_code, honestly.headers), line


@pytest.mark.parametrize("liar", all_liars(), ids=lambda liar: liar.name)
def test_controls_and_documents_are_left_alone(liar: Liar) -> None:
    """So are paths that the description does not know, and questions for what is allowed."""
    assert_same(liar, *UNTOUCHED)


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_else_is_touched(name: str) -> None:
    """Who creates one thing in plain words is answered as ever."""
    assert_same(named(name), ("POST /shelves", {"code": "a", "room": "b"}))


@pytest.mark.parametrize("api", built_in_names())
def test_at_least_25_apply_to_each_built_in_api(api: str) -> None:
    """A score of few liars says little."""
    assert sum(liar.applies(honest(api)[1]) for liar in all_liars()) >= 25
