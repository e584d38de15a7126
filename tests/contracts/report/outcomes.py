"""Outcomes for reports: one made by hand, of a shop that loses orders, and hostile ones."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from contracts.branches import Branch
from contracts.exchange import Request, Response
from contracts.findings import Finding, Kind, Told
from contracts.law import Law
from contracts.outcome import Coverage, Outcome
from contracts.steps import Fresh, Ref, Step, Walk
from openapi.description import Description, read

ROOT = Path(__file__).parents[3]
SHOP = "tests/examples/shop.yaml"
TARGET = "http://127.0.0.1:8000/v1"


@cache
def shop() -> Description:
    """The description of the shop."""
    return read(ROOT / SHOP)


def law(name: str, sentence: str, likely: str = "") -> Law:
    """A law that reports tell of."""
    return Law(name, sentence, lambda _: iter(()), likely=likely)


READ = law(
    "created_can_be_read",
    "What was created can be read back, under the key that it was given.",
    "The create answers before it has stored, or stores under another key than it tells.",
)
GONE = law("deleted_is_gone", "What was deleted is gone.")
TOTALS = law("totals_agree", "Totals agree with the pages.")
PAGES = law("pages_do_not_overlap", "Pages neither overlap nor lose items.")
CHECKS = {
    "not_a_server_error": "The server never fails on a request.",
    "status_code_conformance": "Every status is documented.",
}

BRANCHES = {
    Branch("request", "/status", "there"): True,
    Branch("request", "/status", "left out"): True,
    Branch("request", "/status", '"open"'): True,
    Branch("request", "/status", '"cancelled"'): False,
    Branch("response", "/id", "there"): True,
    Branch("response", "/id", "left out"): False,
}
_JSON = ("Content-Type", "application/json")
_SENT = (("Authorization", "Bearer eyJhbGciOi.secret.token"), _JSON)

LOST = Finding(
    name=READ.name,
    sentence=READ.sentence,
    problem="What was created is not found: 404 after 201.",
    operations=("readOrder",),
    history=(
        Told(
            "createOrder",
            Request("POST", f"{TARGET}/orders", _SENT, b'{"item": "lamp"}'),
            Response(201, (_JSON,), b'{"id": 7, "item": "lamp", "status": "open"}'),
        ),
        Told(
            "readOrder",
            Request("GET", f"{TARGET}/orders/7", _SENT[:1]),
            Response(404, (("Content-Type", "application/problem+json"),), b'{"status": 404}'),
        ),
    ),
    subject="orders",
    walk=Walk(
        (
            Step("POST /orders", body={"item": Fresh("item", "lamp {}")}),
            Step("GET /orders/{orderId}", {"path": {"orderId": Ref(0, "$response.body#/id")}}),
        ),
        READ.name,
    ),
)
CRASH = Finding(
    name="not_a_server_error",
    sentence=CHECKS["not_a_server_error"],
    problem="Server error: 500 Internal Server Error",
    operations=("listOrders",),
    history=(
        Told(
            "listOrders",
            Request("GET", f"{TARGET}/orders?limit=9223372036854775808", _SENT[:1]),
            Response(500, (("Content-Type", "text/plain"),), b"Internal Server Error"),
        ),
    ),
    place="limit",
    subject="listOrders",
    is_law=False,
)
GAP = Finding(
    name="status_code_conformance",
    sentence=CHECKS["status_code_conformance"],
    problem="Undocumented HTTP status code: 401",
    operations=("listOrders", "createOrder"),
    history=(Told("listOrders", Request("GET", f"{TARGET}/orders"), Response(401, (), b"")),),
    kind=Kind.GAP,
    subject="listOrders",
    is_law=False,
)
UNCLEAR = Finding(
    name=PAGES.name,
    sentence=PAGES.sentence,
    problem="An item is on two pages.",
    operations=("listOrders",),
    history=(
        Told(
            "listOrders",
            Request("GET", f"{TARGET}/orders?offset=10"),
            None,
            failure="No answer came within 10 seconds.",
        ),
    ),
    kind=Kind.UNCLEAR,
    subject="orders",
)


def outcome(*findings: Finding, **changes: Any) -> Outcome:
    """What a run of 12.5 seconds against the shop came to."""
    whole = Outcome(
        description=shop(),
        source=SHOP,
        target=TARGET,
        seed=1,
        run="5eed1234",
        started=datetime(2026, 11, 26, 9, 30, tzinfo=UTC),
        seconds=12.5,
        findings=findings,
        tested={READ.name: 6, GONE.name: 4, PAGES.name: 2},
        laws=(READ, GONE, PAGES, TOTALS),
        reasons={TOTALS.name: "No list shows a total."},
        coverage={
            "listOrders": Coverage(frozenset({200, 401, 500}), frozenset({("query", "limit")}), 9),
            "createOrder": Coverage(frozenset({201}), frozenset(), 6, BRANCHES),
            "readOrder": Coverage(frozenset({200, 404}), frozenset({("path", "orderId")}), 6),
            "deleteOrder": Coverage(frozenset({204}), frozenset({("path", "orderId")}), 4),
            "cancelOrder": Coverage(),
        },
        exchanges=25,
        remaining=("orders/7",),
        notes=("No second identity is known: laws about other people's data were not tested.",),
        checks=CHECKS,
    )
    return replace(whole, **changes)


def broken(**changes: Any) -> Outcome:
    """A run with something of each kind."""
    return outcome(LOST, CRASH, GAP, UNCLEAR, **changes)


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "]]><!--",
            "'\"`$(touch nowhere)\\",
            "\x00\x07\x1b[31m\x1b]0;title\x07\r\n\t",
            "\u202egnp.exe\u2066",
            "{{ 7 * 7 }}{% raw %}",
            "::error file=x::y%0A",
            "\ud800",
            "x" * 5_000,
            "漢字😀é",
        ]
    ),
)
_HEADERS = st.lists(st.tuples(HOSTILE, HOSTILE), max_size=2).map(tuple)
_BODIES = st.binary(max_size=30) | HOSTILE.map(lambda text: text.encode("utf-8", "replace"))
_TOLD = st.builds(
    Told,
    HOSTILE,
    st.builds(Request, HOSTILE, HOSTILE, _HEADERS, _BODIES),
    st.none() | st.builds(Response, st.integers(100, 599), _HEADERS, _BODIES),
    HOSTILE,
    HOSTILE,
)
_STEPS = st.builds(
    Step,
    HOSTILE,
    st.dictionaries(st.just("query"), st.dictionaries(HOSTILE, HOSTILE, max_size=1), max_size=1),
    st.one_of(HOSTILE, st.binary(max_size=9), st.integers(), st.lists(HOSTILE, max_size=2)),
)
FINDINGS = st.builds(
    Finding,
    name=st.sampled_from([READ.name, TOTALS.name, "not_a_server_error", "<b>"]) | HOSTILE,
    sentence=HOSTILE,
    problem=HOSTILE,
    operations=st.lists(st.sampled_from(["readOrder"]) | HOSTILE, min_size=1, max_size=2).map(
        tuple
    ),
    history=st.lists(_TOLD, max_size=2).map(tuple),
    kind=st.sampled_from(Kind),
    place=HOSTILE,
    subject=HOSTILE,
    walk=st.none() | st.builds(Walk, st.lists(_STEPS, max_size=2).map(tuple), HOSTILE),
    is_law=st.booleans(),
)


def _hostile(findings: list[Finding], texts: list[str], named: Mapping[str, str]) -> Outcome:
    return outcome(
        *findings,
        source=texts[0],
        target=texts[1],
        run=texts[2],
        reasons={TOTALS.name: texts[0]},
        remaining=texts,
        notes=texts,
        fixed=named,
        known={findings[0].fingerprint: texts[0]} if findings else {},
        checks=named,
        coverage={texts[0]: Coverage(frozenset({0, 299}), frozenset({(texts[1], texts[2])}))},
    )


OUTCOMES = st.builds(
    _hostile,
    st.lists(FINDINGS, max_size=3),
    st.lists(HOSTILE, min_size=3, max_size=3),
    st.dictionaries(HOSTILE, HOSTILE, max_size=2),
)
"""Outcomes in which every text may be anything."""
