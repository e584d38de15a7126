"""Who may use the controls: a server with a token, and one without controls."""

from collections.abc import Iterator

import httpx
import pytest

from mock_server.app import Settings, create_app
from mock_server.gateway.gateway import Options
from tests.mock_server.control.clients import client
from tests.mock_server.control.test_operations import OPERATIONS
from understudy.serving import ServerThread

TOKEN = "s3cret-token"


def serving(settings: Settings) -> Iterator[httpx.Client]:
    """A client of a server with those settings, which ends after the tests."""
    server = ServerThread(create_app(settings))
    server.start()
    with client(server.url) as found:
        yield found
    server.stop()


@pytest.fixture(scope="module")
def guarded() -> Iterator[httpx.Client]:
    """A server whose controls need a token."""
    yield from serving(Settings(apis=["didomi"], options=Options(control_token=TOKEN)))


@pytest.fixture(scope="module")
def bare() -> Iterator[httpx.Client]:
    """A server without controls."""
    yield from serving(Settings(apis=["didomi"], control=False))


def call(server: httpx.Client, operation: str, headers: dict[str, str]) -> httpx.Response:
    """The answer of an operation of the controls."""
    method, path, body, _ = OPERATIONS[operation]
    url = f"/_understudy{path.format(own='default')}"
    return server.request(method, url, json=body, headers=headers)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Understudy-Token": ""},
        {"Understudy-Token": TOKEN[:-1]},
        {"Understudy-Token": TOKEN.upper()},
        {"Understudy-Token": f"{TOKEN}\N{LATIN SMALL LETTER E WITH ACUTE}"},
        {"Authorization": f"Bearer {TOKEN}"},
    ],
)
def test_the_controls_need_their_token(
    guarded: httpx.Client, operation: str, headers: dict[str, str]
) -> None:
    """Every operation answers 401 and says which header it needs."""
    answer = guarded.request(
        OPERATIONS[operation][0],
        f"/_understudy{OPERATIONS[operation][1]}",
        headers=[(name.encode(), value.encode()) for name, value in headers.items()],
    )
    assert answer.status_code == 401, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == 'ApiKey in="header", name="Understudy-Token"'
    assert "`Understudy-Token`" in answer.json()["detail"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_token_opens_the_controls(guarded: httpx.Client, operation: str) -> None:
    """The right one reaches every operation."""
    answer = call(guarded, operation, {"Understudy-Token": TOKEN})
    assert answer.status_code == OPERATIONS[operation][3], answer.text


def test_a_refused_reset_resets_nothing(guarded: httpx.Client) -> None:
    """Who has no token changes nothing."""
    token = {"Understudy-Token": TOKEN}
    guarded.put("/_understudy/clock", json={"now": "2026-01-31T10:00:00Z"}, headers=token)
    assert guarded.post("/_understudy/reset").status_code == 401
    assert guarded.get("/_understudy/clock", headers=token).json()["frozen"] is True
    assert guarded.delete("/_understudy/clock").status_code == 401
    assert guarded.get("/_understudy/clock", headers=token).json()["frozen"] is True


def test_paths_that_are_none_tell_nothing_without_the_token(guarded: httpx.Client) -> None:
    """What exists behind it cannot be found out."""
    assert guarded.get("/_understudy/nowhere").status_code == 401
    assert guarded.patch("/_understudy/clock").status_code == 401
    assert guarded.get("/~box/_understudy/clock").status_code == 401


def test_the_apis_need_no_token(guarded: httpx.Client) -> None:
    """They are what the mock is for."""
    assert guarded.get("/dsar/verified").status_code == 200
    assert guarded.get("/didomi/openapi.json").status_code == 200


def test_a_page_may_ask_whether_it_may_send_the_token(guarded: httpx.Client) -> None:
    """A preflight carries no token, so it needs none."""
    answer = guarded.options(
        "/_understudy/reset",
        headers={
            "Origin": "http://localhost:3000",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "understudy-token",
        },
    )
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-headers"] == "understudy-token"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_server_without_controls(bare: httpx.Client, operation: str) -> None:
    """None of them is there, with or without a token, and sandboxes still are."""
    assert call(bare, operation, {"Understudy-Token": TOKEN}).status_code == 404
    assert bare.get("/~box/dsar/verified").status_code == 200
