"""Which ways through its schemas an operation was seen to take."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.api import Api
from contracts.branches import Branches
from contracts.exchange import ABSENT, Request, Response
from contracts.history import Exchange
from contracts.steps import Step
from openapi.description import read

PAYMENT = """
openapi: 3.1.0
info: {title: Payments, version: '1'}
paths:
  /payments:
    post:
      operationId: pay
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [by]
              properties:
                id: {type: integer, readOnly: true}
                note: {type: string}
                by:
                  oneOf:
                  - {$ref: '#/components/schemas/Card'}
                  - title: A voucher
                    type: object
                    required: [code]
                    properties: {code: {type: string}}
      responses:
        '201':
          description: Done.
          content:
            application/json:
              schema:
                type: object
                required: [parts]
                properties:
                  parts:
                    type: array
                    items:
                      type: object
                      required: [state]
                      properties: {state: {enum: [open, done, null]}}
components:
  schemas:
    Card: {type: object, required: [number], properties: {number: {type: string}}}
    Deep: {type: object, properties: {deep: {$ref: '#/components/schemas/Deep'}}}
"""


@pytest.fixture
def api(tmp_path: Path) -> Api:
    """An API with one operation that has branches of each kind."""
    path = tmp_path / "payments.yaml"
    path.write_text(PAYMENT)
    return Api(read(path))


def note(
    branches: Branches, api: Api, sent: Any = ABSENT, came: Any = ABSENT, status: int = 201
) -> None:
    """Take into account one exchange."""
    (operation,) = api.by_key.values()
    body = b"" if came is ABSENT else json.dumps(came).encode()
    headers = (("Content-Type", "application/json"),)
    response = Response(status, headers, body)
    request = Request("POST", "http://host/payments")
    exchange = Exchange(0, Step(operation.key), operation, None, {}, sent, request, response, api)
    branches.note(exchange)


def told(branches: Branches) -> dict[str, bool]:
    """Whether each was seen, by its words."""
    return {f"{one.side} {one.at} {one.is_}": seen for one, seen in branches.seen.items()}


def test_every_way_is_known_before_it_is_seen(api: Api) -> None:
    """Properties that may be left out, alternatives by name, values; nothing that is read-only."""
    (operation,) = api.by_key.values()
    assert told(Branches(api, operation)) == dict.fromkeys(
        (
            "request /note there",
            "request /note left out",
            "request /by alternative 1, Card",
            "request /by alternative 2, A voucher",
            "request /by/number there",
            "request /by/number left out",
            "request /by/code there",
            "request /by/code left out",
            'response /parts/*/state "open"',
            'response /parts/*/state "done"',
            "response /parts/*/state null",
        ),
        False,
    )


def test_what_is_sent_and_what_comes_is_seen(api: Api) -> None:
    """Each body takes some of the ways; what is refused tells of the request only."""
    (operation,) = api.by_key.values()
    branches = Branches(api, operation)
    note(branches, api, {"by": {"number": "1"}, "note": ""})
    note(branches, api, {"by": {"number": "2"}}, {"parts": [{"state": "open"}, {"state": None}]})
    note(branches, api, "text", {"parts": [{"state": "done"}]}, status=400)
    assert {name for name, seen in told(branches).items() if seen} == {
        "request /note there",
        "request /note left out",
        "request /by alternative 1, Card",
        "request /by/number there",
        "request /by/code left out",
        'response /parts/*/state "open"',
        "response /parts/*/state null",
    }


def test_a_schema_without_end_has_an_end(tmp_path: Path) -> None:
    """What refers to itself is followed as far as anybody would read."""
    path = tmp_path / "payments.yaml"
    path.write_text(PAYMENT.replace("'#/components/schemas/Card'", "'#/components/schemas/Deep'"))
    api = Api(read(path))
    (operation,) = api.by_key.values()
    branches = Branches(api, operation)
    body: dict[str, Any] = {}
    for _ in range(50):
        body = {"deep": body}
    note(branches, api, {"by": body})
    assert told(branches)["request /by/deep there"]
    assert len(branches.seen) < 40
