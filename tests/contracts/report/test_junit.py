"""JUnit XML as build servers read it."""

from xml.etree import ElementTree as ET

from hypothesis import given, settings

from contracts.outcome import Outcome
from contracts.report import junit
from tests.contracts.report.outcomes import CRASH, LOST, OUTCOMES, broken, outcome

ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "time"},
    "testsuite": {
        "name",
        "tests",
        "failures",
        "errors",
        "skipped",
        "time",
        "timestamp",
        "hostname",
    },
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"classname", "name", "time"},
    "failure": {"message", "type"},
    "skipped": {"message"},
    "system-out": set(),
}
"""What elements have, in the schemas that build servers share; all of it is written."""
CHILDREN = {
    "testsuites": ["testsuite"],
    "testsuite": ["properties", "testcase", "system-out"],
    "properties": ["property"],
    "testcase": ["failure", "skipped", "system-out"],
}
"""What they hold, in the order that the stricter schemas want."""


def assert_of_its_shape(root: ET.Element) -> None:
    """Elements, attributes and their order are those that every reader knows; sums are right."""
    for element in root.iter():
        assert set(element.attrib) == ATTRIBUTES[element.tag]
        order = CHILDREN.get(element.tag, [])
        ranks = [order.index(child.tag) for child in element]
        assert ranks == sorted(ranks)
    for suite in root.iter("testsuite"):
        cases = suite.findall("testcase")
        assert all(
            len(case.findall("failure")) + len(case.findall("skipped")) <= 1 for case in cases
        )
        assert int(suite.attrib["tests"]) == len(cases)
        for name, tag in (("failures", "failure"), ("skipped", "skipped")):
            assert int(suite.attrib[name]) == len(suite.findall(f"testcase/{tag}"))
    for name in ("tests", "failures", "errors"):
        assert int(root.attrib[name]) == sum(int(suite.attrib[name]) for suite in root)


def case(root: ET.Element, name: str) -> ET.Element:
    """The only test case of that name."""
    (found,) = root.findall(f".//testcase[@name='{name}']")
    return found


def test_each_law_and_check_is_a_test_case() -> None:
    """Broken ones fail, untested and unclear ones are skipped with the reason, others pass."""
    root = ET.fromstring(junit.written(broken()))  # noqa: S314 - it is our own
    assert_of_its_shape(root)
    failure = case(root, LOST.name).find("failure")
    assert failure is not None
    assert failure.attrib == {"message": LOST.problem, "type": "law"}
    assert "2. GET /orders/7 as first -> 404" in (failure.text or "")
    assert "curl http://127.0.0.1:8000/v1/orders/7" in (failure.text or "")
    skipped = case(root, "totals_agree").find("skipped")
    assert skipped is not None
    assert skipped.attrib["message"] == "Not tested: No list shows a total."
    assert case(root, "pages_do_not_overlap").find("skipped") is not None
    assert list(case(root, "deleted_is_gone")) == []
    assert case(root, CRASH.name).find("failure") is not None
    gap = case(root, "status_code_conformance")
    assert [one.tag for one in gap] == ["system-out"]
    assert "orders/7" in (root.findtext(".//testsuite/system-out") or "")


def test_what_the_baseline_knows_does_not_fail() -> None:
    """A known finding is skipped with its problem, and is no pass either."""
    written = junit.written(outcome(LOST, known={LOST.fingerprint: ""}))
    root = ET.fromstring(written)  # noqa: S314 - it is our own
    skipped = case(root, LOST.name).find("skipped")
    assert skipped is not None
    assert LOST.problem in skipped.attrib["message"]
    assert root.attrib["failures"] == "0"


@settings(max_examples=25, deadline=None)
@given(OUTCOMES)
def test_it_is_xml_whatever_it_holds(whole: Outcome) -> None:
    """Markup and characters that XML forbids are texts like others."""
    root = ET.fromstring(junit.written(whole).encode())  # noqa: S314 - it is our own
    assert_of_its_shape(root)
    assert int(root.attrib["failures"]) == len({(one.name, one.is_law) for one in whole.broken})
