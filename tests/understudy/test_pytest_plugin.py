"""The pytest plugin: its fixture in this run, and in runs of its users."""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from tests.mock_server.control.clients import client, create, sign_in
from understudy.pytest_plugin import Understudy

pytest_plugins = ["pytester"]

# The fixture


def test_urls_lead_into_the_sandbox(understudy: Understudy) -> None:
    """Of each API, and of the controls."""
    pattern = rf"http://127\.0\.0\.1:\d+/~{re.escape(understudy.sandbox)}/didomi"
    assert re.fullmatch(pattern, understudy.url("didomi"))
    with client(understudy.url("_understudy")) as controls:
        entries = controls.get("/sandboxes").json()["entries"]
    assert understudy.sandbox in {entry["name"] for entry in entries}


def test_the_sandbox_is_named_by_the_test(understudy: Understudy) -> None:
    """So that a journal or a link tells whose it is."""
    assert understudy.sandbox.startswith("test-the-sandbox-is-named-by-the-test-")


@pytest.mark.parametrize("odd", ["é/../~ %\n", "x" * 200, ""])
def test_any_name_of_a_test_makes_a_sandbox(understudy: Understudy, odd: str) -> None:
    """Whatever its parameters are."""
    assert odd is not None
    assert understudy.state["tables"]


def test_the_clock_is_set_and_moved(understudy: Understudy) -> None:
    """By text or by an aware datetime of any offset; it is told in UTC."""
    at = datetime(2026, 1, 31, 10, tzinfo=UTC)
    for moment in (
        "2026-01-31T10:00:00Z",
        at,
        at.astimezone(timezone(timedelta(hours=-5), "somewhere")),
    ):
        understudy.clock.set(moment)
        assert understudy.clock.now() == at
        assert understudy.clock.now().tzinfo is UTC
    understudy.clock.advance(seconds=0.5)
    assert understudy.clock.now() == at + timedelta(seconds=0.5)
    understudy.clock.release()
    assert abs(understudy.clock.now() - datetime.now(UTC)) < timedelta(seconds=2)


@pytest.mark.parametrize("moment", ["tomorrow", datetime(2026, 1, 31)])  # noqa: DTZ001
def test_a_wrong_moment_fails_the_test(understudy: Understudy, moment: str | datetime) -> None:
    """A mistake in a test must not pass unseen."""
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        understudy.clock.set(moment)


@pytest.mark.parametrize(
    "settings", [{"nowhere": {}}, {"nullplatform": {"agent": "lazy"}}, {"didomi": {"agent": 1}}]
)
def test_wrong_settings_fail_the_test(
    understudy: Understudy, settings: dict[str, dict[str, Any]]
) -> None:
    """As above."""
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        understudy.settings.put(settings)


def test_state_settings_and_records(understudy: Understudy) -> None:
    """They are asked anew at each access, and a state can be put back."""
    before = understudy.state
    understudy.settings.put({"nullplatform": {"seconds": 9}})
    assert understudy.settings.get()["nullplatform"]["seconds"] == 9
    with client(understudy.url("didomi")) as didomi:
        sign_in(didomi)
        create(didomi)
    assert [mail["to"] for mail in understudy.outbox] == ["ada@example.com"]
    assert [e["operation"] for e in understudy.journal] == ["createSession", "createRequest"]
    assert understudy.state["tables"] != before["tables"]
    understudy.state = before
    assert understudy.state["tables"] == before["tables"]
    assert understudy.state["settings"] == before["settings"]
    understudy.reset()
    assert understudy.outbox == []


def test_a_client_in_the_same_process(understudy: Understudy) -> None:
    """The application answers without a socket, and the header names the sandbox."""

    async def verified() -> httpx.Response:
        transport = httpx.ASGITransport(understudy.app)
        headers = {"Understudy-Sandbox": understudy.sandbox}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://mock", headers=headers
        ) as didomi:
            return await didomi.get("/didomi/dsar/verified")

    assert asyncio.run(verified()).status_code == 200
    assert [exchange["operation"] for exchange in understudy.journal] == ["showVerified"]


# Runs of its users

SLOW_TO_LOAD = ("schemathesis", "hypothesispytest", "faker", "pytest_cov", "anyio")
RUN = (
    *("-W", "error"),
    *("-o", "python_functions=test* п*"),
    *(f"-pno:{plugin}" for plugin in SLOW_TO_LOAD),
)

FRESH = """\
import httpx
import pytest

seen = []

@pytest.mark.parametrize("turn", range({turns}))
def test_a_fresh_sandbox(understudy, turn, tmp_path_factory, testrun_uid):
    assert understudy.outbox == understudy.journal == []
    assert understudy.settings.get()["nullplatform"]["agent"] == "manual"
    with httpx.Client(base_url=understudy.url("didomi"), trust_env=False) as didomi:
        session = {{"type": "api-key", "key": "any", "secret": "any"}}
        assert didomi.post("/sessions", json=session).status_code == 200
        assert len(understudy.journal) == 1
        boxes = didomi.get(understudy.url("_understudy") + "/sandboxes").json()["entries"]
    assert [box["name"] for box in boxes] == [understudy.sandbox]
    understudy.settings.put({{"nullplatform": {{"agent": "immediate"}}}})
    understudy.clock.set("2026-01-31T10:00:00Z")
    with open({log!r}, "a") as log:
        print(understudy.url("").partition("/~")[0], understudy.sandbox, file=log)

def проверка(understudy):
    assert understudy.outbox == []
"""


def outcomes(result: pytest.RunResult) -> Mapping[str, int]:
    """How many tests passed, failed and so on; warnings are errors in these runs."""
    found: Mapping[str, int] = result.parseoutcomes()
    return found


@pytest.mark.parametrize("workers", [0, 2])
def test_each_test_has_a_fresh_sandbox(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    """One server for each worker, one sandbox for each test, forgotten after it.

    Proxies of the environment are not asked, and tests may be named in any script.
    """
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    log = pytester.path / "log"
    pytester.makepyfile(FRESH.format(turns=4, log=str(log)))
    result = pytester.runpytest_subprocess(*RUN, "-n", str(workers), "--dist", "each")
    turns = 4 * max(workers, 1)
    assert outcomes(result) == {"passed": turns + max(workers, 1)}
    servers, sandboxes = zip(*(line.split() for line in log.read_text().splitlines()), strict=True)
    assert len(set(servers)) == max(workers, 1)
    assert len(set(sandboxes)) == turns


IDLE = """\
import sys

def test_nothing():
    assert not [name for name in sys.modules if name.split(".")[0] in {"mock_server", "connexion"}]
"""


def test_a_run_that_does_not_use_it_loads_no_server(pytester: pytest.Pytester) -> None:
    """Who has it installed does not pay for it."""
    pytester.makepyfile(IDLE)
    assert outcomes(pytester.runpytest_subprocess(*RUN)) == {"passed": 1}


def test_it_is_among_the_fixtures(pytester: pytest.Pytester) -> None:
    """With its one sentence."""
    result = pytester.runpytest_inprocess("--fixtures", "-q")
    result.stdout.fnmatch_lines(["understudy -- *", "*A fresh sandbox of the built-in APIs*"])
