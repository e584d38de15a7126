"""The law that bad credentials are refused."""

from pathlib import Path

import pytest

from contracts.liar import all_liars
from tests.contracts.histories import Line, api_of, judged, problems
from tests.contracts.laws.checking import DIARIES, faults, honest, tried

LAW = "bad_credentials_are_refused"
API = api_of(Path(DIARIES))
GOOD = Line("GET /diaries", 200, [])


def test_a_refusal_keeps_it_where_the_first_identity_is_served() -> None:
    """Only what is done for somebody can be refused to nobody."""
    refused = Line("GET /diaries", 401, who="nobody")
    assert problems(judged(LAW, API, GOOD, refused)) == [""]
    assert judged(LAW, API, refused) == []
    assert judged(LAW, API, GOOD, Line("GET /diaries/7", 401, who="forged")) == []


def test_what_is_done_for_nobody_breaks_it() -> None:
    """No credentials, forged ones and old ones are each a problem of their own."""
    for who, problem in (
        ("nobody", "It is done without credentials, which it needs."),
        ("forged", "Credentials that were altered are accepted."),
        ("outdated", "A token is accepted that has had its time."),
    ):
        assert problems(judged(LAW, API, GOOD, Line("GET /diaries", 200, [], who=who))) == [problem]


def test_where_nobody_is_asked_forgeries_tell_nothing_more() -> None:
    """One finding is enough for an operation that is open to all."""
    lines = [Line("GET /diaries", 200, [], who=who) for who in ("nobody", "forged")]
    assert len(judged(LAW, API, GOOD, *lines)) == 1


def test_what_proves_nothing() -> None:
    """Pages that ask to sign in, refusals for other reasons, and failures are no chance."""
    page = Line("GET /diaries", 200, b"<p>Who are you?", who="nobody", media_type="text/html")
    assert judged(LAW, API, GOOD, page) == []
    assert judged(LAW, API, GOOD, Line("GET /diaries", 404, who="nobody")) == []
    assert judged(LAW, API, GOOD, Line("GET /diaries", 500, who="forged")) == []


NOTES = str(Path(__file__).parents[3] / "benchmarks" / "bugs" / "notes.yaml")


@pytest.mark.parametrize("source", [DIARIES, NOTES, "nullplatform"])
def test_the_mock_keeps_it_and_liars_do_not(source: str) -> None:
    """An honest mock lets none pass that nobody has named; each of the liars is found."""
    app, api = honest(source)
    outcome = tried(LAW, app, api)
    assert outcome.tested[LAW] > 0
    assert outcome.findings == []
    for liar in all_liars():
        if liar.law == LAW:
            assert faults(tried(LAW, liar.wrap(app, api), api)), liar.name
