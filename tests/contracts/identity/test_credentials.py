"""Credentials stand in a request where the description's schemes put them, and nowhere else."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given as given_by
from hypothesis import strategies as st

from contracts.api import Api
from contracts.exchange import Request
from contracts.identity.credentials import (
    Part,
    asked_of,
    from_environment,
    given,
    part_of,
    parts_for,
    places,
    protects,
    variable,
    variables,
    with_parts,
    without,
)

URL = "http://host/path?a=1"
SCHEMES: Mapping[str, Mapping[str, Any]] = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "api key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
    "bearer": {"type": "http", "scheme": "Bearer"},
    "basic": {"type": "http", "scheme": "basic"},
    "oauth": {"type": "oauth2", "flows": {}},
    "digest": {"type": "http", "scheme": "digest"},
    "tls": {"type": "mutualTLS"},
}


@pytest.mark.parametrize(
    ("scheme", "url", "headers"),
    [
        ("key", URL, (("X-Key", "a:b"),)),
        ("query", f"{URL}&api%20key=a%3Ab", ()),
        ("cookie", URL, (("Cookie", "sid=a:b"),)),
        ("bearer", URL, (("Authorization", "Bearer a:b"),)),
        ("oauth", URL, (("Authorization", "Bearer a:b"),)),
        ("basic", URL, (("Authorization", "Basic YTpi"),)),
    ],
)
def test_a_secret_goes_where_its_scheme_says(
    scheme: str, url: str, headers: tuple[tuple[str, str], ...]
) -> None:
    """Each kind of scheme has its place and its form."""
    part = part_of(SCHEMES[scheme], "a:b")
    assert part is not None
    assert with_parts(Request("GET", URL), (part,)) == Request("GET", url, headers)


def test_schemes_whose_secret_is_not_in_requests() -> None:
    """What answers a challenge, or belongs to the connection, cannot be added."""
    assert part_of(SCHEMES["digest"], "x") is None
    assert part_of(SCHEMES["tls"], "x") is None


@given_by(
    st.lists(
        st.builds(
            Part,
            st.sampled_from(["header", "query", "cookie"]),
            st.sampled_from("abc"),
            st.just("s"),
        ),
        unique_by=lambda part: (part.place, part.name),
    ),
    st.lists(st.tuples(st.sampled_from(["a", "B", "x"]), st.just("old"))),
    st.lists(st.sampled_from(["a", "b=1", "x=2&a=3"]), max_size=3),
)
def test_credentials_replace_what_stood_there(
    parts: list[Part], headers: list[tuple[str, str]], pairs: list[str]
) -> None:
    """Adding credentials twice is adding them once, and without them nothing of them is left."""
    request = Request("GET", f"http://h/{'?' * bool(pairs)}{'&'.join(pairs)}", tuple(headers))
    once = with_parts(request, tuple(parts))
    assert with_parts(once, tuple(parts)) == once
    bare = without(once, parts)
    assert bare == without(bare, parts)
    for part in parts:
        if part.place == "header":
            assert part.name not in {name.lower() for name, _ in bare.headers}
        if part.place == "query":
            assert f"{part.name}=s" not in bare.url
    kept = [
        pair
        for pair in headers
        if pair[0].lower() not in {p.name for p in parts if p.place == "header"}
    ]
    assert [pair for pair in bare.headers if pair[0] != "Cookie"] == kept


def test_other_cookies_stay() -> None:
    """A session's cookie stands beside what a request has of its own."""
    request = Request("GET", URL, (("Cookie", "theme=dark; sid=old"),))
    part = Part("cookie", "sid", "new")
    assert with_parts(request, (part,)).headers == (("Cookie", "theme=dark; sid=new"),)
    assert without(request, (part,)).headers == (("Cookie", "theme=dark"),)


def secured(security: Any) -> dict[str, Any]:
    """A description with one operation that asks for that."""
    operation = {"responses": {"200": {"description": "ok"}}, "security": security}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "components": {"securitySchemes": dict(SCHEMES)},
        "paths": {"/x": {"get": operation}},
    }


@pytest.mark.parametrize(
    ("security", "known", "names"),
    [
        ([{"key": []}], {"key": "k"}, ["X-Key"]),
        ([{"key": []}], {"bearer": "t"}, None),
        ([{"key": [], "bearer": []}], {"bearer": "t"}, None),
        ([{"key": [], "bearer": []}], {"bearer": "t", "key": "k"}, ["X-Key", "Authorization"]),
        ([{"key": []}, {"bearer": []}], {"bearer": "t"}, ["Authorization"]),
        ([{}, {"bearer": []}], {"bearer": "t"}, ["Authorization"]),
        ([{}, {"bearer": []}], {}, []),
        ([{"tls": []}], {"tls": "x"}, None),
        ([], {"bearer": "t"}, []),
    ],
)
def test_the_first_alternative_of_which_all_is_known(
    make_api: Callable[..., Api], security: Any, known: dict[str, str], names: list[str] | None
) -> None:
    """Requirements are an OR of ANDs: one alternative is met whole, or none is."""
    operation = make_api(secured(security)).by_key["GET /x"]
    parts = parts_for(operation, SCHEMES, known)
    assert (None if parts is None else [part.name for part in parts]) == names
    assert protects(operation) == (bool(security) and {} not in security)


def test_headers_of_a_user_are_told_apart() -> None:
    """What a scheme names, `Authorization` and cookies are credentials; others are not."""
    headers = [
        ("authorization", "Basic YTpi"),
        ("x-key", "k"),
        ("Cookie", "sid=1; theme=dark"),
        ("X-Tenant", "7"),
    ]
    parts, others = given(headers, SCHEMES)
    assert others == (("X-Tenant", "7"),)
    assert parts == (
        Part("header", "authorization", "a:b", "Basic"),
        Part("header", "x-key", "k"),
        Part("cookie", "sid", "1"),
        Part("cookie", "theme", "dark"),
    )
    sent = with_parts(Request("GET", URL), parts).headers
    assert sent == (*headers[:2], headers[2])


@pytest.mark.parametrize("value", ["token", "Bearer a b", "Basic !!!", "Basic YTpi", "Token x"])
def test_a_header_of_any_form_is_sent_as_it_is(value: str) -> None:
    """Whatever a user gives, the server gets it."""
    parts, _ = given([("Authorization", value)], {})
    sent = with_parts(Request("GET", URL), parts).headers
    assert sent == (("Authorization", value),)


def test_nothing_of_any_scheme_is_left_for_nobody() -> None:
    """The places of all schemes, and `Authorization` in any case, are known."""
    headers = (("X-KEY", "k"), ("authorization", "x"), ("Cookie", "sid=1"), ("X-Other", "y"))
    bare = without(Request("GET", f"{URL}&api+key=1", headers), places(SCHEMES))
    assert bare == Request("GET", URL, (("X-Other", "y"),))


@pytest.mark.parametrize(
    ("scheme", "name"),
    [
        ("bearerAuth", "UNDERSTUDY_BEARER_AUTH"),
        ("api_key", "UNDERSTUDY_API_KEY"),
        ("ApiKeyAuth", "UNDERSTUDY_API_KEY_AUTH"),
        ("OAuth2", "UNDERSTUDY_O_AUTH_2"),
        ("JWT", "UNDERSTUDY_JWT"),
        ("HTTPBearer", "UNDERSTUDY_HTTP_BEARER"),
        ("petstore.auth-x", "UNDERSTUDY_PETSTORE_AUTH_X"),
    ],
)
def test_a_scheme_has_a_variable(scheme: str, name: str) -> None:
    """Its name in upper snake."""
    assert variable(scheme) == name


def test_the_environment_holds_the_secrets_of_both(make_api: Callable[..., Api]) -> None:
    """The second identity's variables end in `_2`; schemes without a secret have none."""
    environment = {"UNDERSTUDY_BASIC": "a:b", "UNDERSTUDY_KEY_2": "k", "UNDERSTUDY_BEARER": ""}
    assert from_environment(SCHEMES, environment) == {"basic": "a:b"}
    assert from_environment(SCHEMES, environment, "_2") == {"key": "k"}
    one_word = {"UNDERSTUDY_PETSTOREAUTH": "p", "UNDERSTUDY_OAUTH2": "o"}
    named = {"petstore_auth": SCHEMES["key"], "OAuth2": SCHEMES["bearer"]}
    assert from_environment(named, one_word) == {"petstore_auth": "p", "OAuth2": "o"}
    told = variables(make_api(secured([])).description)
    assert told["UNDERSTUDY_BASIC"] == "user:password"
    assert told["UNDERSTUDY_KEY"] == "a key"
    assert told["UNDERSTUDY_BEARER"] == "a token"
    assert "UNDERSTUDY_TLS" not in told


@pytest.mark.parametrize(
    ("security", "asked"),
    [
        ([{"key": []}], ["X-Key"]),
        ([{"key": []}, {"bearer": []}], ["X-Key"]),
        ([{"key": []}, {"key": [], "bearer": []}], ["X-Key", "Authorization"]),
        ([{"query": []}], ["X-Key", "Authorization"]),
    ],
)
def test_what_an_operation_asks_for(
    make_api: Callable[..., Api], security: Any, asked: list[str]
) -> None:
    """Of what is there, it is one alternative; all where nobody knows which."""
    parts = (Part("header", "X-Key", "k"), Part("header", "Authorization", "t", "Bearer"))
    operation = make_api(secured(security)).by_key["GET /x"]
    assert [one.name for one in asked_of(operation, SCHEMES, parts)] == asked
