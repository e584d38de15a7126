"""A description tells by which operations one signs in and registers, an answer what that gave."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from contracts.api import Api
from contracts.exchange import Request, Response
from contracts.identity.sign_in import Bodies, Session, login_of, register_of, session_in, token_in
from contracts.samples import USUAL
from openapi.description import read
from openapi.loading import BUILT_IN

MakeApi = Callable[..., Api]
TOKEN = {"type": "object", "properties": {"token": {"type": "string"}}}
PERSON = {
    "type": "object",
    "required": ["username", "password"],
    "properties": {"username": {"type": "string"}, "password": {"type": "string"}},
}


def post(body: Any = None, answer: Any = None, **more: Any) -> dict[str, Any]:
    """A POST operation; `answer` is the schema of its success."""
    response: dict[str, Any] = {"description": "ok"}
    if answer is not None:
        response["content"] = {"application/json": {"schema": answer}}
    made: dict[str, Any] = {"responses": {"200": response}, **more}
    if body is not None:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return {"post": made}


def described(schemes: Any = None, **paths: Any) -> dict[str, Any]:
    """A description of POST operations by path."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "components": {"securitySchemes": schemes or {"b": {"type": "http", "scheme": "bearer"}}},
        "paths": paths,
    }


def found(api: Api) -> tuple[str | None, str | None]:
    """The paths of what signs in and registers."""
    login = login_of(api.description)
    register = register_of(api.description, login)
    return (login.path if login else None), (register.path if register else None)


@pytest.mark.parametrize(
    ("paths", "login", "register"),
    [
        ({"/login": post(PERSON, TOKEN), "/users": post(PERSON)}, "/login", "/users"),
        ({"/users": post(PERSON, TOKEN), "/login": post(PERSON, TOKEN)}, "/login", "/users"),
        ({"/auth/register": post(PERSON, TOKEN), "/auth": post(PERSON)}, "/auth", "/auth/register"),
        ({"/sign-in": post(PERSON), "/sign-up": post(PERSON)}, "/sign-in", "/sign-up"),
        ({"/users/login": post(PERSON, TOKEN)}, "/users/login", None),
        ({"/signup": post(PERSON, TOKEN)}, None, "/signup"),
        ({"/signup": post(PERSON)}, None, None),
        ({"/x": post(PERSON, TOKEN, operationId="userLogin")}, "/x", None),
        ({"/x": post(PERSON, {"properties": {"data": TOKEN}})}, "/x", None),
        ({"/x": post(PERSON, {"properties": {"id": {"type": "string"}}})}, None, None),
        ({"/login": post(PERSON, {"properties": {"id": {"type": "string"}}})}, None, None),
        ({"/tokens": post({"properties": {"api_key": {}}}, TOKEN)}, "/tokens", None),
        ({"/hooks": post({"properties": {"secret": {}}}, TOKEN)}, None, None),
        ({"/login": post(PERSON, TOKEN, security=[{"b": []}])}, "/login", None),
        ({"/x": post(PERSON, TOKEN, security=[{"b": []}])}, None, None),
        ({"/password/reset": post(PERSON, TOKEN), "/logout": post(PERSON, TOKEN)}, None, None),
        ({"/login": post(PERSON), "/teams/{t}/users": post(PERSON)}, "/login", None),
        ({"/login": post(PERSON), "/users": post(PERSON, security=[{"b": []}])}, "/login", None),
        ({"/login": {"get": post(PERSON, TOKEN)["post"]}}, None, None),
    ],
)
def test_what_signs_in_and_what_registers(
    make_api: MakeApi, paths: Any, login: str | None, register: str | None
) -> None:
    """Bodies, answers, names and security together tell the operations apart."""
    assert found(make_api(described(**paths))) == (login, register)


def test_basic_and_cookies_count_as_well(make_api: MakeApi) -> None:
    """Who registers can use basic credentials; a session may be a cookie that nobody describes."""
    basic = {"b": {"type": "http", "scheme": "basic"}}
    assert found(make_api(described(basic, **{"/users": post(PERSON)}))) == (None, "/users")
    cookie = {"c": {"type": "apiKey", "in": "cookie", "name": "sid"}}
    answer = {"properties": {"ok": {"type": "boolean"}}}
    assert found(make_api(described(cookie, **{"/login": post(PERSON, answer)}))) == (
        "/login",
        None,
    )


@pytest.mark.parametrize(
    ("name", "path"), [("didomi", "/sessions"), ("nullplatform", "/token"), ("namirial", None)]
)
def test_the_built_in_descriptions(name: str, path: str | None) -> None:
    """The operations that give tokens are found, and nobody can register."""
    assert found(Api(read(BUILT_IN / f"{name}.yaml"))) == (path, None)


def answer(value: Any, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """An answer in JSON."""
    body = json.dumps(value).encode()
    return Response(200, (("Content-Type", "application/json"), *headers), body)


@pytest.mark.parametrize(
    ("value", "token"),
    [
        ({"access_token": "a", "refresh_token": "r", "token_type": "bearer"}, "a"),
        ({"accessToken": "a"}, "a"),
        ({"data": {"token": "a", "user": {"id": "7"}}}, "a"),
        ({"token": "outer", "data": {"token": "inner"}}, "outer"),
        ({"tokens": {"access": {"token": "a"}}}, "a"),
        ({"access": "a", "refresh": "r"}, "a"),
        ({"user": {"token": "a"}, "session": "s"}, "a"),
        ({"deep": {"er": {"st": {"token": "a"}}}}, None),
        ({"token": 7, "jwt": ""}, None),
        ({"refresh_token": "r", "id": "1"}, None),
        ("a-token-that-stands-alone", "a-token-that-stands-alone"),
        ("short", None),
        ("some words that are no token", None),
        ([{"token": "a"}], None),
        (None, None),
    ],
)
def test_the_token_of_an_answer(value: Any, token: str | None) -> None:
    """It is found by its name, however deep within reason, or alone in the body."""
    assert token_in(answer(value)) == token


def test_tokens_elsewhere() -> None:
    """A token may come as text, or in a header."""
    text = Response(200, (("Content-Type", "text/plain"),), b"a-token-that-stands-alone\n")
    assert token_in(text) == "a-token-that-stands-alone"
    assert token_in(Response(200, (("Authorization", "Bearer abc"),))) == "abc"
    html = Response(200, (("Content-Type", "text/html"),), b"a-token-that-stands-alone")
    assert token_in(html) is None


def test_a_session_knows_its_cookies_and_its_end() -> None:
    """Cookies that are set are kept, those that are taken away are not; the end is what is said."""
    now = datetime(2030, 1, 1, tzinfo=UTC)
    cookies = (("Set-Cookie", "sid=1; Path=/; HttpOnly"), ("set-cookie", 'old=""; Max-Age=0'))
    assert session_in(answer({}, cookies), now) == Session(None, (("sid", "1"),))
    assert session_in(answer({}), now) is None
    hour = session_in(answer({"token": "a", "expires_in": 3600}), now)
    assert hour is not None
    assert hour.expires == now + timedelta(hours=1)
    stamp = jwt.encode({"exp": 2_000_000_000}, "a key of the tests, long enough for it", "HS256")
    by_claim = session_in(answer({"token": stamp}), None)
    assert by_claim is not None
    assert by_claim.expires == datetime.fromtimestamp(2_000_000_000, UTC)


@pytest.mark.parametrize("told", [-1, 10**12, True, "soon", None, 1e300])
def test_a_senseless_end_is_none(told: Any) -> None:
    """What cannot be a lifetime is not taken for one."""
    now = datetime(2030, 1, 1, tzinfo=UTC)
    odd = jwt.api_jws.PyJWS().encode(json.dumps({"exp": told}).encode(), "k" * 40, "HS256")
    session = session_in(answer({"token": odd, "expires_in": told}), now)
    assert session is not None
    assert session.expires is None or session.expires == now + timedelta(seconds=1)


def bodies(api: Api) -> Bodies:
    """Bodies whose new part counts up."""
    count = iter(range(1, 1000))
    return Bodies(api, lambda: f"{next(count):08x}")


def test_bodies_fit_their_schemas_and_each_other(make_api: MakeApi) -> None:
    """A made account has a new name and a password, repeated where wanted, that its login knows."""
    register = {
        "type": "object",
        "required": ["email", "password", "passwordConfirm", "name", "age"],
        "properties": {
            "email": {"type": "string", "format": "email", "maxLength": 60},
            "username": {"type": "string", "pattern": "^[a-z]{3,16}$"},
            "password": {"type": "string", "minLength": 6, "maxLength": 16},
            "passwordConfirm": {"type": "string", "minLength": 6, "maxLength": 16},
            "name": {"type": "string", "maxLength": 30},
            "age": {"type": "integer", "minimum": 18},
            "role": {"type": "string", "enum": ["admin", "user"]},
        },
    }
    login = {
        "type": "object",
        "required": ["login", "pass_word", "grant"],
        "properties": {
            "login": {"type": "string"},
            "pass_word": {"type": "string"},
            "grant": {"type": "string", "enum": ["password"]},
            "email": {"type": "string"},
            "otp": {"type": "string"},
        },
    }
    api = make_api(described(**{"/users": post(register), "/login": post(login, TOKEN)}))
    users, entry = api.by_key["POST /users"], api.by_key["POST /login"]
    made = bodies(api)
    one, other = (made.registering(users, USUAL[1]) for _ in range(2))
    assert users.body is not None
    schema = users.body.content["application/json"].schema
    assert schema is not None
    for body in (one, other):
        assert list(api.validator(schema).iter_errors(body)) == []
        assert body["password"] == body["passwordConfirm"]
        assert "role" not in body
    assert one["email"] != other["email"]
    assert one["username"] != other["username"]
    assert made.signing_in(entry, one) == {
        "login": one["username"],
        "pass_word": one["password"],
        "grant": "password",
        "email": one["email"],
    }


def test_a_login_may_want_what_was_answered(make_api: MakeApi) -> None:
    """What registering gave is used where what was sent does not say it."""
    login = {"required": ["user_id", "password"], "properties": {"user_id": {}, "password": {}}}
    api = make_api(described(**{"/users": post(PERSON), "/login": post(login, TOKEN)}))
    body = bodies(api).signing_in(
        api.by_key["POST /login"], {"password": "p"}, {"userId": "u-1", "password": "***"}
    )
    assert body == {"user_id": "u-1", "password": "p"}


def test_a_login_with_parameters(make_api: MakeApi) -> None:
    """A request that signs in has the parameters that its operation needs, and may be a form."""
    entry = post(PERSON, TOKEN)
    entry["post"]["parameters"] = [
        {"name": "tenant", "in": "query", "required": True, "schema": {"enum": ["t-1"]}}
    ]
    content = entry["post"]["requestBody"]["content"]
    content["application/x-www-form-urlencoded"] = content.pop("application/json")
    api = make_api(described(**{"/login": entry}))
    request = bodies(api).request(
        "http://h", api.by_key["POST /login"], {"username": "a b", "password": "p"}
    )
    headers = (
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Accept", "application/json, */*;q=0.5"),
    )
    url, body = "http://h/login?tenant=t-1", b"username=a+b&password=p"
    assert request == Request("POST", url, headers, body)
