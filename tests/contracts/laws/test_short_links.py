"""Links that another operation opens by a code in its path, as link shorteners have them."""

from pathlib import Path
from typing import Any

import pytest

from contracts.handouts import handouts
from contracts.liar import all_liars
from contracts.steps import Ref
from mock_server.app import Settings, create_app
from tests.contracts.histories import Line, judged, law_called, problems
from tests.contracts.laws.links import after
from tests.contracts.provoking import api_at, provoked

SOURCE = Path(__file__).parent / "short_links.yaml"
SHORT = api_at(SOURCE)
LAWS = (
    "earlier_links_stay_usable",
    "expired_links_do_nothing",
    "lifetimes_default_to_900_seconds",
    "links_cannot_be_guessed",
    "links_work_until_they_expire",
    "opening_leads_where_the_link_says",
)
TARGET = "https://example.com/a?b=c"


def made(number: int = 1, code: str = "9fK2mQ7xTb3L", ttl: int = 60) -> Line:
    """A link is made."""
    return Line(
        "POST /links", 201, _link(number, code, ttl), sent={"targetUrl": TARGET}, now=after(0)
    )


def read(ends: float = 60) -> Line:
    """The first link is read."""
    return Line("GET /links/1", 200, _link(1, "9fK2mQ7xTb3L", 60, ends))


def _link(number: int, code: str, ttl: int, ends: float | None = None) -> dict[str, Any]:
    told = after(ttl if ends is None else ends).isoformat()
    return {"id": number, "shortCode": code, "targetUrl": TARGET, "ttl": ttl, "expiresAt": told}


def test_the_code_is_what_is_handed_out() -> None:
    """It is not the id, and its lifetime is the property that is called like one."""
    [handout] = handouts(SHORT)
    assert handout.expression == "$response.body#/shortCode"
    assert (handout.expiry.after, handout.expiry.at) == ("ttl", "expiresAt")
    assert handout.lasting(0) == {"ttl": 1}
    assert handout.lasting(100_000) == {"ttl": 86_400}


@pytest.mark.parametrize("law", LAWS)
def test_the_honest_mock_keeps_it(law: str) -> None:
    """Each law about links has its chance there."""
    found = provoked(law_called(law), SHORT, create_app(Settings(apis=[str(SOURCE)])))
    assert found.kept
    assert found.problems == []


@pytest.mark.parametrize(
    "liar",
    [one for one in all_liars() if one.law in LAWS and one.applies(SHORT)],
    ids=lambda liar: liar.name,
)
def test_a_liar_is_caught(liar: Any) -> None:
    """The liars about links lie about these, too."""
    app = liar.wrap(create_app(Settings(apis=[str(SOURCE)])), SHORT)
    assert provoked(law_called(liar.law), SHORT, app, until_broken=True).problems


def test_opening_changes_no_end() -> None:
    """A link that lives longer each time it is opened never ends."""
    opened = Line(
        "GET /9fK2mQ7xTb3L",
        302,
        headers={"location": TARGET},
        path={"code": Ref(0, "$response.body#/shortCode")},
        now=after(10),
    )
    law = "opening_leads_where_the_link_says"
    assert problems(judged(law, SHORT, made(), read(), opened, read())) == ["", ""]
    told = ["", "Opening a link changes when it expires."]
    assert problems(judged(law, SHORT, made(), read(), opened, read(70))) == told


def test_codes_may_be_short_but_not_counted() -> None:
    """How long a code is the description says."""
    counted = [made(number, f"0000000010{number:02}") for number in range(5)]
    told = ["Links are counted up: one tells the next."]
    assert problems(judged("links_cannot_be_guessed", SHORT, *counted)) == told
    drawn = [made(number, code) for number, code in enumerate(("x1Q", "Zp9", "k0T", "4bV"))]
    assert problems(judged("links_cannot_be_guessed", SHORT, *drawn)) == [""]


def test_a_link_without_a_lifetime() -> None:
    """It is told the default of the description."""
    law = "lifetimes_default_to_900_seconds"
    assert problems(judged(law, SHORT, made(ttl=600))) == [""]
    told = ["A link without a lifetime is told another."]
    assert problems(judged(law, SHORT, made(ttl=900))) == told
