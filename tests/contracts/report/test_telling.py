"""How reports put things into words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.exchange import Request
from contracts.report.telling import body_told, counted, cut, path_told, shown


@given(st.text())
def test_nothing_that_is_shown_can_act(text: str) -> None:
    """Control characters, halves of characters and turned directions are written out."""
    assert shown(text).isprintable()
    assert shown("plain 漢字 é") == "plain 漢字 é"
    assert shown("a\x1b[31m\u202eb\n") == "a\\x1b[31m\\u202eb\\n"


@given(st.text(), st.integers(0, 20))
def test_what_is_cut_says_how_much(text: str, most: int) -> None:
    """Nothing is left out without a word."""
    told = cut(text, most)
    assert told == text if len(text) <= most else told.endswith(f"… ({len(text) - most} more)")


def test_bodies_that_are_no_text_are_counted() -> None:
    """Bytes are not poured over a page."""
    assert body_told((), "é".encode()) == "é"
    assert body_told((("Content-Type", "image/png"),), b"\xff") == (
        "(1 byte that are no text, image/png)"
    )
    assert body_told((), b"") == ""


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://a/v1/orders?x=1", "/orders?x=1"),
        ("http://a/v1", "/v1"),
        ("http://a/v12", "/v12"),
        ("http://b/links/1", "/links/1"),
        ("http://[", "http://["),
        ("", "/"),
    ],
)
def test_paths_are_told_from_the_target_on(url: str, told: str) -> None:
    """What is the same for all requests is left out."""
    assert path_told(Request("GET", url), "http://a/v1") == told


def test_numbers_have_their_words() -> None:
    """One is no plural."""
    assert (counted(1, "law"), counted(2, "law")) == ("1 law", "2 laws")
