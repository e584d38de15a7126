"""The JSON report fits its schema, and its findings can be read back."""

import json
from typing import Any

from hypothesis import given, settings
from jsonschema import Draft202012Validator

from contracts.outcome import Outcome
from contracts.recorded import finding_from_json
from contracts.report import json_report
from tests.contracts.report.outcomes import LOST, OUTCOMES, ROOT, broken, outcome

SCHEMA = json.loads((ROOT / "contracts/report/report.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def report(whole: Outcome) -> dict[str, Any]:
    """The report as it is read, after the schema has judged it."""
    held: dict[str, Any] = json.loads(json_report.written(whole))
    VALIDATOR.validate(held)
    return held


def test_the_schema_is_one_and_strict() -> None:
    """Every member that is written is described and required."""
    Draft202012Validator.check_schema(SCHEMA)
    held = report(broken())
    assert held.keys() == SCHEMA["properties"].keys() == set(SCHEMA["required"])
    finding = SCHEMA["$defs"]["finding"]
    assert held["findings"][0].keys() == finding["properties"].keys() == set(finding["required"])


def test_laws_have_a_result() -> None:
    """Each law is kept, broken, known, unclear or untested, with the reason."""
    results = {law["name"]: law["result"] for law in report(broken())["laws"]}
    assert results == {
        "created_can_be_read": "broken",
        "deleted_is_gone": "kept",
        "pages_do_not_overlap": "unclear",
        "totals_agree": "untested",
    }
    known = report(outcome(LOST, known={LOST.fingerprint: "Ticket 12"}))
    assert known["laws"][0]["result"] == "known"
    assert known["findings"][0]["note"] == "Ticket 12"
    assert known["verdict"] == "kept"
    assert known["laws"][3]["reason"] == "No list shows a total."


@settings(max_examples=25, deadline=None)
@given(OUTCOMES)
def test_findings_come_back_as_they_were(whole: Outcome) -> None:
    """Whatever texts and bytes a finding has, the report fits the schema and keeps them."""
    held = report(whole)
    read = [
        finding_from_json("report", f"/findings/{n}", one) for n, one in enumerate(held["findings"])
    ]
    assert read == list(whole.findings)
    assert [one["fingerprint"] for one in held["findings"]] == [one.fingerprint for one in read]
    assert (held["verdict"] == "broken") == bool(whole.broken)
