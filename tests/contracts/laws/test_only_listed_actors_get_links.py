"""The law that links go to the actors that are listed, and to all of them where none is."""

from typing import Any

from tests.contracts.histories import Line, judged, problems
from tests.contracts.laws.links import SEEDS
from tests.contracts.provoking import api_at

LAW = "only_listed_actors_get_links"
NAMIRIAL = api_at(SEEDS / "namirial.yaml")
OTHERS = "Links go to other actors than are listed."
STRANGER = "A link goes to who is no actor of it."
SOME = "Links for everybody go to some only."
BOTH = ("customer", "second")


def links(asked: list[str] | None, *actors: str, request: str = "r1", status: int = 200) -> Line:
    """Links are asked for some actors, or for everybody, and go to these."""
    sent: dict[str, Any] = {} if asked is None else {"onlyForActors": asked}
    answer = {"links": [{"actor": actor, "link": f"https://x/{actor}"} for actor in actors]}
    return Line(f"POST /request/{request}/links", status, answer, sent=sent)


def found(*lines: Line) -> list[str]:
    """What is wrong, in order."""
    return problems(judged(LAW, NAMIRIAL, *lines))


def test_who_is_listed_gets_one() -> None:
    """And so does everybody, where nobody is, in any order."""
    lines = (links([], *BOTH), links(["second"], "second"), links(None, *reversed(BOTH)))
    assert found(*lines) == ["", "", ""]
    assert found(links(["second", "second"], "second")) == [""]


def test_others_than_those_listed_break_it() -> None:
    """One more, one less, or one twice."""
    assert found(links(["second"], *BOTH)) == [OTHERS]
    assert found(links([*BOTH], "second")) == [OTHERS]
    assert found(links(["second"], "second", "second")) == ["An actor gets more than one link."]


def test_a_stranger_breaks_it() -> None:
    """Who has no part in the request gets no link, whether everybody is asked before or after."""
    everyone, stranger = links([], *BOTH), links(["mallory"], "mallory")
    assert found(everyone, stranger) == ["", STRANGER]
    assert found(stranger, everyone) == [STRANGER, ""]


def test_some_only_break_it() -> None:
    """Everybody is everybody at any time."""
    assert found(links([], *BOTH), links(None, "customer")) == ["", SOME]


def test_a_refusal_or_another_request_proves_nothing() -> None:
    """Who takes part in one request need not take part in the next."""
    assert found(links([], *BOTH), links(["mallory"], status=400)) == [""]
    assert found(links([], *BOTH), links(["mallory"], "mallory", request="r2")) == ["", ""]
