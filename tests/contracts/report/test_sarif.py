"""SARIF 2.1.0 with lines of the description."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from contracts.outcome import Outcome
from contracts.report import sarif
from tests.contracts.report.outcomes import CRASH, LOST, OUTCOMES, ROOT, SHOP, broken, outcome

_MESSAGE = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string", "minLength": 1}},
}
_HEADERS = {"type": "object", "additionalProperties": {"type": "string"}}
_BODY = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {"text": {"type": "string"}, "binary": {"type": "string"}},
}
_LOCATION = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "message": _MESSAGE,
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "required": ["uri"],
                    "properties": {"uri": {"type": "string", "pattern": r"^[!-~]*$"}},
                },
                "region": {"properties": {"startLine": {"type": "integer", "minimum": 1}}},
            },
        },
        "logicalLocations": {"type": "array"},
    },
}
SHAPE: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "items": {
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "properties": {
                            "driver": {
                                "required": ["name", "rules"],
                                "properties": {
                                    "rules": {
                                        "uniqueItems": True,
                                        "items": {
                                            "required": ["id"],
                                            "properties": {
                                                "shortDescription": {"required": ["text"]}
                                            },
                                        },
                                    }
                                },
                            }
                        }
                    },
                    "invocations": {
                        "items": {
                            "required": ["executionSuccessful"],
                            "properties": {
                                "toolExecutionNotifications": {
                                    "items": {
                                        "required": ["message"],
                                        "properties": {
                                            "message": _MESSAGE,
                                            "level": {"enum": ["none", "note", "warning", "error"]},
                                        },
                                    }
                                }
                            },
                        }
                    },
                    "results": {
                        "items": {
                            "required": ["message", "ruleId", "ruleIndex"],
                            "properties": {
                                "message": _MESSAGE,
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "locations": {"items": _LOCATION},
                                "relatedLocations": {"uniqueItems": True, "items": _LOCATION},
                                "partialFingerprints": _HEADERS,
                                "webRequest": {"properties": {"headers": _HEADERS, "body": _BODY}},
                                "webResponse": {
                                    "properties": {
                                        "statusCode": {"type": "integer"},
                                        "headers": _HEADERS,
                                        "body": _BODY,
                                        "noResponseReceived": {"type": "boolean"},
                                    }
                                },
                                "suppressions": {
                                    "items": {
                                        "required": ["kind"],
                                        "properties": {"kind": {"enum": ["inSource", "external"]}},
                                    }
                                },
                            },
                        }
                    },
                },
            }
        },
    },
}
"""What the standard asks of the parts that are written (sections 3.13 to 3.58)."""


def run(whole: Outcome) -> dict[str, Any]:
    """The only run of the log."""
    log = json.loads(sarif.written(whole))
    Draft202012Validator(SHAPE).validate(log)
    (only,) = log["runs"]
    for result in only["results"]:
        assert only["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    found: dict[str, Any] = only
    return found


def test_results_stand_at_their_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    """A result is at file and line of its operation, from the current folder on."""
    monkeypatch.chdir(ROOT)
    lost = run(broken())["results"][0]
    place = lost["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": SHOP, "uriBaseId": "%SRCROOT%"}
    lines = (ROOT / SHOP).read_text().splitlines()
    line = place["region"]["startLine"]
    assert [one.strip() for one in lines[line - 1 : line + 1]] == ["get:", "operationId: readOrder"]
    assert lost["level"] == "error"
    assert lost["partialFingerprints"] == {"understudy/v1": LOST.fingerprint}


def test_more_operations_are_related_places() -> None:
    """A cause that shows at several operations is one result with several places."""
    gap = run(broken())["results"][2]
    assert gap["level"] == "note"
    names = [one["logicalLocations"][0]["fullyQualifiedName"] for one in gap["relatedLocations"]]
    assert names == ["createOrder"]


def test_the_exchange_that_shows_it_is_told() -> None:
    """Request and answer are there, and the history as a code flow."""
    lost, crash = run(broken())["results"][:2]
    assert crash["webRequest"]["target"] == CRASH.history[0].request.url
    assert crash["webResponse"]["statusCode"] == 500
    (flow,) = lost["codeFlows"][0]["threadFlows"]
    texts = [one["location"]["message"]["text"] for one in flow["locations"]]
    assert texts == ["POST /orders as first -> 201", "GET /orders/7 as first -> 404"]


def test_rules_are_laws_and_checks_and_untested_ones_are_named() -> None:
    """Every law is a rule; what was not tested is a notification and no result."""
    only = run(broken())
    tags = {rule["id"]: rule["properties"]["tags"] for rule in only["tool"]["driver"]["rules"]}
    assert tags["totals_agree"] == ["law"]
    assert tags["not_a_server_error"] == ["check"]
    told = [one["message"]["text"] for one in only["invocations"][0]["toolExecutionNotifications"]]
    assert "Not tested: totals_agree. No list shows a total." in told
    assert only["properties"]["untested"] == {"totals_agree": "No list shows a total."}


def test_known_findings_are_suppressed() -> None:
    """What the baseline lets pass is there, suppressed, with the note."""
    (result,) = run(outcome(LOST, known={LOST.fingerprint: "Ticket 12"}))["results"]
    assert result["suppressions"] == [{"kind": "external", "justification": "Ticket 12"}]


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("https://api.example/a b.yaml", "https://api.example/a%20b.yaml"),
        ("namirial", (ROOT / "openapi/namirial.yaml").as_uri()),
        ("nowhere.yaml", "nowhere.yaml"),
    ],
)
def test_descriptions_elsewhere(
    source: str, uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A description at a URL has no line; one outside of the folder has an absolute URL."""
    monkeypatch.chdir(tmp_path)
    (result,) = run(outcome(LOST, source=source))["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": uri}
    assert ("region" in place) == uri.startswith("file:")


@settings(max_examples=25, deadline=None)
@given(OUTCOMES)
def test_it_keeps_its_shape(whole: Outcome) -> None:
    """Whatever an outcome holds, the log is what readers expect."""
    assert len(run(whole)["results"]) == len(whole.findings)
