"""JUnit XML: one test case a law and a check, as build servers read it.

There is no standard. What is written is valid by the schema of Jenkins' xUnit plugin, in the order
that stricter ones want.
"""

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from contracts.findings import Finding, Kind
from contracts.outcome import Outcome
from contracts.report.telling import (
    answer_told,
    body_told,
    by_hand,
    cut,
    path_told,
    reason,
    where,
)

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What no XML 1.0 document may hold, not even escaped (its section 2.2)."""
_MOST_LINE = 2_000


def written(outcome: Outcome) -> str:
    """The report, as XML."""
    suites = [
        _suite(outcome, "laws", _names(outcome, [one.name for one in outcome.laws], is_law=True)),
        _suite(outcome, "checks", _names(outcome, outcome.checks, is_law=False)),
    ]
    root = ET.Element("testsuites", {"name": "understudy", **_sums(suites)})
    root.extend(suites)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _names(outcome: Outcome, ran: Iterable[str], *, is_law: bool) -> list[str]:
    """The laws, or checks, that ran, and what else showed something."""
    found = sorted(one.name for one in outcome.findings if one.is_law is is_law)
    return list(dict.fromkeys([*ran, *found]))


def _suite(outcome: Outcome, name: str, names: Sequence[str]) -> ET.Element:
    cases = [_case(outcome, name, one) for one in names]
    suite = ET.Element(
        "testsuite",
        {
            "name": f"understudy.{_clean(outcome.description.name)}.{name}",
            "tests": str(len(cases)),
            "failures": str(sum(case.find("failure") is not None for case in cases)),
            "errors": "0",
            "skipped": str(sum(case.find("skipped") is not None for case in cases)),
            "time": "0" if name == "checks" else f"{outcome.seconds:.3f}",
            "timestamp": f"{outcome.started:%Y-%m-%dT%H:%M:%S}",
            "hostname": _clean(outcome.target),
        },
    )
    properties = ET.SubElement(suite, "properties")
    for key, value in (("target", outcome.target), ("seed", outcome.seed), ("run", outcome.run)):
        ET.SubElement(properties, "property", {"name": key, "value": _clean(str(value))})
    suite.extend(cases)
    if name == "laws":
        ET.SubElement(suite, "system-out").text = _clean(_remarks(outcome))
    return suite


def _case(outcome: Outcome, suite: str, name: str) -> ET.Element:
    classname = f"understudy.{outcome.description.name}.{suite}"
    case = ET.Element(
        "testcase", {"classname": _clean(classname), "name": _clean(name), "time": "0"}
    )
    own = outcome.of(name, is_law=suite == "laws")
    if own.broken:
        told = {"message": _clean(_headline(own.broken)), "type": suite.removesuffix("s")}
        failure = ET.SubElement(case, "failure", told)
        failure.text = _clean("\n\n".join(_told(outcome, one) for one in own.broken))
        return case
    skipped = _skipped(own, suite, name)
    if skipped:
        ET.SubElement(case, "skipped", {"message": _clean(skipped)})
    if own.findings:
        told_of = "\n\n".join(_told(outcome, one) for one in own.findings)
        ET.SubElement(case, "system-out").text = _clean(told_of)
    return case


def _skipped(own: Outcome, suite: str, name: str) -> str:
    """Why a test case says neither that it is kept nor that it is broken; empty: it is kept."""
    if own.passed:
        return f"The baseline lets it pass: {_headline(own.passed)}"
    if own.unclear:
        return f"It showed once, and not when it was tried again: {_headline(own.unclear)}"
    if suite == "laws" and name in own.untested:
        return f"Not tested: {reason(own, name)}"
    return ""


def _headline(findings: Sequence[Finding]) -> str:
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return cut(findings[0].problem, 300) + more


def _told(outcome: Outcome, finding: Finding) -> str:
    kind = "" if finding.kind is Kind.FAULT else f" ({finding.kind})"
    lines = [
        f"{finding.problem}{kind}",
        finding.sentence,
        f"at: {where(finding)}",
        f"fingerprint: {finding.fingerprint}",
    ]
    likely = outcome.likely(finding)
    if likely:
        lines.append(f"likely: {likely}")
    for number, told in enumerate(finding.history, 1):
        request, response = told.request, told.response
        path = path_told(request, outcome.target)
        lines.append(f"{number}. {request.method} {path} as {told.who} -> {answer_told(told)}")
        came = body_told(response.headers, response.body) if response is not None else ""
        if came:
            lines.append(f"   came: {came}")
    lines += by_hand(outcome, finding)
    return "\n".join(cut(line, _MOST_LINE) for line in lines)


def _remarks(outcome: Outcome) -> str:
    """What belongs to no test case."""
    return "\n".join(
        [
            outcome.verdict,
            *(f"fixed: {told} [{fingerprint}]" for fingerprint, told in outcome.fixed.items()),
            *(f"remains on the target: {one}" for one in outcome.remaining),
            *(f"note: {note}" for note in outcome.notes),
            *(["interrupted"] if outcome.interrupted else []),
        ]
    )


def _sums(suites: Sequence[ET.Element]) -> dict[str, str]:
    counts = {
        name: str(sum(int(suite.attrib[name]) for suite in suites))
        for name in ("tests", "failures", "errors")
    }
    return {**counts, "time": suites[0].attrib["time"]}


def _clean(text: str) -> str:
    """A text that XML can hold: other characters are written out."""
    return _FORBIDDEN.sub(lambda one: f"\\x{ord(one[0]):02x}", text)
