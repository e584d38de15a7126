"""Documents that somebody meddled with load or are refused, and never bring the server down."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openapi.loading import UnusableDescription, built_in_names, load
from tests.openapi.fuzzed import Fuzzed, documents, fuzzed, judged

SMALL = ("2.0", "3.0", "3.1")
_QUICK = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_DEEP = settings(_QUICK, max_examples=3000)


@pytest.mark.parametrize("name", sorted(documents()))
def test_the_documents_are_served_as_they_are(tmp_path: Path, name: str) -> None:
    """Without a change, each document is served: what is refused later is so for its change."""
    assert judged(tmp_path / "own.json", documents()[name]) == "served"


@given(meddled=fuzzed(SMALL))
@_QUICK
def test_meddled_documents_are_served_or_refused(tmp_path: Path, meddled: Fuzzed) -> None:
    """A document with a few changes loads or is refused, and no operation fails by our fault."""
    outcome = judged(tmp_path / "own.json", meddled.document)
    assert outcome == "served" or outcome.startswith("refused: ")


@pytest.mark.nightly
@given(meddled=fuzzed(SMALL) | fuzzed(tuple(built_in_names())))
@_DEEP
def test_many_meddled_documents_are_served_or_refused(tmp_path: Path, meddled: Fuzzed) -> None:
    """The same of thousands of documents, with those that ship among them."""
    outcome = judged(tmp_path / "own.json", meddled.document)
    assert outcome == "served" or outcome.startswith("refused: ")


@given(garbage=st.binary(max_size=60) | st.text("{}[]:,-&*!|>'\"#%@`\n\t a1$").map(str.encode))
@settings(_QUICK, max_examples=200)
def test_garbage_is_read_or_refused(tmp_path: Path, garbage: bytes) -> None:
    """Any bytes at all are read or refused, whatever the parser thinks of them."""
    file = tmp_path / "own.yaml"
    file.write_bytes(garbage)
    with suppress(UnusableDescription):
        load(file)
