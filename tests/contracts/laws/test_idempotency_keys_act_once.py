"""The law that the same idempotency key does not act twice."""

from typing import Any

import pytest

from contracts.liar import all_liars
from mock_server.app import Settings, create_app
from openapi.loading import BUILT_IN
from tests.contracts.histories import Line, api_of, judged, law_called, problems
from tests.contracts.provoking import api_at, provoked

LAW = "idempotency_keys_act_once"
NAMIRIAL = api_at(BUILT_IN / "namirial.yaml")
KEY_NAME = "Idempotency-Key"
KEY = (("X-Api-Key", "understudy-namirial-key"),)

ACCOUNT = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer"},
        "owner": {"type": "string"},
        "balance": {"type": "integer"},
    },
}
SHOWN = {"200": {"description": "It", "content": {"application/json": {"schema": ACCOUNT}}}}
BANK = api_of(
    {
        "openapi": "3.1.0",
        "info": {"title": "Bank", "version": "1"},
        "paths": {
            "/accounts": {
                "post": {
                    "parameters": [{"name": "Idempotency-Key", "in": "header", "schema": {}}],
                    "requestBody": {"content": {"application/json": {"schema": ACCOUNT}}},
                    "responses": SHOWN,
                }
            },
            "/accounts/{id}": {
                "get": {"responses": SHOWN},
                "delete": {"responses": {"204": {"description": "Gone"}}},
            },
            "/accounts/{id}/deposit": {
                "post": {
                    "parameters": [{"name": "Idempotency-Key", "in": "header", "schema": {}}],
                    "requestBody": {
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "properties": {"amount": {"type": "integer"}},
                                }
                            }
                        }
                    },
                    "responses": SHOWN,
                }
            },
        },
    }
)


def _opened(key: str, number: int) -> Line:
    return Line(
        "POST /accounts",
        200,
        {"id": number, "owner": "Ada", "balance": 0},
        sent={"owner": "Ada"},
        asked={KEY_NAME: key},
    )


def _paid(key: str, balance: int) -> Line:
    return Line(
        "POST /accounts/1/deposit",
        200,
        {"id": 1, "owner": "Ada", "balance": balance},
        sent={"amount": 5},
        asked={KEY_NAME: key},
    )


def _seen(balance: int) -> Line:
    return Line("GET /accounts/1", 200, {"id": 1, "owner": "Ada", "balance": balance})


def _judged(*lines: Line) -> list[str]:
    return problems(judged(LAW, BANK, *lines))


def test_the_same_item_keeps_it() -> None:
    """Two items with two keys are no chance."""
    assert _judged(_opened("a", 1), _opened("a", 1)) == [""]
    assert _judged(_opened("a", 1), _opened("b", 2)) == []


def test_two_items_break_it() -> None:
    """With one key."""
    told = ["The same idempotency key created two items."]
    assert _judged(_opened("a", 1), _opened("a", 2)) == told


def test_true_and_one_are_two_requests() -> None:
    """A key sent with another body says nothing of what is created."""
    whole = Line("POST /accounts", 200, {"id": 1}, sent={"owner": 1}, asked={KEY_NAME: "a"})
    other = Line("POST /accounts", 200, {"id": 2}, sent={"owner": True}, asked={KEY_NAME: "a"})
    assert _judged(whole, other) == []


def test_what_was_deleted_may_be_created_anew() -> None:
    """A server may forget a key with the item that it created."""
    gone = Line("DELETE /accounts/1", 204)
    assert _judged(_opened("a", 1), gone, _opened("a", 2)) == []
    told = ["The same idempotency key created two items."]
    refused = Line("DELETE /accounts/1", 403)
    assert _judged(_opened("a", 1), refused, _opened("a", 2)) == told


def test_an_action_acts_once() -> None:
    """What is there after the second is what was there before it."""
    assert _judged(_paid("a", 5), _seen(5), _paid("a", 5), _seen(5)) == [""]
    told = ["The same idempotency key acted twice."]
    assert _judged(_paid("a", 5), _seen(5), _paid("a", 10), _seen(10)) == told
    assert _judged(_paid("a", 5), _seen(5), _paid("b", 10), _seen(10)) == []


def test_the_honest_mock_keeps_it() -> None:
    """As the documents of one of the built-in APIs ask."""
    app = create_app(Settings(apis=["namirial"]))
    found = provoked(law_called(LAW), NAMIRIAL, app, headers=KEY)
    assert found.kept
    assert found.problems == []


@pytest.mark.parametrize(
    "liar", [one for one in all_liars() if one.law == LAW], ids=lambda liar: liar.name
)
def test_a_liar_is_caught(liar: Any) -> None:
    """Each by itself."""
    app = liar.wrap(create_app(Settings(apis=["namirial"])), NAMIRIAL)
    assert provoked(law_called(LAW), NAMIRIAL, app, headers=KEY, until_broken=True).problems
