"""The control API over HTTP: every operation, and every refusal."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openapi.loading import BUILT_IN
from tests.mock_server.behaviours.nullplatform_scene import (
    CREATE,
    PENDING,
    acted,
    read,
    signed_in,
)
from tests.mock_server.control.clients import SCENE_SIZE, client, create, names, sign_in
from understudy.pytest_plugin import Understudy

START = "2026-01-31T10:00:00.000000Z"
JSON = {"content-type": "application/json"}
TIMER = {"at": START, "api": "didomi", "call": "when_late", "arguments": {}}

OPERATIONS: dict[str, tuple[str, str, Any, int]] = {
    "showDashboard": ("GET", "/", None, 200),
    "readHealth": ("GET", "/health", None, 200),
    "listApis": ("GET", "/apis", None, 200),
    "resetSandbox": ("POST", "/reset", None, 204),
    "readState": ("GET", "/state", None, 200),
    "restoreState": ("PUT", "/state", {"tables": {}}, 204),
    "listSandboxes": ("GET", "/sandboxes", None, 200),
    "deleteSandbox": ("DELETE", "/sandboxes/{own}", None, 204),
    "readSettings": ("GET", "/settings", None, 200),
    "changeSettings": ("PUT", "/settings", {}, 200),
    "readClock": ("GET", "/clock", None, 200),
    "freezeClock": ("PUT", "/clock", {"now": START}, 200),
    "releaseClock": ("DELETE", "/clock", None, 204),
    "advanceClock": ("POST", "/clock/advance", {"seconds": 0.5}, 200),
    "readOutbox": ("GET", "/outbox", None, 200),
    "clearOutbox": ("DELETE", "/outbox", None, 204),
    "readJournal": ("GET", "/journal", None, 200),
    "clearJournal": ("DELETE", "/journal", None, 204),
}


@pytest.fixture
def controls(understudy: Understudy) -> Iterator[httpx.Client]:
    """A client of the controls of a fresh sandbox."""
    with client(understudy.url("_understudy")) as controls:
        yield controls


@pytest.fixture
def didomi(understudy: Understudy) -> Iterator[httpx.Client]:
    """A client of didomi in the same sandbox, signed in."""
    with client(understudy.url("didomi")) as didomi:
        sign_in(didomi)
        yield didomi


def operation_ids() -> set[str]:
    """The operations of openapi/control.yaml."""
    document = yaml.safe_load((BUILT_IN / "control.yaml").read_text())
    return {
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
        if "operationId" in operation
    }


def refused(answer: httpx.Response, status: int) -> list[str]:
    """The pointers of a refusal, which is a problem in full (RFC 9457)."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"]
    errors = problem.get("errors", [])
    assert all(error["in"] == "body" and error["detail"] for error in errors)
    return [error["pointer"] for error in errors]


def test_the_table_holds_every_operation() -> None:
    """An operation that is added to the description is asked for here, too."""
    assert operation_ids() == OPERATIONS.keys()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_succeeds(
    understudy: Understudy, controls: httpx.Client, operation: str
) -> None:
    """With its own status, and with a body only where one is described."""
    method, path, body, status = OPERATIONS[operation]
    answer = controls.request(method, path.format(own=understudy.sandbox), json=body)
    assert answer.status_code == status, answer.text
    assert bool(answer.content) == (status == 200)


def test_health_names_the_version(controls: httpx.Client) -> None:
    """A script can wait for it, by HEAD as well."""
    health = controls.get("/health").json()
    assert health["status"] == "ok"
    assert health["version"].count(".") == 2
    head = controls.head("/health")
    assert (head.status_code, head.content) == (200, b"")


def test_the_dashboard_shows_the_sandbox(
    understudy: Understudy, controls: httpx.Client, didomi: httpx.Client
) -> None:
    """APIs, sandbox, clock and the latest exchanges, with nothing of a request left unescaped."""
    understudy.clock.set(START)
    didomi.get("/<script>alert(1)</script>")
    controls.put("/settings", json={})
    page = controls.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f"<strong>{understudy.sandbox}</strong>" in page.text
    assert f"{START} (frozen)" in page.text
    for api in ("didomi", "namirial", "nullplatform"):
        assert f"/{api}/openapi.json" in page.text
    assert "/didomi/sessions" in page.text
    assert "<script>" not in page.text


def test_apis_tell_where_they_are(understudy: Understudy, controls: httpx.Client) -> None:
    """Name, title, mount, number of operations, and the path of the description."""
    entries = {entry["name"]: entry for entry in controls.get("/apis").json()["entries"]}
    assert list(entries) == ["didomi", "namirial", "nullplatform"]
    for name, entry in entries.items():
        assert entry["mount"] == f"/{name}/"
        assert entry["description"] == f"/{name}/openapi.json"
        document = controls.get(f"{understudy.url(name)}/openapi.json").json()
        assert document["info"]["title"] == entry["title"]
        methods = {"get", "put", "post", "patch", "delete"}
        count = sum(len(methods & item.keys()) for item in document["paths"].values())
        assert entry["operations"] == count > 0


def test_reset_brings_everything_back(
    understudy: Understudy, controls: httpx.Client, didomi: httpx.Client
) -> None:
    """Tables, clock, outbox, journal and settings, and again each time."""
    first = understudy.state
    for _ in range(2):
        sign_in(didomi)
        create(didomi)
        understudy.settings.put({"nullplatform": {"agent": "timed"}})
        understudy.clock.set(START)
        assert understudy.outbox
        assert understudy.journal
        assert controls.post("/reset").status_code == 204
        state = understudy.state
        assert state["tables"].keys() == first["tables"].keys()
        assert len(state["tables"]["didomi.dsar/requests"]) == SCENE_SIZE
        assert state["settings"] == first["settings"]
        assert state["clock"]["frozen"] is False
        assert understudy.outbox == []
        assert understudy.journal == []


# The clock


def test_the_clock_runs_with_the_systems(understudy: Understudy) -> None:
    """Until somebody moves it."""
    assert abs(understudy.clock.now() - datetime.now(UTC)) < timedelta(seconds=2)


def test_the_clock_can_be_frozen(controls: httpx.Client) -> None:
    """It stands at the given moment, told in UTC, until it is released."""
    given = {"now": "2026-01-31T11:30:00.5+01:30"}
    assert controls.put("/clock", json=given).json() == {
        "now": "2026-01-31T10:00:00.500000Z",
        "frozen": True,
    }
    assert controls.get("/clock").json() == {"now": "2026-01-31T10:00:00.500000Z", "frozen": True}
    assert controls.delete("/clock").status_code == 204
    released = controls.get("/clock").json()
    assert released["frozen"] is False
    assert abs(datetime.fromisoformat(released["now"]) - datetime.now(UTC)) < timedelta(seconds=2)


def test_a_frozen_clock_can_be_advanced(controls: httpx.Client) -> None:
    """By exactly the seconds, also by parts of them, and stays frozen."""
    controls.put("/clock", json={"now": START})
    advanced = controls.post("/clock/advance", json={"seconds": 900.25})
    assert advanced.json() == {"now": "2026-01-31T10:15:00.250000Z", "frozen": True}


def test_a_running_clock_can_be_advanced(understudy: Understudy, controls: httpx.Client) -> None:
    """It runs on from there, and a second advance adds to the first."""
    for _ in range(2):
        assert controls.post("/clock/advance", json={"seconds": 3600}).json()["frozen"] is False
    ahead = understudy.clock.now() - datetime.now(UTC)
    assert abs(ahead - timedelta(hours=2)) < timedelta(seconds=2)


def test_what_falls_due_happens_before_the_clock_goes_back(understudy: Understudy) -> None:
    """An advance brings about what it passes, though the clock is released right after it."""
    understudy.settings.put({"nullplatform": {"agent": "timed", "seconds": 10}})
    with signed_in(understudy) as nullplatform:
        action = acted(nullplatform, PENDING, CREATE)
        understudy.clock.advance(seconds=20)
        understudy.clock.release()
        assert read(nullplatform, action)["status"] == "success"


def test_every_record_follows_the_clock(understudy: Understudy, didomi: httpx.Client) -> None:
    """Rows, mails and exchanges carry the sandbox's time."""
    understudy.clock.set("2030-05-06T07:08:09Z")
    sign_in(didomi)
    at = "2030-05-06T07:08:09.000Z"
    assert create(didomi)["created_at"] == at
    assert understudy.outbox[-1]["at"] == at
    assert understudy.journal[-1]["at"] == at


def test_an_exchange_without_an_operation_follows_the_clock(
    understudy: Understudy, didomi: httpx.Client
) -> None:
    """A request that leads nowhere is recorded at the sandbox's time, too."""
    understudy.clock.set("2030-05-06T07:08:09Z")
    didomi.get("/nowhere")
    assert understudy.journal[-1]["at"] == "2030-05-06T07:08:09.000Z"


# Settings


def test_settings_are_merged(controls: httpx.Client) -> None:
    """What the body does not name stays as it is, in other APIs and in the same one."""
    before = controls.get("/settings").json()
    assert before["nullplatform"] == {"agent": "manual", "seconds": 5, "credentials": "any"}
    first = controls.put("/settings", json={"nullplatform": {"agent": "timed"}})
    second = controls.put(
        "/settings", json={"nullplatform": {"seconds": 7}, "didomi": {"credentials": "known"}}
    )
    assert first.json() == before | {
        "nullplatform": {"agent": "timed", "seconds": 5, "credentials": "any"}
    }
    assert second.json() == controls.get("/settings").json()
    assert second.json() == before | {
        "nullplatform": {"agent": "timed", "seconds": 7, "credentials": "any"},
        "didomi": {"credentials": "known"},
    }
    third = controls.put("/settings", json={"namirial": {"credentials": "known"}})
    assert third.json() == second.json() | {"namirial": {"credentials": "known"}}
    assert controls.put("/settings", json={}).json() == third.json()


def test_settings_take_effect_at_once(understudy: Understudy) -> None:
    """The next request is judged by them."""
    with client(understudy.url("namirial"), {"X-Api-Key": "any"}) as namirial:
        assert namirial.get("/requests").status_code == 200
        understudy.settings.put({"namirial": {"credentials": "known"}})
        assert namirial.get("/requests").status_code == 401
        understudy.settings.put({"namirial": {"credentials": "any"}})
        assert namirial.get("/requests").status_code == 200


# State


def test_a_state_can_be_put_back(understudy: Understudy, didomi: httpx.Client) -> None:
    """Everything that was done since is undone: rows, clock and settings."""
    understudy.clock.set(START)
    understudy.settings.put({"nullplatform": {"agent": "timed"}})
    sign_in(didomi)
    create(didomi, "ada")
    state = understudy.state
    create(didomi, "bob")
    understudy.clock.advance(seconds=60)
    understudy.settings.put({"nullplatform": {"agent": "manual"}, "didomi": {"credentials": "any"}})
    understudy.state = state
    assert understudy.state == state
    assert names(didomi) == ["ada"]
    assert [mail["to"] for mail in understudy.outbox] == ["ada@example.com", "bob@example.com"]


def test_a_state_can_be_put_into_another_sandbox(understudy: Understudy) -> None:
    """Also into that of another server: what is due there happens as it would have here."""
    understudy.clock.set(START)
    understudy.settings.put({"nullplatform": {"agent": "timed", "seconds": 10}})
    with signed_in(understudy) as nullplatform:
        action = acted(nullplatform, PENDING, CREATE)
        state = understudy.state
        understudy.reset()
        understudy.state = json.loads(json.dumps(state))
        understudy.clock.advance(seconds=10)
        assert read(nullplatform, action)["status"] == "in_progress"
        understudy.clock.advance(seconds=10)
        assert read(nullplatform, action)["status"] == "success"


def test_a_moved_clock_is_put_back_as_a_moved_clock(understudy: Understudy) -> None:
    """It runs as far ahead of the system's as it did."""
    understudy.clock.advance(seconds=86_400)
    state = understudy.state
    assert state["clock"]["frozen"] is False
    understudy.clock.set(START)
    understudy.state = state
    ahead = understudy.clock.now() - datetime.now(UTC)
    assert abs(ahead - timedelta(days=1)) < timedelta(seconds=2)


def test_a_state_without_clock_and_settings(understudy: Understudy, controls: httpx.Client) -> None:
    """The system's time and every default, and no table but those that are given."""
    understudy.clock.set(START)
    understudy.settings.put({"nullplatform": {"agent": "timed"}})
    tables = {"didomi.dsar/requests": {"x": {"id": "x"}}}
    assert controls.put("/state", json={"tables": tables}).status_code == 204
    state = understudy.state
    assert state["tables"] == tables
    assert state["clock"]["frozen"] is False
    assert state["settings"]["nullplatform"]["agent"] == "manual"


def test_a_state_written_by_hand_starts_its_clock(understudy: Understudy) -> None:
    """A clock that is not frozen, and of which no move is told, runs on from its `now`."""
    clock = {"now": "2026-01-31T10:00:00Z", "frozen": False}
    understudy.state = {"tables": {}, "clock": clock}
    passed = understudy.clock.now() - datetime.fromisoformat(START)
    assert timedelta() <= passed < timedelta(seconds=5)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # A lone surrogate is no text that can be sent.
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=4,
)
KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
TABLE_NAMES = KEYS.filter(lambda name: not name.startswith("understudy."))
TABLES = st.dictionaries(
    TABLE_NAMES,
    st.dictionaries(KEYS, st.dictionaries(KEYS, JSON_VALUES, max_size=2), min_size=1, max_size=3),
    max_size=3,
)


@given(tables=TABLES)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_tables_can_be_put_and_read(understudy: Understudy, tables: dict[str, Any]) -> None:
    """What is read is what was put, with tables and rows in the same order."""
    understudy.state = {"tables": tables}
    told = understudy.state["tables"]
    assert told == tables
    assert {name: list(rows) for name, rows in told.items()} == {
        name: list(rows) for name, rows in tables.items()
    }


# Outbox and journal


def test_the_outbox_can_be_emptied(
    understudy: Understudy, controls: httpx.Client, didomi: httpx.Client
) -> None:
    """What was sent is told oldest first, and forgotten on demand; the rest stays."""
    assert understudy.outbox == []
    create(didomi, "ada")
    create(didomi, "bob")
    entries = controls.get("/outbox").json()["entries"]
    assert [entry["to"] for entry in entries] == ["ada@example.com", "bob@example.com"]
    assert all(entry["kind"] == "mail" and entry["links"] for entry in entries)
    assert controls.delete("/outbox").status_code == 204
    assert understudy.outbox == []
    assert names(didomi) == ["ada", "bob"]


def test_the_journal_tells_exchanges(
    understudy: Understudy, controls: httpx.Client, didomi: httpx.Client
) -> None:
    """Operation, request, answer and faults, oldest first; the controls are not in it."""
    controls.delete("/journal")
    create(didomi)
    didomi.post("/dsar/requests", json={"status": "done"})
    didomi.get("/nowhere?a=b")
    controls.get("/state")
    first, second, third = controls.get("/journal").json()["entries"]
    assert (first["api"], first["operation"]) == ("didomi", "createRequest")
    assert first["answered_by"] == "written"
    assert first["request"]["method"] == "POST"
    assert first["request"]["url"] == (
        f"{understudy.url('didomi')}/dsar/requests?organization_id=org-1"
    )
    assert first["request"]["headers"]["authorization"].startswith("Bearer ")
    assert first["request"]["body"]["organization_user_id"] == "ada"
    assert first["response"]["status"] == 200
    assert first["response"]["body"]["organization_user_id"] == "ada"
    assert first["problems"] == []
    assert first["milliseconds"] > 0
    assert second["response"]["status"] == 400
    assert {fault["in"] for fault in second["problems"]} == {"body"}
    assert "/status" in {fault["pointer"] for fault in second["problems"]}
    assert (third["operation"], third["answered_by"]) == (None, "refused")
    assert third["response"]["status"] == 404
    assert controls.delete("/journal").status_code == 204
    assert understudy.journal == []


@pytest.mark.parametrize("body", [b"NaN", b'{"a": 1e999}', b"\xff", b"[" * 5000, b'"\\ud800"'])
def test_the_journal_survives_any_body(
    understudy: Understudy, didomi: httpx.Client, body: bytes
) -> None:
    """What is no JSON value is told as text."""
    assert didomi.post("/dsar/requests", content=body, headers=JSON).status_code == 400
    told = understudy.journal[-1]
    assert told["request"]["body"] in {body.decode(errors="replace"), "\ud800"}
    assert told["response"]["status"] == 400


# Refusals


REFUSED: list[tuple[str, str, Any, str]] = [
    ("PUT", "/clock", {}, "/now"),
    ("PUT", "/clock", [], ""),
    ("PUT", "/clock", None, ""),
    ("PUT", "/clock", {"now": None}, "/now"),
    ("PUT", "/clock", {"now": 1}, "/now"),
    ("PUT", "/clock", {"now": ""}, "/now"),
    ("PUT", "/clock", {"now": "tomorrow"}, "/now"),
    ("PUT", "/clock", {"now": "2026-01-31"}, "/now"),
    ("PUT", "/clock", {"now": "2026-01-31T10:00:00"}, "/now"),
    ("PUT", "/clock", {"now": "2026-02-29T10:00:00Z"}, "/now"),
    ("PUT", "/clock", {"now": "2026-12-31T23:59:60Z"}, "/now"),
    ("PUT", "/clock", {"now": "9999-12-31T23:59:59Z"}, "/now"),
    ("PUT", "/clock", {"now": "0001-01-01T00:00:00+01:00"}, "/now"),
    ("PUT", "/clock", {"now": "0000-01-01T00:00:00Z"}, "/now"),
    ("PUT", "/clock", {"now": START, "frozen": False}, "/frozen"),
    ("POST", "/clock/advance", {}, "/seconds"),
    ("POST", "/clock/advance", {"seconds": -1}, "/seconds"),
    ("POST", "/clock/advance", {"seconds": "900"}, "/seconds"),
    ("POST", "/clock/advance", {"seconds": True}, "/seconds"),
    ("POST", "/clock/advance", {"seconds": None}, "/seconds"),
    ("POST", "/clock/advance", {"seconds": 1e300}, "/seconds"),
    ("POST", "/clock/advance", {"seconds": 10**400}, "/seconds"),
    ("POST", "/clock/advance", {"seconds": 1, "minutes": 1}, "/minutes"),
    ("PUT", "/settings", [], ""),
    ("PUT", "/settings", {"nowhere": {}}, "/nowhere"),
    ("PUT", "/settings", {"control": {}}, "/control"),
    ("PUT", "/settings", {"a/b~": {}}, "/a~1b~0"),
    ("PUT", "/settings", {"nullplatform": "timed"}, "/nullplatform"),
    ("PUT", "/settings", {"nullplatform": {"agent": "lazy"}}, "/nullplatform/agent"),
    ("PUT", "/settings", {"nullplatform": {"agent": None}}, "/nullplatform/agent"),
    ("PUT", "/settings", {"nullplatform": {"seconds": 0}}, "/nullplatform/seconds"),
    ("PUT", "/settings", {"nullplatform": {"pace": 1}}, "/nullplatform/pace"),
    ("PUT", "/settings", {"didomi": {"agent": "timed"}}, "/didomi/agent"),
    ("PUT", "/settings", {"didomi": {"credentials": "none"}}, "/didomi/credentials"),
    ("PUT", "/state", {}, "/tables"),
    ("PUT", "/state", [], ""),
    ("PUT", "/state", {"tables": []}, "/tables"),
    ("PUT", "/state", {"tables": {"t": []}}, "/tables/t"),
    ("PUT", "/state", {"tables": {"t": {"a": 1}}}, "/tables/t/a"),
    ("PUT", "/state", {"tables": {"t": {"a": None}}}, "/tables/t/a"),
    ("PUT", "/state", {"tables": {}, "outbox": []}, "/outbox"),
    ("PUT", "/state", {"tables": {"understudy.outbox": {"a": {}}}}, "/tables"),
    ("PUT", "/state", {"tables": {"understudy.timers": {"a": {}}}}, "/tables"),
    ("PUT", "/state", {"tables": {"understudy.timers": {"a": TIMER | {"at": 5}}}}, "/tables"),
    ("PUT", "/state", {"tables": {"understudy.timers": {"a": TIMER | {"api": []}}}}, "/tables"),
    ("PUT", "/state", {"tables": {}, "clock": {"now": START}}, "/clock/frozen"),
    ("PUT", "/state", {"tables": {}, "clock": {"frozen": True}}, "/clock/now"),
    ("PUT", "/state", {"tables": {}, "clock": {"now": "soon", "frozen": True}}, "/clock/now"),
    (
        "PUT",
        "/state",
        {"tables": {}, "clock": {"now": "9999-12-31T00:00:00Z", "frozen": True}},
        "/clock",
    ),
    (
        "PUT",
        "/state",
        {"tables": {}, "clock": {"now": "9999-12-31T00:00:00Z", "frozen": False}},
        "/clock",
    ),
    (
        "PUT",
        "/state",
        {"tables": {}, "clock": {"now": START, "frozen": False, "moved": 1e300}},
        "/clock",
    ),
    ("PUT", "/state", {"tables": {}, "settings": {"nowhere": {}}}, "/settings/nowhere"),
    (
        "PUT",
        "/state",
        {"tables": {}, "settings": {"didomi": {"credentials": 1}}},
        "/settings/didomi/credentials",
    ),
    (
        "PUT",
        "/state",
        {
            "tables": {"understudy.timers": {"a": {}}},
            "clock": {"now": "2000-01-01T00:00:00Z", "frozen": True},
            "settings": {"didomi": {"credentials": "known"}},
        },
        "/tables",
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "pointer"), REFUSED)
def test_a_refused_change_changes_nothing(
    understudy: Understudy, controls: httpx.Client, method: str, path: str, body: Any, pointer: str
) -> None:
    """The refusal names the place of the fault, and the sandbox is as it was."""
    understudy.clock.set(START)
    before = understudy.state
    content = b"" if body is None else json.dumps(body).encode()
    answer = controls.request(method, path, content=content, headers=JSON)
    assert refused(answer, 400) == [pointer]
    assert understudy.state == before


@pytest.mark.parametrize(
    "operation", [key for key, row in OPERATIONS.items() if row[2] is not None]
)
@pytest.mark.parametrize("content", [b"{", b"\xff", b'{"now": NaN}', b"[" * 5000])
def test_a_body_that_is_no_json_is_refused(
    controls: httpx.Client, operation: str, content: bytes
) -> None:
    """By every operation that takes one."""
    method, path, *_ = OPERATIONS[operation]
    assert refused(controls.request(method, path, content=content, headers=JSON), 400) == [""]


@pytest.mark.parametrize(
    "operation", [key for key, row in OPERATIONS.items() if row[2] is not None]
)
def test_a_body_of_another_type_is_refused(controls: httpx.Client, operation: str) -> None:
    """415 for what is not described as JSON."""
    method, path, *_ = OPERATIONS[operation]
    answer = controls.request(method, path, content=b"{}", headers={"content-type": "text/plain"})
    refused(answer, 415)


def test_deleting_an_unknown_sandbox_is_refused(controls: httpx.Client) -> None:
    """It is not there, and is not opened by the attempt."""
    before = controls.get("/sandboxes").json()["entries"]
    answer = controls.delete("/sandboxes/nobody")
    refused(answer, 404)
    assert "'nobody'" in answer.json()["detail"]
    after = controls.get("/sandboxes").json()["entries"]
    assert [entry["name"] for entry in after] == [entry["name"] for entry in before]


@pytest.mark.parametrize(
    "path", ["/nowhere", "/clock/", "/clock/advance/x", "/sandboxes/", "/a/b/c"]
)
def test_an_unknown_path_is_refused(controls: httpx.Client, path: str) -> None:
    """The controls are where the description says, and nowhere else."""
    refused(controls.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/clock", "DELETE, GET, HEAD, PUT"),
        ("GET", "/reset", "POST"),
        ("PATCH", "/state", "GET, HEAD, PUT"),
        ("PUT", "/outbox", "DELETE, GET, HEAD"),
        ("GET", "/sandboxes/x", "DELETE"),
    ],
)
def test_a_wrong_method_is_refused(
    controls: httpx.Client, method: str, path: str, allow: str
) -> None:
    """405 with those that are allowed."""
    answer = controls.request(method, path)
    refused(answer, 405)
    assert answer.headers["allow"] == allow


def test_an_unacceptable_answer_is_refused(controls: httpx.Client) -> None:
    """406 before anything is changed."""
    before = controls.get("/settings").json()
    answer = controls.put(
        "/settings",
        json={"nullplatform": {"agent": "timed"}},
        headers={"accept": "image/png"},
    )
    refused(answer, 406)
    assert controls.get("/settings").json() == before
