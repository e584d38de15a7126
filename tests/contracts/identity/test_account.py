"""What is known of an account gets into requests by each kind of scheme."""

from collections.abc import Callable
from typing import Any

import pytest

from contracts.api import Api
from contracts.identity.account import Account
from contracts.identity.credentials import Part
from contracts.identity.sign_in import Session

BEARER = {"type": "http", "scheme": "bearer"}
BASIC = {"type": "http", "scheme": "basic"}
KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
COOKIE = {"type": "apiKey", "in": "cookie", "name": "sid"}
OLD_BEARER = {"type": "apiKey", "in": "header", "name": "Authorization"}
TOKEN = Session("t")


def asking(schemes: dict[str, Any], security: Any) -> dict[str, Any]:
    """A description with one operation that asks for that."""
    operation = {"responses": {"200": {"description": "ok"}}, "security": security}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "components": {"securitySchemes": schemes},
        "paths": {"/x": {"get": operation}},
    }


@pytest.mark.parametrize(
    ("schemes", "security", "account", "session", "sent"),
    [
        ({"b": BEARER}, [{"b": []}], Account(), TOKEN, ["Authorization: Bearer t"]),
        ({"k": KEY}, [{"k": []}], Account(), TOKEN, ["X-Key: t"]),
        ({"o": OLD_BEARER}, [{"o": []}], Account(), TOKEN, ["Authorization: Bearer t"]),
        (
            {"o": OLD_BEARER},
            [{"o": []}],
            Account(),
            Session("JWT t"),
            ["Authorization: JWT t"],
        ),
        (
            {"k": KEY, "b": BEARER},
            [{"k": []}, {"b": []}],
            Account(),
            TOKEN,
            ["Authorization: Bearer t"],
        ),
        (
            {"k": KEY, "b": BEARER},
            [{"k": [], "b": []}],
            Account(secrets={"k": "key"}),
            TOKEN,
            ["X-Key: key", "Authorization: Bearer t"],
        ),
        (
            {"c": COOKIE},
            [{"c": []}],
            Account(),
            Session("t", (("sid", "s"), ("theme", "dark"))),
            ["sid: s"],
        ),
        ({"c": COOKIE}, [{"c": []}], Account(), TOKEN, ["sid: t"]),
        (
            {"c": COOKIE},
            [{"c": []}],
            Account(),
            Session(None, (("other", "s"),)),
            ["other: s"],
        ),
        (
            {"a": BASIC},
            [{"a": []}],
            Account(body={"username": "u", "password": "p"}),
            None,
            ["Authorization: Basic dTpw"],
        ),
        ({}, [], Account(), TOKEN, ["Authorization: Bearer t"]),
        ({}, [], Account(), Session(None, (("s", "1"),)), ["s: 1"]),
        ({"b": BEARER}, [{"b": []}], Account(), None, []),
        (
            {"b": BEARER},
            [{"b": []}],
            Account((Part("header", "authorization", "g"),), {"b": "own"}),
            None,
            ["authorization: g"],
        ),
    ],
)
def test_what_an_account_sends(
    make_api: Callable[..., Api],
    schemes: dict[str, Any],
    security: Any,
    account: Account,
    session: Session | None,
    sent: list[str],
) -> None:
    """Given headers, secrets of schemes, sessions and names with passwords find their places."""
    api = make_api(asking(schemes, security))
    parts = account.parts(api.by_key["GET /x"], api.description.security_schemes, session)
    assert [f"{part.name}: {part.value}" for part in parts] == sent
