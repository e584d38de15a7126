"""Callbacks: what an operation declares to send goes to the outbox."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.mock_server.gateway.own import own_api

DESCRIPTION = """
paths:
  /orders/{id}:
    post:
      operationId: order
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: hook, in: query, schema: {type: string}}
        - {name: X-Hook, in: header, schema: {type: string}}
      requestBody:
        content: {application/json: {schema: {type: object}}}
      responses:
        "201":
          headers: {X-Trace: {schema: {type: string}}}
          content: {application/json: {}}
        "303": {description: Elsewhere.}
      callbacks:
        paid:
          '$request.body#/hooks/paid~1url':
            post:
              requestBody:
                content:
                  text/plain: {example: text}
                  application/json: {example: {paid: true}}
              responses: {"200": {description: Thanks.}}
        other: {$ref: '#/components/callbacks/Other'}
        x-note: nothing
components:
  callbacks:
    Other:
      '{$request.query.hook}/{$request.path.id}?m={$method}&s={$statusCode}':
        $ref: '#/components/pathItems/Made'
      '{$request.header.x-hook}/{$response.body#/number}/{$response.header.X-Trace}':
        put: {responses: {"200": {description: Thanks.}}}
      'http://fixed.test/?from={$url}':
        post: {responses: {"200": {description: Thanks.}}}
  pathItems:
    Made:
      post:
        requestBody:
          content:
            application/json:
              schema:
                type: object
                required: [count]
                properties: {count: {type: integer, minimum: 5}}
        responses: {"200": {description: Thanks.}}
"""
BEHAVIOUR = """
from mock_server.answer import Answer
from mock_server.refusals import NotFound

def order(sandbox, *, id, hook=None, X_Hook=None, body=None):
    if id == "none":
        raise NotFound("none")
    if id == "elsewhere":
        return Answer(status=303)
    return Answer({"number": 7}, headers={"X-Trace": "t-1"})
"""


@pytest.fixture
def api(tmp_path: Path) -> httpx.Client:
    """A client of a server with an operation that calls back."""
    return own_api(tmp_path, DESCRIPTION, BEHAVIOUR)


def webhooks(api: httpx.Client) -> list[tuple[str, Any]]:
    """URL and body of each entry of the outbox."""
    entries = api.get("/_understudy/outbox").json()["entries"]
    assert {entry["kind"] for entry in entries} <= {"webhook"}
    return [(entry["url"], entry["body"]) for entry in entries]


def test_callbacks_go_where_the_exchange_says(api: httpx.Client) -> None:
    """Body, query, header and path of the request, and the answer, make the URLs of callbacks."""
    answer = api.post(
        "/orders/a%20b",
        params={"hook": "https://query.test"},
        headers={"X-Hook": "http://header.test"},
        json={"hooks": {"paid/url": "http://body.test/paid"}},
    )
    assert answer.status_code == 201
    (paid, paid_body), (made, made_body), (plain, plain_body), (fixed, _) = webhooks(api)
    assert (paid, paid_body) == ("http://body.test/paid", {"paid": True})
    assert made == "https://query.test/a b?m=POST&s=201"
    assert made_body["count"] >= 5
    assert (plain, plain_body) == ("http://header.test/7/t-1", None)
    assert fixed == (
        "http://fixed.test/?from=http://mock.test/orders/a%20b?hook=https%3A%2F%2Fquery.test"
    )


def test_made_up_bodies_are_the_same_each_time(api: httpx.Client) -> None:
    """The body of a callback is the same for each request, another one with `dynamic`."""
    params = {"hook": "https://query.test"}
    for prefer in ("seed=1", "seed=1", "seed=2"):
        api.post("/orders/1", params=params, headers={"Prefer": prefer})
    first, second, third = (body for url, body in webhooks(api) if url.startswith("https:"))
    assert first == second != third


@pytest.mark.parametrize(
    "hook", [None, 1, {}, "", "/relative", "ftp://x.test", "http://", "javascript:alert(1)"]
)
def test_a_callback_without_a_url_is_none(
    api: httpx.Client, hook: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """What makes no absolute URL is left out with a warning; the others are sent all the same."""
    answer = api.post("/orders/1", json={"hooks": {"paid/url": hook}})
    assert answer.status_code == 201
    assert [url.partition("?")[0] for url, _ in webhooks(api)] == ["http://fixed.test/"]
    assert "No callback $request.body#/hooks/paid~1url of order" in caplog.text


def test_without_a_body_nothing_can_be_taken_from_it(
    api: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    """An expression about a body that was not sent has no value, and nothing fails."""
    assert api.post("/orders/1").status_code == 201
    assert len(webhooks(api)) == 1
    assert "is not there" in caplog.text


@pytest.mark.parametrize(("id", "status"), [("none", 404), ("elsewhere", 303)])
def test_only_a_success_calls_back(api: httpx.Client, id: str, status: int) -> None:
    """A refusal or a redirect sends nothing."""
    body = {"hooks": {"paid/url": "http://body.test/paid"}}
    assert api.post(f"/orders/{id}", json=body).status_code == status
    assert webhooks(api) == []
