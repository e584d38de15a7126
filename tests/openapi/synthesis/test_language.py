"""Texts by regular expressions, judged by Python's own."""

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openapi.synthesis.failure import Failed
from openapi.synthesis.language import Language
from openapi.synthesis.pattern import PatternError, parsed

PATTERNS = [
    *("", "^$", "abc", "^abc$", "a|b", "^(a|bc)d?$", "[a-c]+x*", "^[^a-z]{3}$", r"^\d+\.\d{2}$"),
    *(r"^\w+@\w+\.(com|org)$", r"\s", r"^\S{5}$", "^(?:ab){2,3}$", "^(?=.*z)[a-z]{4}$"),
    *("^(?!a)[ab]{2}$", "(^a|b$)", "^a.c$", r"^[\w.-]+$", r"^\x41\u0042\t?$", "^[a\\]]$"),
    *(r"^(\d)-[x-z]$", "^a{2}b{2,}c{1,2}$", r"^\[\]\{\}$", "^[+-]?[0-9]{1,5}$", "^.{10,}$"),
    *(r"^(?<year>\d{4})-(?<month>0[1-9]|1[0-2])$", "^x*?y+?$", r"^[\d\-a]+$", "^-{2}$", r"^\/a\/$"),
]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("tight", [True, False])
def test_text_matches_its_pattern(pattern: str, *, tight: bool) -> None:
    """Whatever is made by a pattern is found by it."""
    language = Language([pattern], [], 0, tight=tight)
    python = re.compile(pattern.replace("(?<", "(?P<"), re.ASCII)
    for seed in range(15):
        try:
            assert python.search(language.text(Random(seed)))
        except Failed:
            assert tight


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "b$", "^[a-c]", "[bc]{2}", "(ab)+", "^(?=.*c)"]), max_size=3),
    st.sampled_from(["aa", "^b", "c$", "cb"]),
    st.integers(0, 9),
    st.integers(0, 99),
)
def test_text_matches_all_patterns_and_not_others(
    patterns: list[str], without: str, length: int, seed: int
) -> None:
    """Patterns, what must not match, and a length hold together."""
    text = Language(patterns, [without], length, tight=False).text(Random(seed), length + 12)
    assert all(re.search(pattern, text) for pattern in patterns)
    assert not re.search(without, text)
    assert length <= len(text) <= length + 12


@pytest.mark.parametrize(
    ("patterns", "without", "shortest", "longest"),
    [
        (["^a$", "^b$"], [], 0, None),
        (["^a+$"], ["a"], 0, None),
        (["^a{3}$"], [], 4, None),
        (["^a{3}$"], [], 0, 2),
        (["a^"], [], 0, None),
    ],
)
def test_nothing_matches(
    patterns: list[str], without: list[str], shortest: int, longest: int | None
) -> None:
    """Where no text can match, that is found out."""
    with pytest.raises(Failed):
        Language(patterns, without, shortest, tight=False).text(Random(1), longest)


@pytest.mark.parametrize("pattern", ["(", "a)", "[a", "\\", "(?<a", "x(?=", r"\u00"])
def test_broken_pattern_is_refused(pattern: str) -> None:
    """A pattern that is none is told as such."""
    with pytest.raises(PatternError):
        parsed(pattern)


def test_long_text_is_no_trouble() -> None:
    """A thousand characters are made as easily as ten."""
    assert len(Language(["^[a-z ]*$"], [], 1_000, tight=True).text(Random(1), 1_100)) >= 1_000


@pytest.mark.parametrize(
    ("pattern", "length"), [("^[a-z]{5000}$", 5_000), ("^(ab|cd){3000}$", 6_000)]
)
def test_a_pattern_may_ask_for_a_long_text(pattern: str, length: int) -> None:
    """The only end may be thousands of characters away."""
    assert len(Language([pattern], [], 0, tight=True).text(Random(1))) == length
