"""No secret appears in what a report shows, and everything else stays as it was."""

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from contracts.exchange import Request, Response
from contracts.identity.naming import holds_a_secret
from contracts.redactor import REDACTED, Redactor
from openapi.description import read
from openapi.loading import BUILT_IN
from tests.contracts.histories import api_of

INFO = {"title": "Calls", "version": "1"}
JSON = (("Content-Type", "application/json"),)
SECRETS = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]), min_size=6).filter(
    lambda text: any(sign.isalnum() for sign in text) and text == text.strip()
)


def redactor(*secrets: str) -> Redactor:
    """A redactor that knows these secrets."""
    made = Redactor()
    for secret in secrets:
        made.learn(secret)
    return made


def requests_with(text: str) -> list[Request]:
    """Requests that hold a text in each place that they have."""
    written = json.dumps({"note": f"- {text} -", "deep": [{text: text}]}).encode()
    form = f"name={quote(text, safe='')}".encode()
    return [
        Request("PUT", f"http://h/path/to/{quote(text, safe='')}", JSON, written),
        Request("PUT", "http://h/?x=1", (("X-Any", f"({text})"),), f"- {text} -".encode()),
        Request("PUT", "http://h/", (("Content-Type", "application/x-www-form-urlencoded"),), form),
    ]


@given(SECRETS, SECRETS)
@example("SECRET1", "000000")
def test_a_known_secret_is_nowhere(secret: str, other: str) -> None:
    """A secret is taken out of URL, headers, and JSON, form and text bodies, however written."""
    made = redactor(secret, other)
    # Words such as `secret` are taken for none, and what stands there anyway may stay.
    assume(made.text(secret) == REDACTED)
    assume(not any(secret in one for request in requests_with(REDACTED) for one in _shown(request)))
    for request in requests_with(secret):
        shown = _shown(made.request(request))
        for form in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1]):
            assert not [one for one in shown if form in one]


def _shown(request: Request) -> list[str]:
    body = request.body.decode()
    values = _texts(json.loads(body)) if body.startswith("{") else []
    return [request.url, *(value for _, value in request.headers), body, *values]


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [one for pair in value.items() for part in pair for one in _texts(part)]
    if isinstance(value, list):
        return [one for part in value for one in _texts(part)]
    return [value]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abcdef"), inner),
    )
)
def test_what_holds_no_secret_stays(value: Any) -> None:
    """A value without secrets is the same value, and its body the same bytes."""
    made = redactor("a-secret-that-is-nowhere-in-it")
    assume("eyJ" not in json.dumps(value) and "?" not in str(value) and "://" not in str(value))
    assume("&" not in str(value))
    assert made.value(value) == value
    body = json.dumps(value, indent=3).encode()
    assert made.body("application/json", body) == body


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("Authorization", "Bearer abc", f"Bearer {REDACTED}"),
        ("authorization", "abc", REDACTED),
        ("Authorization", "two words", REDACTED),
        ("Proxy-Authorization", "Basic YTpi", f"Basic {REDACTED}"),
        ("Cookie", "sid=1; theme=dark", f"sid={REDACTED}; theme={REDACTED}"),
        ("Set-Cookie", "sid=1; Path=/; HttpOnly", f"sid={REDACTED}; Path=/; HttpOnly"),
        ("X-Api-Key", "1", REDACTED),
        ("X-CSRF-Token", "1", REDACTED),
        ("Location", "/reset?token=1&page=2", f"/reset?token={REDACTED}&page=2"),
        ("Link", '<http://h/?token=1>; rel="next"', f'<http://h/?token={REDACTED}>; rel="next"'),
        ("Idempotency-Key", "1", "1"),
        ("ETag", '"1"', '"1"'),
        ("X-Note", "sent with Bearer abcd1234", f"sent with Bearer {REDACTED}"),
        ("X-Note", "Basic authentication failed", "Basic authentication failed"),
    ],
)
def test_headers_that_hold_secrets(name: str, value: str, told: str) -> None:
    """A header is told by its name, with as much of it as is no secret."""
    assert Redactor().headers(((name, value),)) == ((name, told),)


def test_properties_that_hold_secrets() -> None:
    """A property is told by its name, at any depth; counts, types and ends of tokens are none."""
    body = {
        "user": {"name": "ann", "password": "x", "pin": 1234, "token_type": "bearer"},
        "tokens": ["a", "b", ""],
        "apiKey": "k",
        "client_secret": None,
        "expires_in": 900,
        "token": {"value": "v", "refresh_token": "r"},
        "max_tokens": 7,
        "next_page_token": "p",
        "shipping": "fast",
        "password_set": True,
        "key": "k",
    }
    assert Redactor().value(body) == {
        **body,
        "user": {"name": "ann", "password": REDACTED, "pin": REDACTED, "token_type": "bearer"},
        "tokens": [REDACTED, REDACTED, ""],
        "apiKey": REDACTED,
        "token": {"value": "v", "refresh_token": REDACTED},
    }


def test_secrets_by_their_form() -> None:
    """What looks like a token or a password in a URL is taken out of any text."""
    text = "curl http://ann:pw@h/x?a=1&api_key=k#f -d eyJhbGciOiJub25lIn0.eyJzdWIiOiI3In0."
    assert Redactor().text(text) == (
        f"curl http://ann:{REDACTED}@h/x?a=1&api_key={REDACTED}#f -d {REDACTED}"
    )


def test_a_name_with_its_password() -> None:
    """Of basic credentials both the password and the encoded pair are secret."""
    made = redactor("ann:long-password")
    encoded = base64.b64encode(b"ann:long-password").decode()
    assert made.text(f"ann long-password {encoded}") == f"ann {REDACTED} {REDACTED}"


@pytest.mark.parametrize("secret", ["", "abc", "string", "password", "null", "access_token"])
def test_words_that_mean_something_else_stay(secret: str) -> None:
    """A credential that is a usual word is found by its place only."""
    made = redactor(secret, f"password:{secret}")
    assert made.text(f"the {secret} of /me") == f"the {secret} of /me"


def test_a_short_secret_is_a_word_of_its_own() -> None:
    """Short secrets are not cut out of longer words, long ones are."""
    made = redactor("hunter2", "a-very-long-secret")
    assert made.text("hunter2,hunter22,'hunter2'") == f"{REDACTED},hunter22,'{REDACTED}'"
    assert made.text("xa-very-long-secrety") == f"x{REDACTED}y"


def test_what_an_answer_hands_out_is_secret_from_then_on() -> None:
    """A token in an answer is not told where it stands in a path later."""
    made = Redactor()
    token = "0123456789abcdefgh"
    answer = Response(200, JSON, json.dumps({"links": [{"token": token, "id": "x" * 20}]}).encode())
    made.watch(answer)
    assert made.text(f"http://h/res/{token}/{'x' * 20}") == f"http://h/res/{REDACTED}/{'x' * 20}"
    assert token not in made.response(answer).body.decode()


def test_a_description_names_secrets() -> None:
    """Keys of its schemes, and what has the format `password`, are secret by their names."""
    made = Redactor(read(BUILT_IN / "namirial.yaml"))
    assert made.headers((("x-api-key", "1"),)) == (("x-api-key", REDACTED),)
    described = read(BUILT_IN / "didomi.yaml")
    described.document["components"]["schemas"]["Made"] = {
        "properties": {"Phrase": {"type": "string", "format": "password"}},
        "parameters": [{"name": "entry", "in": "query", "schema": {"format": "password"}}],
    }
    made = Redactor(described)
    assert made.value({"phrase": "x", "note": "y"}) == {"phrase": REDACTED, "note": "y"}
    assert made.text("/x?entry=1&note=2") == f"/x?entry={REDACTED}&note=2"


def test_an_id_that_is_called_sid_is_no_session() -> None:
    """Where paths of the description name it; a token in a path stays secret."""
    calls = {"/calls/{Sid}/{token}": {"get": {"responses": {"200": {"description": "A call"}}}}}
    made = Redactor(api_of({"openapi": "3.1.0", "info": INFO, "paths": calls}).description)
    assert made.value({"sid": "CA1", "token": "t"}) == {"sid": "CA1", "token": REDACTED}
    assert redactor().value({"sid": "CA1"}) == {"sid": REDACTED}


@given(st.binary())
def test_any_body_can_be_told(body: bytes) -> None:
    """Bytes of any kind come through as they were where they hold no secret."""
    made = redactor("a-secret-that-is-nowhere-in-it")
    assume(not any(sign in body for sign in b"&?:="))
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded", ""):
        assert made.body(kind, body) == body


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        *((name, True) for name in ("password", "newPassword", "user_password_2", "userpassword")),
        *((name, True) for name in ("api_key", "X-API-Key", "accessKey", "JWT", "authToken")),
        *((name, True) for name in ("credentials", "session_id", "auth", "cvv", "otp")),
        *((name, False) for name in ("shipping", "author", "opinion", "spin", "keyboard", "id")),
        *((name, False) for name in ("token_type", "tokenExpiresAt", "password_hint", "", "key")),
        *((name, False) for name in ("nextToken", "page_token", "sessions")),
    ],
)
def test_names_of_secrets(name: str, *, secret: bool) -> None:
    """Names tell by their words, not by letters that stand in others, too."""
    assert holds_a_secret(name) == secret
