"""SARIF 2.1.0 (OASIS Standard), for reviews of code: findings at lines of the description."""

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from contracts.exchange import Headers
from contracts.findings import Finding, Kind, Told
from contracts.outcome import Outcome
from contracts.report.places import Place, places
from contracts.report.telling import answer_told, cut, path_told, reason, shown

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Kind.FAULT: "error", Kind.UNCLEAR: "warning", Kind.GAP: "note"}
_MOST_BODY = 10_000


def written(outcome: Outcome) -> str:
    """The log, as JSON."""
    rules = _rules(outcome)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "Understudy",
                "semanticVersion": version("understudy"),
                "rules": rules,
            }
        },
        "automationDetails": {"id": f"understudy/{outcome.description.name}/{outcome.run}"},
        "invocations": [_invocation(outcome)],
        "results": [_result(outcome, one, numbers[one.name]) for one in outcome.findings],
        "properties": {
            "target": outcome.target,
            "seed": outcome.seed,
            "kept": list(outcome.kept),
            "untested": {law: reason(outcome, law) for law in outcome.untested},
            "remaining": list(outcome.remaining),
            "fixed": dict(outcome.fixed),
        },
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rules(outcome: Outcome) -> list[dict[str, Any]]:
    """Every law, and every check that ran or showed something."""
    laws = {one.name: one.sentence for one in outcome.laws}
    found = {one.name: one.sentence for one in outcome.findings}
    sentences = {**laws, **outcome.checks, **{name: found[name] for name in sorted(found)}}
    return [
        {
            "id": name,
            "shortDescription": {"text": sentence or name},
            "defaultConfiguration": {"level": "error"},
            "properties": {"tags": ["law" if name in laws else "check"]},
        }
        for name, sentence in sentences.items()
    ]


def _invocation(outcome: Outcome) -> dict[str, Any]:
    untested = [
        {
            "level": "note",
            "message": {"text": f"Not tested: {law}. {reason(outcome, law)}"},
            "associatedRule": {"id": law},
        }
        for law in outcome.untested
    ]
    notes = [{"level": "warning", "message": {"text": note or "-"}} for note in outcome.notes]
    started = outcome.started.astimezone(UTC)
    return {
        "executionSuccessful": not outcome.interrupted,
        "startTimeUtc": f"{started:%Y-%m-%dT%H:%M:%SZ}",
        "endTimeUtc": f"{started + timedelta(seconds=outcome.seconds):%Y-%m-%dT%H:%M:%SZ}",
        "toolExecutionNotifications": untested + notes,
    }


def _result(outcome: Outcome, finding: Finding, rule: int) -> dict[str, Any]:
    found = [_location(one) for one in places(outcome, finding)]
    about = f" ({finding.place})" if finding.place else ""
    likely = outcome.likely(finding)
    text = f"{finding.problem}{about}\n{finding.sentence}" + (f"\n{likely}" if likely else "")
    result: dict[str, Any] = {
        "ruleId": finding.name,
        "ruleIndex": rule,
        "level": _LEVELS[finding.kind],
        "message": {"text": shown(text, "\n")},
        "locations": found[:1],
        "relatedLocations": found[1:],
        "partialFingerprints": {"understudy/v1": finding.fingerprint},
    }
    if finding.history:
        steps = [_step(outcome, told, found[:1]) for told in finding.history]
        result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
        result |= _exchange(finding.history[-1])
    if finding.fingerprint in outcome.known:
        note = outcome.known[finding.fingerprint]
        result["suppressions"] = [{"kind": "external", "justification": note or "In the baseline."}]
    return result


def _location(place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(place)}
    if place.line:
        physical["region"] = {"startLine": place.line}
    return {
        "physicalLocation": physical,
        "logicalLocations": [{"fullyQualifiedName": place.operation}],
    }


def _artifact(place: Place) -> dict[str, str]:
    """A file below the current folder is named from there on, so that reviews find it."""
    path = Path(place.file)
    if place.line and path.is_absolute():
        return {"uri": path.as_uri()}
    uri = quote(place.file, safe="/:?#[]@!$&'()*+,;=%", errors="replace")
    return {"uri": uri, "uriBaseId": "%SRCROOT%"} if place.line else {"uri": uri}


def _step(outcome: Outcome, told: Told, at: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One exchange of the history; all of them stand where the finding does."""
    path = path_told(told.request, outcome.target)
    text = f"{told.request.method} {path} as {told.who} -> {answer_told(told)}"
    message = {"message": {"text": shown(cut(text, 300))}}
    return {"location": {**(at[0] if at else {}), **message}}


def _exchange(told: Told) -> dict[str, Any]:
    """The request and the answer that show it (sections 3.46 and 3.47)."""
    asked: dict[str, Any] = {
        "method": told.request.method,
        "target": told.request.url,
        "headers": _headers(told.request.headers),
        "body": _body(told.request.body),
    }
    if told.response is None:
        return {"webRequest": asked, "webResponse": {"noResponseReceived": True}}
    return {
        "webRequest": asked,
        "webResponse": {
            "statusCode": told.response.status,
            "headers": _headers(told.response.headers),
            "body": _body(told.response.body),
        },
    }


def _headers(headers: Headers) -> dict[str, str]:
    """Headers by name; those of one name are joined (RFC 9110 section 5.3)."""
    joined: dict[str, str] = {}
    for name, value in headers:
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _body(body: bytes) -> dict[str, str]:
    try:
        return {"text": cut(body.decode(), _MOST_BODY)}
    except UnicodeDecodeError:
        return {"binary": b64encode(body[:_MOST_BODY]).decode()}
