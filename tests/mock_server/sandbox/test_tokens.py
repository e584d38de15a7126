"""Signed tokens that a sandbox's clock judges."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mock_server.sandbox import tokens

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5)
CLAIMS = st.dictionaries(
    st.sampled_from(["sub", "aud", "nbf", "jti", "known", "é"]),
    SCALARS | st.lists(SCALARS, max_size=2),
)


@given(CLAIMS)
def test_any_claims_come_back(claims: dict[str, Any]) -> None:
    """Those that have a registered meaning too: the API decides what they mean."""
    read = tokens.read(KEY, NOW, tokens.issue(KEY, NOW, 60, claims))
    issued = NOW.timestamp()
    assert read == claims | {"iat": issued, "exp": issued + 60}


@pytest.mark.parametrize("now", [NOW, NOW.replace(year=1), NOW.replace(year=8999)])
@pytest.mark.parametrize("seconds", [0.001, 60, 315_360_000])
def test_a_token_ends_at_its_moment(now: datetime, seconds: float) -> None:
    """It is good until just before, and in every century, for the clock is the sandbox's."""
    token = tokens.issue(KEY, now, seconds, {})
    end = now + timedelta(seconds=seconds)
    assert tokens.read(KEY, now, token) is not None
    assert tokens.read(KEY, end - timedelta(microseconds=500), token) is not None
    assert tokens.read(KEY, end, token) is None
    assert tokens.read(KEY, end + timedelta(days=1), token) is None
    assert tokens.read(KEY, now, token) is not None


def test_a_token_of_another_key_is_none() -> None:
    """The key is the server's."""
    assert tokens.read(OTHER_KEY, NOW, tokens.issue(KEY, NOW, 60, {})) is None


@given(st.text(max_size=40) | st.from_regex(r"[\w-]+\.[\w-]+\.[\w-]*", fullmatch=True))
def test_what_is_no_token_is_none(text: str) -> None:
    """Whatever a client sends, it is no failure of the mock."""
    assert tokens.read(KEY, NOW, text) is None


@given(st.data())
def test_a_changed_token_is_none(data: st.DataObject) -> None:
    """The signature covers every character before it."""
    token = tokens.issue(KEY, NOW, 60, {"known": False})
    place = data.draw(st.integers(0, token.rindex(".") - 1))
    character = data.draw(st.sampled_from("aZ09-_."))
    assume(token[place] != character)
    assert tokens.read(KEY, NOW, token[:place] + character + token[place + 1 :]) is None


def test_an_unsigned_token_is_none() -> None:
    """The algorithm `none` of RFC 7518 section 3.6 is not accepted."""
    token = jwt.encode({"exp": NOW.timestamp() + 60}, key=None, algorithm="none")
    assert tokens.read(KEY, NOW, token) is None


def test_what_a_reader_changes_is_its_own() -> None:
    """Tokens are remembered once they were verified."""
    token = tokens.issue(KEY, NOW, 60, {"known": False})
    first = tokens.read(KEY, NOW, token)
    assert first is not None
    first["known"] = True
    second = tokens.read(KEY, NOW, token)
    assert second is not None
    assert second["known"] is False
