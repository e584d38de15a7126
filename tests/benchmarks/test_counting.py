"""Counting what a tool finds: a tool here is a few lines of Python, the servers are real."""

import json
import shlex
import sys
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.bugs.__main__ import main
from benchmarks.bugs.catalogue import CRASH, Bug
from benchmarks.bugs.counting import shown
from benchmarks.bugs.report import Finding, findings_of
from benchmarks.bugs.servers import SERVERS

_TOOL = """
import json, sys, urllib.error, urllib.request
url, report = sys.argv[1:]
body = {"name": "Ann's", "price": 5, "category": "cups", "stock": 1}
post = urllib.request.Request(
    url + "/products", json.dumps(body).encode(), {"Content-Type": "application/json"}
)
findings = [{"check": "positive_data", "operations": ["GET /orders"], "message": "Odd."}]
try:
    urllib.request.urlopen(post)
except urllib.error.HTTPError as error:
    told = {"check": "not_a_server_error", "operations": ["POST /products"], "message": "500"}
    findings.append(told | {"history": [{"response": error.read().decode()}]})
open(report, "w").write(json.dumps({"findings": findings}))
"""


@pytest.fixture
def command(tmp_path: Path) -> str:
    """A tool that sends one product with a quote, and that always finds something odd, too."""
    file = tmp_path / "tool.py"
    file.write_text(_TOOL)
    return shlex.join([sys.executable, str(file), "{url}", "{report}"])


def _output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    main(["--server", "shop", *arguments])
    return capsys.readouterr().out


def test_a_bug_is_shown_by_a_finding_of_its_operation_words_and_evidence(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One crash names one bug, not the other crash of the operation; the rest is noise."""
    output = _output(capsys, "--command", command)
    assert "not shown  free_product_crashes" in output
    assert "not shown  quote_in_name_crashes" not in output
    assert "of no bug  listOrders: positive data odd." in output
    assert output.splitlines()[-2:] == [
        "findings that name no bug: 1 of 2 (50%)",
        f"shown 1 of {len(SERVERS['shop'].bugs)} (6%)",
    ]


def test_one_bug_at_a_time_counts_what_the_honest_server_does_not_show(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is found without bugs, too, is a false alarm and shows none."""
    bugs = ["--bug", "quote_in_name_crashes", "--bug", "pages_overlap"]
    output = _output(capsys, "--each", *bugs, "--command", command)
    assert "shop: false alarm  listOrders: positive data odd." in output
    assert "shop: shown      quote_in_name_crashes  createProduct: not a server error" in output
    assert "shop: not shown  pages_overlap\n" in output
    assert output.endswith("shown 1 of 2 (50%)\n")
    assert "false alarms on the honest servers: 1\n" in output


def test_a_tool_without_a_report_ends_the_count() -> None:
    """What the tool said is told."""
    with pytest.raises(SystemExit, match=r"No such file.*\n.*unrecognised"):
        main(["--server", "links", "--command", "sh -c 'echo unrecognised; exit 2'"])


def test_who_signs_in_is_told_to_the_tool(tmp_path: Path) -> None:
    """`{auth}` becomes headers that the server takes; the environment has both logins."""
    file = tmp_path / "tool.py"
    file.write_text(
        "import json, os, sys, urllib.request\n"
        "url, report, flag, header = sys.argv[1:]\n"
        "name, value = header.split(': ')\n"
        "sent = urllib.request.Request(url + '/me', headers={name: value})\n"
        "user = json.load(urllib.request.urlopen(sent))\n"
        "logins = [json.loads(os.environ['UNDERSTUDY_LOGIN' + end]) for end in ('', '_2')]\n"
        "assert [one['username'] for one in logins] == [user['username'], 'ben'] and flag == '-H'\n"
        "open(report, 'w').write(json.dumps({'findings': []}))\n"
    )
    parts = [sys.executable, str(file), "{url}", "{report}", "{auth}"]
    main(["--server", "notes", "--command", shlex.join(parts)])


def test_findings_of_junit_take_the_operation_from_the_last_request(tmp_path: Path) -> None:
    """A test case of no operation is of the operation that its last request calls."""
    told = (
        "- Resource not found\n\n[404] Not Found:\n\n`{}`\n\n"
        "curl -X POST -d '{}' http://127.0.0.1:1/api/rooms\n"
        "curl -X DELETE 'http://127.0.0.1:1/api/rooms/7?x=1'"
    )
    report = tmp_path / "report.xml"
    report.write_text(
        "<testsuites><testsuite><testcase name='GET /rooms'/><testcase name='GET /bookings'>"
        f"<failure>- Server error</failure></testcase><testcase name='Stateful'><failure>{told}"
        "</failure></testcase></testsuite></testsuites>"
    )
    first, second = findings_of(report, SERVERS["bookings"].operation_named)
    assert first.operations == {"listBookings"}
    assert first.said == "- server error"
    assert second.operations == {"deleteRoom"}
    assert "404" not in second.said
    assert "`{}`" in second.whole


def test_findings_of_json_name_operations_by_id_or_by_method_and_path(tmp_path: Path) -> None:
    """Both kinds of names are understood, unknown ones are left out."""
    report = tmp_path / "report.json"
    names = ["readRoom", "PUT /bookings/{bookingId}", "readNothing"]
    finding = {"law": "Pages do not overlap", "operations": names, "message": "They do."}
    report.write_text(json.dumps({"findings": [finding]}))
    (found,) = findings_of(report, SERVERS["bookings"].operation_named)
    assert found.operations == {"readRoom", "replaceBooking"}
    assert found.said == "pages do not overlap they do."


def _bug(name: str, *operations: str) -> Bug:
    return Bug(name, "", operations, ("page",), "", proof=lambda _client: True)


def _finding(*operations: str) -> Finding:
    return Finding(frozenset(operations), "pages overlap", "")


def test_a_finding_shows_one_bug() -> None:
    """Two bugs of an operation need two findings."""
    same = [_bug("overlap", "list"), _bug("total", "list")]
    assert len(shown(same, [_finding("list", "find")])) == 1
    assert len(shown(same, [_finding("list"), _finding("list", "find")])) == 2


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sets(st.sampled_from("abc"), min_size=1), max_size=4), st.data())
def test_as_many_bugs_as_possible_are_shown(bugs: list[set[str]], data: st.DataObject) -> None:
    """No other choice of findings for bugs shows more."""
    known = [_bug(str(number), *sorted(one)) for number, one in enumerate(bugs)]
    operations = data.draw(st.lists(st.sets(st.sampled_from("abc"), max_size=2), max_size=4))
    chosen: list[set[str] | None] = [*operations, *[None] * len(known)]
    best = max(
        sum(
            bool(one) and not one.isdisjoint(bug.operations)
            for bug, one in zip(known, order, strict=True)
            if one is not None
        )
        for order in permutations(chosen, len(known))
    )
    assert len(shown(known, [_finding(*sorted(one)) for one in operations])) == best


def test_crashes_of_one_operation_are_told_apart() -> None:
    """A crash alone says nothing: each crash has evidence that no other of its server has."""
    for server in SERVERS.values():
        crashes = [bug.evidence for bug in server.bugs.values() if set(CRASH) <= set(bug.words)]
        assert all(crashes)
        assert len(set(crashes)) == len(crashes)
