"""Authentication: the security requirements of a description, an OR of ANDs."""

import base64
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.mock_server.gateway.own import ECHO, own_api, refused

SCHEMES = """
components:
  securitySchemes:
    header: {type: apiKey, in: header, name: X-Key}
    query: {type: apiKey, in: query, name: key}
    cookie: {type: apiKey, in: cookie, name: session}
    bearer: {type: http, scheme: bearer}
    basic: {type: http, scheme: Basic}
    digest: {type: http, scheme: digest}
    oauth: {type: oauth2, flows: {}}
    openid: {type: openIdConnect, openIdConnectUrl: https://x.test/}
    tls: {type: mutualTLS}
    hoba: {type: http, scheme: HOBA}
"""
CREDENTIALS = """
def credentials(sandbox, scheme, value):
    sandbox.table("asked").put(sandbox.uuid(), {"scheme": scheme, "value": value})
    return value != "wrong"
"""


def secured(folder: Path, security: str, behaviour: str = ECHO) -> httpx.Client:
    """A client of an API whose only operation has that security."""
    return own_api(
        folder,
        SCHEMES
        + f"""
paths:
  /:
    get:
      operationId: echo
      security: {security}
      responses: {{"200": {{content: {{application/json: {{}}}}}}}}
""",
        behaviour,
    )


def basic(text: str) -> str:
    """The value of an `Authorization` header with these credentials."""
    return f"Basic {base64.b64encode(text.encode()).decode()}"


@pytest.mark.parametrize(
    ("scheme", "sent", "missing", "challenge"),
    [
        (
            "header",
            {"headers": {"x-key": "k"}},
            [{}, {"headers": {"x-key": ""}}, {"params": {"X-Key": "k"}}],
            'ApiKey realm="own", in="header", name="X-Key"',
        ),
        (
            "query",
            {"params": {"key": "k"}},
            [{}, {"params": {"key": ""}}, {"params": {"Key": "k"}}, {"headers": {"key": "k"}}],
            'ApiKey realm="own", in="query", name="key"',
        ),
        (
            "cookie",
            {"headers": {"Cookie": "a=b; session=k; c=d"}},
            [{}, {"headers": {"Cookie": "session="}}, {"headers": {"Cookie": "sessions=k"}}],
            'ApiKey realm="own", in="cookie", name="session"',
        ),
        (
            "bearer",
            {"headers": {"Authorization": "bearer  k"}},
            [
                {},
                {"headers": {"Authorization": "Bearer"}},
                {"headers": {"Authorization": "Bearer "}},
                {"headers": {"Authorization": "k"}},
                {"headers": {"Authorization": "Bearerk"}},
                {"headers": {"Authorization": "Basic k"}},
                {"params": {"access_token": "k"}},
            ],
            'Bearer realm="own"',
        ),
        (
            "basic",
            {"headers": {"Authorization": basic("ada:s:ecret")}},
            [
                {},
                {"headers": {"Authorization": basic("ada")}},
                {"headers": {"Authorization": "Basic ada:secret"}},
                {"headers": {"Authorization": "Basic /w=="}},
                {"headers": {"Authorization": "Basic YQ"}},
                {"headers": {"Authorization": "Basic YT*pi"}},
                {"headers": {"Authorization": "Bearer " + basic("a:b").split()[1]}},
            ],
            'Basic realm="own"',
        ),
        ("oauth", {"headers": {"Authorization": "Bearer k"}}, [{}], 'Bearer realm="own"'),
        ("openid", {"headers": {"Authorization": "Bearer k"}}, [{}], 'Bearer realm="own"'),
    ],
)
def test_each_scheme_wants_its_credential(
    tmp_path: Path,
    scheme: str,
    sent: dict[str, Any],
    missing: list[dict[str, Any]],
    challenge: str,
) -> None:
    """A credential of the scheme passes; without a readable one it is 401 with a challenge."""
    client = secured(tmp_path, f"[{{{scheme}: []}}]")
    assert client.get("/", **sent).status_code == 200
    for nothing in missing:
        answer = client.get("/", **nothing)
        assert refused(answer, 401)["detail"].startswith("Credentials are missing: send an ")
        assert answer.headers["www-authenticate"] == challenge


def test_digest_is_the_handshake_that_clients_know(tmp_path: Path) -> None:
    """A client that is challenged answers with digest credentials, and is let in (RFC 7616)."""
    client = secured(tmp_path, "[{digest: []}]")
    challenge = client.get("/").headers["www-authenticate"]
    assert challenge.startswith('Digest realm="own", qop="auth", algorithm=SHA-256, nonce="')
    assert client.get("/").headers["www-authenticate"] != challenge
    assert client.get("/", auth=httpx.DigestAuth("ada", "secret")).status_code == 200


@pytest.mark.parametrize(
    "credentials",
    [
        "",
        "username",
        'username="ada"',
        'username="ada", realm="r", nonce="n", uri="/"',
    ],
)
def test_unfinished_digest_credentials_are_none(tmp_path: Path, credentials: str) -> None:
    """Digest credentials that lack what they always hold are missing credentials."""
    headers = {"Authorization": f"Digest {credentials}"}
    refused(secured(tmp_path, "[{digest: []}]").get("/", headers=headers), 401)


def test_only_what_can_be_sent_is_asked_for(tmp_path: Path) -> None:
    """A refusal challenges for each scheme of each alternative, but not for mutual TLS."""
    client = secured(tmp_path, "[{tls: [], bearer: []}, {basic: []}, {hoba: []}]")
    answer = client.get("/")
    assert answer.headers["www-authenticate"] == (
        'Bearer realm="own", Basic realm="own", Hoba realm="own"'
    )
    assert client.get("/", headers={"Authorization": "HOBA result=1"}).status_code == 200


def test_mutual_tls_ends_before_the_mock(tmp_path: Path) -> None:
    """A scheme that the mock cannot see is taken as fulfilled."""
    assert secured(tmp_path, "[{tls: []}]").get("/").status_code == 200


@pytest.mark.parametrize("security", ["[]", "[{}]", "[{header: []}, {}]", "null"])
def test_no_requirement_or_an_empty_one_passes(tmp_path: Path, security: str) -> None:
    """Without a requirement, or with an empty alternative, no credential is needed."""
    assert secured(tmp_path, security, ECHO + CREDENTIALS).get("/").status_code == 200


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({}, False),
        ({"X-Key": "k"}, False),
        ({"Cookie": "session=s"}, False),
        ({"X-Key": "k", "Cookie": "session=s"}, True),
        ({"X-Key": "wrong", "Cookie": "session=s"}, False),
        ({"X-Key": "k", "Cookie": "session=wrong"}, False),
        ({"Authorization": "Bearer t"}, True),
        ({"Authorization": "Bearer wrong"}, False),
        ({"Authorization": "Bearer t", "X-Key": "wrong"}, True),
        ({"Authorization": "Bearer wrong", "X-Key": "k", "Cookie": "session=s"}, True),
    ],
)
def test_requirements_are_an_or_of_ands(
    tmp_path: Path, headers: dict[str, str], passes: bool
) -> None:
    """One alternative is enough, and all schemes of it are needed."""
    client = secured(tmp_path, "[{header: [], cookie: []}, {bearer: []}]", ECHO + CREDENTIALS)
    answer = client.get("/", headers=headers)
    if passes:
        assert answer.status_code == 200
        return
    refused(answer, 401)
    assert answer.headers["www-authenticate"] == (
        'ApiKey realm="own", in="header", name="X-Key", '
        'ApiKey realm="own", in="cookie", name="session", Bearer realm="own"'
    )


def test_a_refusal_says_what_to_send(tmp_path: Path) -> None:
    """Missing credentials and wrong ones are told apart, and the alternatives are named."""
    client = secured(tmp_path, "[{header: [], cookie: []}, {basic: []}]", ECHO + CREDENTIALS)
    wanted = (
        "send an API key in the header `X-Key` with an API key in the cookie `session` "
        "or an `Authorization: Basic` header"
    )
    assert refused(client.get("/"), 401)["detail"] == f"Credentials are missing: {wanted}."
    wrong = client.get("/", headers={"X-Key": "wrong", "Cookie": "session=s"})
    assert refused(wrong, 401)["detail"] == (
        f"The credentials were not accepted: {wanted} that is valid and not expired."
    )


def test_the_behaviour_gets_scheme_and_value(tmp_path: Path) -> None:
    """The behaviour judges each credential by the scheme's name and the credential as sent."""
    client = secured(tmp_path, "[{basic: [], query: []}]", ECHO + CREDENTIALS)
    headers = {"Authorization": basic("ada:ß")}
    assert client.get("/?key=a%20b%26", headers=headers).status_code == 200
    state = client.get("/_understudy/state").json()
    assert list(state["tables"]["asked"].values()) == [
        {"scheme": "basic", "value": "ada:ß"},
        {"scheme": "query", "value": "a b&"},
    ]


def test_the_whole_document_may_be_secured(tmp_path: Path) -> None:
    """An operation without a `security` of its own has that of the document."""
    client = own_api(
        tmp_path,
        SCHEMES
        + """
security: [{bearer: []}]
paths:
  /closed: {get: {operationId: echo, responses: {"200": {content: {application/json: {}}}}}}
  /open: {get: {operationId: free, security: [], responses: {"204": {}}}}
""",
        ECHO + "def free(sandbox):\n    return None\n",
    )
    refused(client.get("/closed"), 401)
    assert client.get("/open").status_code == 204


def test_credentials_are_asked_before_anything_else(tmp_path: Path) -> None:
    """Who may not enter learns nothing of what else is wrong with the request."""
    client = own_api(
        tmp_path,
        SCHEMES
        + """
paths:
  /:
    post:
      operationId: echo
      security: [{bearer: []}]
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {"200": {content: {application/json: {}}}}
""",
        ECHO,
    )
    refused(client.post("/", content=b"{", headers={"Accept": "image/png"}), 401)


@pytest.mark.parametrize(
    "cookie",
    [
        "session=k;",
        'session=k; x={"a',
        'session="k"',
        'prefs={"a": 1}; session=k',
        "a@b=1; session=k",
        "a=1; no equals sign; session=k",
        "path=/; session=k",
    ],
)
def test_odd_cookies_do_not_hide_others(tmp_path: Path, cookie: str) -> None:
    """A cookie is found among those that other pages of the same host have set."""
    client = secured(tmp_path, "[{cookie: []}]")
    assert client.get("/", headers={"Cookie": cookie}).status_code == 200


def test_cookies_may_come_in_several_fields(tmp_path: Path) -> None:
    """A cookie is found in whichever of several `Cookie` fields it was sent, as in HTTP/2."""
    client = secured(tmp_path, "[{cookie: []}]", ECHO + CREDENTIALS)
    for fields in (("a=b", "session=k"), ("session=k", "a=b"), ("a=b", "session=k", "c=d")):
        headers = [("Cookie", field) for field in fields]
        assert client.get("/", headers=headers).status_code == 200
    asked = client.get("/_understudy/state").json()["tables"]["asked"]
    assert {row["value"] for row in asked.values()} == {"k"}


def test_a_scheme_that_is_not_described_cannot_be_asked_for(tmp_path: Path) -> None:
    """A requirement that names no scheme of the description passes."""
    assert secured(tmp_path, "[{nobody: []}]").get("/").status_code == 200
