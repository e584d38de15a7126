"""No secret in any report: planted where secrets travel, looked for in all that is written."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import finding_file
from contracts.exchange import Request, Response
from contracts.findings import Finding, Told
from contracts.outcome import Outcome
from contracts.redaction import redacted
from contracts.redactor import REDACTED, Redactor
from contracts.report import WRITERS, github, terminal
from contracts.steps import Step, Walk
from openapi.description import read
from openapi.loading import BUILT_IN
from tests.contracts.report.outcomes import FINDINGS, LOST, OUTCOMES, TARGET, outcome

SECRET = 'Sw0rdf1sh"/+\\é'


def everything(whole: Outcome) -> Iterator[str]:
    """All that is written of an outcome."""
    for write in WRITERS.values():
        yield write(whole)
    yield terminal.written(whole)
    yield github.written(whole)
    for finding in whole.findings:
        yield finding_file.written(whole, finding)
        yield finding_file.pytest_file(finding)


def assert_nowhere(secret: str, whole: Outcome) -> None:
    """The secret is in no report, in no way of writing it."""
    in_json = json.dumps(secret)[1:-1]
    forms = {secret, in_json, in_json.replace("\\", "\\\\"), quote(secret, safe=""), quote(secret)}
    for text in everything(whole):
        shown = [form for form in forms if form in text]
        assert not shown, text


def clean(whole: Outcome, *secrets: str) -> Outcome:
    """The outcome without secrets, of a run that knows some."""
    redactor = Redactor(whole.description)
    for secret in secrets:
        redactor.learn(secret)
    return redacted(whole, redactor)


def told(request: Request, response: Response | None = None) -> Finding:
    """A finding with that exchange."""
    return replace(LOST, history=(Told("readOrder", request, response),), walk=None)


ECHO = json.dumps({"echo": SECRET}).encode()


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", f"{TARGET}/orders", (("Authorization", f"Bearer {SECRET}"),), ECHO),
        Request("GET", f"{TARGET}/orders", (("authorization", SECRET),), ECHO),
        Request("GET", f"{TARGET}/orders", (("Cookie", f"a=1; session={SECRET}"),), ECHO),
        Request("GET", f"{TARGET}/orders", (("X-API-Key", SECRET),), ECHO),
        Request("GET", f"{TARGET}/{quote(SECRET, safe='')}", (("X-Api-Key", SECRET),)),
    ],
)
def test_credentials_are_in_no_report(request_: Request) -> None:
    """What was sent as a credential is nowhere, also where it came back or was sent elsewhere."""
    echo = Response(200, (("X-Echo", SECRET),), f'{{"you sent": {json.dumps(SECRET)}}}'.encode())
    found = replace(told(request_, echo), problem=f"The answer has {SECRET} in it.")
    told_of = clean(outcome(found, notes=[f"Seen: {SECRET}"]))
    assert_nowhere(SECRET, told_of)
    assert REDACTED in told_of.findings[0].problem


def test_a_cookie_that_is_handed_out_is_a_credential() -> None:
    """`Set-Cookie` is left out, and its value wherever it stands."""
    handed_out = Response(200, (("Set-Cookie", f"sid={SECRET}; Path=/"),), SECRET.encode())
    whole = outcome(told(Request("GET", f"{TARGET}/orders"), handed_out))
    assert_nowhere(SECRET, clean(whole))


def test_keys_that_the_description_names_are_credentials(tmp_path: Path) -> None:
    """API keys in headers and queries are found by the names that the security schemes give."""
    path = tmp_path / "keys.json"
    schemes = {
        "h": {"type": "apiKey", "in": "header", "name": "X-Tenant-Pass"},
        "q": {"type": "apiKey", "in": "query", "name": "sig nature"},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Keys", "version": "1"},
        "paths": {},
        "components": {"securitySchemes": schemes},
    }
    path.write_text(json.dumps(document))
    request = Request(
        "GET",
        f"{TARGET}/a?sig%20nature={quote('query-' + SECRET)}&b=1",
        (("x-tenant-pass", SECRET),),
    )
    echo = Response(200, (), f"{SECRET} query-{SECRET}".encode())
    whole = clean(outcome(told(request, echo), description=read(path)))
    assert_nowhere(SECRET, whole)
    assert whole.findings[0].history[0].request.url.endswith(f"={REDACTED}&b=1")


def test_users_of_urls_are_left_out() -> None:
    """`user:password@` of a target is no part of a report."""
    url = "http://ada:Sw0rdfish@api.example/v1"
    whole = outcome(told(Request("GET", f"{url}/orders")), target=url, source=f"{url}/api.yaml")
    assert_nowhere("Sw0rdfish", clean(whole))


def test_passwords_in_bodies_are_left_out() -> None:
    """What a body calls a password, and a token that an answer hands out, are secrets."""
    body = b'{"user": "ada", "password": "hunter2-hunter2"}'
    request = Request("POST", f"{TARGET}/login", (("Content-Type", "application/json"),), body)
    answer = b'{"access_token": "a-token-of-some-length"}'
    handed_out = Response(200, (("Content-Type", "application/json"),), answer)
    whole = clean(outcome(told(request, handed_out), notes=["a-token-of-some-length"]))
    assert_nowhere("hunter2-hunter2", whole)
    assert_nowhere("a-token-of-some-length", whole)
    assert whole.findings[0].history[0].request.body.startswith(b'{"user": "ada"')


def test_what_the_run_knows_is_left_out_everywhere() -> None:
    """Texts, URLs, headers, bodies that are text or not, walks: everything is looked through."""
    secret = "known-to-the-run"
    request = Request("GET", f"{TARGET}/{secret}", (("A", secret),), b"\xff" + secret.encode())
    whole = outcome(
        replace(
            told(request, Response(200, (("B", secret),), secret.encode())),
            problem=secret,
            place=secret,
            walk=Walk(
                (Step("POST /orders", {"query": {"a": secret}}, {"b": [secret, secret.encode()]}),)
            ),
        ),
        reasons={"totals_agree": secret},
        notes=[secret],
        remaining=[secret],
    )
    told_of = clean(whole, secret)
    assert_nowhere(secret, told_of)
    walk = told_of.findings[0].walk
    # Base64 would hide it from a search.
    assert walk is not None
    assert walk.steps[0].body == {"b": [REDACTED, REDACTED.encode()]}


def test_a_walk_can_still_be_played() -> None:
    """What stands for what only answers can give stays in a walk."""
    assert clean(outcome(LOST)).findings[0].walk == LOST.walk


@settings(max_examples=25, deadline=None)
@given(OUTCOMES, FINDINGS, st.text(st.sampled_from("abcXYZ012-_."), min_size=2).map("Zq9-".__add__))
def test_hostile_texts_hide_no_secret(whole: Outcome, finding: Finding, token: str) -> None:
    """Whatever else is in an outcome, the token of its requests is not."""
    sent = Request("GET", f"{TARGET}/{token}", (("Authorization", f"Bearer {token}"),))
    shown = replace(finding, history=(*finding.history, Told("readOrder", sent, None)))
    for text in everything(clean(replace(whole, findings=[shown]))):
        assert token not in text


def test_it_is_redacted_once() -> None:
    """What has no secrets any more stays as it is."""
    once = clean(outcome(LOST))
    assert clean(once) == once
    assert once != outcome(LOST)


def test_the_key_of_a_shipped_description_is_a_credential() -> None:
    """The built-in API whose key travels in a header of its own is covered."""
    request = Request("GET", f"{TARGET}/requests", (("X-Api-Key", SECRET),), SECRET.encode())
    description = read(BUILT_IN / "namirial.yaml")
    assert_nowhere(SECRET, clean(outcome(told(request), description=description)))
