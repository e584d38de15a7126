"""The law that a slug is made of the name that it stands for."""

import string
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.histories import Line, judged, problems
from tests.contracts.laws.links import SEEDS
from tests.contracts.provoking import api_at

LAW = "slugs_follow_names"
NULLPLATFORM = api_at(SEEDS / "nullplatform.yaml")
OTHER = "A slug does not follow from its name."
WORDS = st.lists(st.text(string.ascii_letters + string.digits, min_size=1), min_size=1)


def found(name: str, shown: Any, **sent: Any) -> list[str]:
    """What is wrong with a new link that has that name and that slug."""
    answer = {"id": "l1", "name": name, "slug": shown}
    return problems(
        judged(LAW, NULLPLATFORM, Line("POST /link", 200, answer, sent={"name": name, **sent}))
    )


@given(WORDS, st.sampled_from([" ", " & ", "_", "--", "! "]))
def test_small_words_with_hyphens_keep_it(words: list[str], between: str) -> None:
    """Whatever signs the name has between them; a number may tell it from others."""
    slug = "-".join(words).lower()
    assert found(between.join(words), slug) == [""]
    assert found(between.join(words), f"{slug}-2") == [""]


def test_accents_are_left_out() -> None:
    """What has no place in a URL is written in plain letters."""
    assert found("Ünïcode & more", "unicode-more") == [""]


def test_any_other_slug_breaks_it() -> None:
    """Capitals, underscores, another name, or nothing at all."""
    for slug in ("MY-ITEM", "my_item", "myitem", "item", ""):
        assert found("My Item", slug) == [OTHER]


def test_a_slug_that_was_sent_proves_nothing() -> None:
    """Nor does a name without letters that a slug could have, nor an answer without a slug."""
    assert found("My Item", "chosen", slug="chosen") == []
    assert found("!!!", "link-1") == []
    assert found("My Item", None) == []
