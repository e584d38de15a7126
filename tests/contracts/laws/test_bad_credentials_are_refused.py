"""The law that bad credentials are refused."""

from contracts.identity.forgery import FORGERIES
from contracts.steps import FORGED, NOBODY
from tests.contracts.histories import Line, history_of, law_called
from tests.contracts.laws.rooms import LETTERS

LAW = "bad_credentials_are_refused"
LETTER = {"id": 7, "subject": "a", "text": "b"}
GOOD = Line("GET /letters/7", 200, LETTER)


def _found(*lines: Line, variants: dict[int, str] | None = None) -> list[str]:
    """Problems, where some lines are forged in certain ways."""
    history = history_of(LETTERS, *lines)
    for index, way in (variants or {}).items():
        step = history.exchanges[index].step
        object.__setattr__(step, "variant", FORGERIES.index(way))
    return [one.problem for one in law_called(LAW).check(history)]


def test_refusals_keep_it() -> None:
    """Neither nobody nor a forger gets what the first identity gets."""
    nobody = Line("GET /letters/7", 401, {}, who=NOBODY)
    assert _found(GOOD, nobody, Line("GET /letters/7", 403, {}, who=FORGED)) == ["", ""]


def test_who_brings_none_is_let_in() -> None:
    """Whether the good request comes before or after it."""
    nobody = Line("GET /letters/7", 200, LETTER, who=NOBODY)
    assert _found(GOOD, nobody) == ["A request without credentials is carried out."]
    assert _found(nobody, GOOD) == ["A request without credentials is carried out."]


def test_nothing_is_proven_without_a_good_request() -> None:
    """Nor by another status than those that say no."""
    assert _found(Line("GET /letters/7", 200, LETTER, who=NOBODY)) == []
    assert _found(GOOD, Line("GET /letters/7", 404, {}, who=FORGED)) == []


def test_a_forgery_is_told_by_another_that_is_refused() -> None:
    """Who takes everything may play along, as a mock does."""
    accepted = Line("GET /letters/7", 200, LETTER, who=FORGED)
    refused = Line("GET /letters/7", 401, {}, who=FORGED)
    assert _found(GOOD, accepted) == []
    ways = {1: "altered", 2: "truncated"}
    assert _found(GOOD, accepted, refused, variants=ways) == [
        "Credentials that were altered are accepted.",
        "",
    ]
    ways = {1: "unsigned", 2: "altered"}
    assert "A token without a signature is accepted." in _found(
        GOOD, accepted, refused, variants=ways
    )
    assert _found(GOOD, accepted, refused, variants={1: "altered", 2: "empty"}) == [""]
