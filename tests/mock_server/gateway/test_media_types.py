"""Media types: which documented one fits what was sent or is accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.gateway.media_types import acceptable, essence, find

JSON, PROBLEM, HTML, TEXT = (
    "application/json",
    "application/problem+json",
    "text/html",
    "text/plain",
)


@pytest.mark.parametrize(
    ("accept", "offered", "chosen"),
    [
        (None, (JSON, HTML), JSON),
        ("", (JSON, HTML), JSON),
        ("  ", (HTML,), HTML),
        ("*/*", (HTML, JSON), HTML),
        ("*", (HTML, JSON), HTML),
        ("text/html", (JSON, HTML), HTML),
        ("TEXT/HTML", (JSON, HTML), HTML),
        ("text/*", (JSON, HTML), HTML),
        ("text/*", (TEXT, HTML), TEXT),
        ("text/html, application/json", (JSON, HTML), JSON),
        ("text/html;q=0.9, application/json;q=0.8", (JSON, HTML), HTML),
        ("text/html; q=0.9 , application/json ; q=1", (HTML, JSON), JSON),
        ("application/json;q=0.1, */*;q=0.5", (JSON, HTML), HTML),
        ("text/*;q=0.9, text/plain;q=0.1", (TEXT, HTML), HTML),
        ("*/*;q=0.1, text/*;q=0.2, text/html;q=0.3", (JSON, TEXT, HTML), HTML),
        ("application/json;q=0", (JSON,), None),
        ("application/json;q=0, */*", (JSON, HTML), HTML),
        ("application/json;q=0.000, */*", (JSON,), None),
        ("*/*;q=0", (JSON, HTML), None),
        ("image/png", (JSON, HTML), None),
        ("image/*", (JSON,), None),
        ("text/*", ("textual/plain",), None),
        ("application/json;q=many", (JSON,), None),
        ("application/json;q=nan", (JSON,), None),
        ("application/json;Q=0.5, text/html;q=0.7", (JSON, HTML), HTML),
        ("application/json;version=1", (JSON,), JSON),
        (",,text/html,,", (JSON, HTML), HTML),
        (";;;", (JSON,), None),
        ("application", (JSON,), None),
        ("app*/json", (JSON,), None),
        ("application/problem+json", (JSON, PROBLEM), PROBLEM),
        ("text/html", ("text/html; charset=utf-8",), "text/html; charset=utf-8"),
        ("*/*", (), None),
        (None, (), None),
    ],
)
def test_the_best_liked_offer_is_chosen(
    accept: str | None, offered: tuple[str, ...], chosen: str | None
) -> None:
    """The weight of the most exact range decides, then the order of the offers."""
    assert acceptable(accept, offered) == chosen


WEIGHTS = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)


@given(st.lists(WEIGHTS, min_size=3, max_size=3), st.permutations([JSON, HTML, TEXT]))
def test_the_highest_weight_wins(weights: list[float], offered: list[str]) -> None:
    """Of offers that are all named, the one with the highest weight is chosen; 0 is a no."""
    by_type = dict(zip((JSON, HTML, TEXT), weights, strict=True))
    accept = ",".join(f"{name};q={weight:.3f}" for name, weight in by_type.items())
    chosen = acceptable(accept, tuple(offered))
    if chosen is None:
        assert not any(weights)
    else:
        assert by_type[chosen] == max(weights) > 0


@given(st.text(max_size=40))
def test_any_header_is_understood(accept: str) -> None:
    """No text in the place of an `Accept` header makes the choice fail."""
    assert acceptable(accept, (JSON, HTML)) in {None, JSON, HTML}
    assert find(essence(accept), (JSON, "text/*")) in {None, JSON, "text/*"}


@pytest.mark.parametrize(
    ("sent", "documented", "found"),
    [
        ("application/json", (JSON,), JSON),
        ("Application/JSON; charset=utf-8", (JSON,), JSON),
        ("application/json", ("application/*", "*/*", JSON), JSON),
        ("application/json", ("*/*", "application/*"), "application/*"),
        ("application/json", (HTML, "*/*"), "*/*"),
        (
            "application/json",
            ("application/json; charset=utf-8",),
            "application/json; charset=utf-8",
        ),
        ("application/merge-patch+json", (JSON,), None),
        ("text/json", (JSON,), None),
        ("", (JSON,), None),
        ("json", (JSON,), None),
        ("application/jsonp", (JSON,), None),
    ],
)
def test_a_sent_type_is_found_by_the_most_exact_range(
    sent: str, documented: tuple[str, ...], found: str | None
) -> None:
    """A sent media type falls under the documented type, else `type/*`, else `*/*`."""
    assert find(essence(sent), documented) == found
