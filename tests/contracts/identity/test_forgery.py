"""What is forged is never the credential itself, and a correct library refuses it."""

import base64
import json
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.identity.credentials import Part
from contracts.identity.forgery import FORGERIES, claims, forged

KEY = "a key of the tests that is long enough for the algorithm"
TOKEN = jwt.encode({"sub": "7", "role": "user", "exp": 2_000_000_000}, KEY, "HS256")


def secret_of(secret: str, way: str, prefix: str = "Bearer") -> str | None:
    """The secret, forged."""
    parts = forged((Part("header", "Authorization", secret, prefix),), FORGERIES.index(way))
    return parts[0].secret if parts is not None else None


def claims_of(token: str | None) -> dict[str, Any]:
    """What a token says, with its signature unread."""
    return dict(jwt.decode(str(token), options={"verify_signature": False}))


@given(
    st.dictionaries(
        st.sampled_from(["sub", "role", "roles", "exp", "email", "user_id", "x"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2),
    ),
    st.sampled_from(FORGERIES),
)
def test_no_forged_token_is_accepted(told: dict[str, Any], way: str) -> None:
    """Whatever a token says, a library that checks signatures refuses all that is made of it."""
    token = _signed(told)
    other = secret_of(token, way)
    if other is None:
        assert way in {"prolonged", "impersonating"}  # where there is nothing to change
        return
    assert other != token
    with pytest.raises(jwt.InvalidTokenError):
        jwt.decode(other, KEY, ["HS256"], options={"verify_exp": False, "verify_sub": False})


def _signed(told: dict[str, Any]) -> str:
    return jwt.api_jws.PyJWS().encode(json.dumps(told).encode(), KEY, "HS256")


def test_what_each_way_changes() -> None:
    """One thing at a time: signature, algorithm, expiry, role or person."""
    head, body, signature = TOKEN.split(".")
    altered = str(secret_of(TOKEN, "altered")).split(".")
    assert altered[:2] == [head, body]
    assert len(altered[2]) == len(signature)
    assert sum(a != b for a, b in zip(altered[2], signature, strict=True)) == 1
    unsigned = str(secret_of(TOKEN, "unsigned"))
    assert jwt.get_unverified_header(unsigned)["alg"] == "none"
    assert unsigned.split(".")[1:] == [body, ""]
    original = claims_of(TOKEN)
    assert claims_of(secret_of(TOKEN, "prolonged")) == {**original, "exp": 4_102_444_800}
    assert claims_of(secret_of(TOKEN, "promoted")) == {**original, "role": "admin"}
    assert claims_of(secret_of(TOKEN, "impersonating")) == {**original, "sub": "6"}
    for way in ("prolonged", "promoted", "impersonating"):
        assert str(secret_of(TOKEN, way)).endswith(signature)
    assert secret_of(TOKEN, "null") == "null"
    assert secret_of(TOKEN, "empty") == ""
    assert TOKEN.startswith(str(secret_of(TOKEN, "truncated")))


@given(st.text(min_size=1), st.sampled_from(FORGERIES))
def test_any_secret_can_be_forged(secret: str, way: str) -> None:
    """What is made of an opaque secret is another one; what needs a JWT is not possible."""
    other = secret_of(secret, way)
    assert other != secret
    if way in {"unsigned", "prolonged", "promoted", "impersonating"} and claims(secret) is None:
        assert other is None


@given(st.from_regex(r"[A-Za-z0-9_-]{2,40}", fullmatch=True))
def test_an_altered_secret_keeps_its_shape(secret: str) -> None:
    """A key differs in one character, of the same kind: a check of its form does not refuse it."""
    other = secret_of(secret, "altered", "")
    if not any(sign.isalnum() for sign in secret):
        return
    assert other is not None
    changed = [(a, b) for a, b in zip(secret, other, strict=True) if a != b]
    assert len(changed) == 1
    before, after = changed[0]
    assert (before.isdigit(), before.isupper()) == (after.isdigit(), after.isupper())


def test_basic_gets_a_wrong_password() -> None:
    """The person is the same, the password another; there is no other way."""
    other = secret_of("ann:secret:1", "altered", "Basic")
    assert str(other).startswith("ann:")
    assert other != "ann:secret:1"
    assert [secret_of("ann:x", way, "Basic") for way in FORGERIES[1:]] == [None] * 7


def test_only_the_token_is_forged() -> None:
    """The key of a program that stands beside a token stays what it is, before it or behind."""
    key, token = Part("header", "X-Key", "k"), Part("header", "Authorization", TOKEN, "Bearer")
    for parts in ((key, token), (token, key)):
        changed = forged(parts, 0)
        assert changed is not None
        assert key in changed
        assert token not in changed
        assert len(changed) == 2
    assert forged((), 0) is None


@given(st.text() | st.binary().map(lambda data: base64.urlsafe_b64encode(data).decode() * 3))
def test_any_text_may_be_asked_for_its_claims(text: str) -> None:
    """What is no token has no claims, and breaks nothing."""
    piece = base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")
    assert claims(text) is None
    assert claims(f"{piece}.{piece}.{piece}") is None or text
