"""The law that links differ, and none can be guessed from the others."""

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from contracts.steps import NOBODY
from tests.contracts.laws.links import found, made

LAW = "links_cannot_be_guessed"
COUNTED = "Links are counted up: one tells the next."
SHORT = "What tells links apart is too short to be a secret."


@given(st.integers(min_value=4, max_value=8), st.integers(min_value=0))
def test_long_tokens_of_chance_keep_it(count: int, seed: int) -> None:
    """As many bits as a secret needs, in every link."""
    random = Random(seed)
    tokens = [f"{random.getrandbits(128):032x}" for _ in range(count)]
    assert found(LAW, *map(made, tokens)) == [""]


@given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=1, max_value=900))
def test_counting_breaks_it(start: int, step: int) -> None:
    """One link tells the next, however far the numbers lie apart, in whatever they stand in."""
    tokens = [f"part-of-all-{start + step * number:016x}-too" for number in range(5)]
    assert found(LAW, *map(made, tokens)) == [COUNTED]


def test_the_same_link_twice_breaks_it() -> None:
    """Whoever has one has the other."""
    tokens = [f"{Random(seed).getrandbits(128):032x}" for seed in (1, 2, 3, 1)]
    assert found(LAW, *map(made, tokens)) == ["Two links that were handed out are the same."]


def test_short_tokens_break_it() -> None:
    """They are of chance, and can be tried one after the other."""
    assert found(LAW, *map(made, ["x7Kq", "aP02", "Zr4t", "m9Wb"])) == [SHORT]


def test_few_links_prove_nothing() -> None:
    """Nor do links that were refused, or that anybody may have."""
    three = [made(f"n{number}") for number in range(3)]
    assert found(LAW, *three) == []
    assert found(LAW, *three, replace(made("n4"), status=400)) == []
    assert found(LAW, *three, replace(made("n4"), who=NOBODY)) == []
