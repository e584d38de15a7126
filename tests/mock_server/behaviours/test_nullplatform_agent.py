"""nullplatform over HTTP: the agent that moves actions by itself."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.mock_server.behaviours.nullplatform_scene import (
    ACTIVE,
    CREATE,
    PENDING,
    SNAPSHOT,
    acted,
    link_status,
    read,
    report,
    signed_in,
)
from understudy.pytest_plugin import Understudy


@pytest.fixture
def api(understudy: Understudy) -> Iterator[httpx.Client]:
    """A client of a fresh sandbox, with a token."""
    with signed_in(understudy) as client:
        yield client


def test_agent_is_manual_by_default(understudy: Understudy, api: httpx.Client) -> None:
    """By default an action stays as it is however long nobody reports."""
    action = acted(api, PENDING, CREATE)
    understudy.clock.advance(seconds=3600)
    assert read(api, action)["status"] == "pending"


def test_immediate_agent(understudy: Understudy, api: httpx.Client) -> None:
    """The immediate agent has done its work before the answer, results and link included."""
    understudy.settings.put({"nullplatform": {"agent": "immediate"}})
    action = acted(api, PENDING, CREATE)
    assert action["status"] == "success"
    assert action["results"] == {"host": "billing.internal", "user": "orders", "statements": 3}
    link = api.get(f"/link/{PENDING}").json()
    assert link["status"] == "active"
    assert link["attributes"] == {"host": "billing.internal", "username": "orders"}


def test_agent_keeps_given_results(understudy: Understudy, api: httpx.Client) -> None:
    """Results that were given stand; the agent adds only those that are missing."""
    understudy.settings.put({"nullplatform": {"agent": "immediate"}})
    action = acted(api, PENDING, CREATE, results={"user": "me"})
    assert action["results"] == {"host": "billing.internal", "user": "me", "statements": 3}
    assert acted(api, ACTIVE, SNAPSHOT)["results"] == {}


@pytest.mark.parametrize("agent", ["immediate", "timed"])
def test_agent_leaves_the_ended_and_the_unapproved(
    understudy: Understudy, api: httpx.Client, agent: str
) -> None:
    """No agent touches an action that has ended, or one that still waits for its approval."""
    understudy.settings.put({"nullplatform": {"agent": agent}})
    failed = acted(api, ACTIVE, SNAPSHOT, status="failed")
    waiting = acted(api, ACTIVE, SNAPSHOT, status="pending_create")
    understudy.clock.advance(seconds=3600)
    with signed_in(understudy) as client:
        assert read(client, failed)["status"] == "failed"
        assert read(client, waiting)["status"] == "pending_create"


def test_agent_takes_up_what_is_approved(understudy: Understudy, api: httpx.Client) -> None:
    """An action that waited for its approval goes to the agent when it has become pending."""
    understudy.settings.put({"nullplatform": {"agent": "immediate"}})
    action = acted(api, PENDING, CREATE, status="pending_create")
    assert link_status(api, PENDING) == "creating"
    assert report(api, action, status="pending").json()["status"] == "success"
    assert link_status(api, PENDING) == "active"


def test_timed_agent(understudy: Understudy, api: httpx.Client) -> None:
    """The timed agent takes an action up after `seconds`, and ends it after as many again."""
    understudy.settings.put({"nullplatform": {"agent": "timed", "seconds": 10}})
    action = acted(api, PENDING, CREATE)
    understudy.clock.advance(seconds=9)
    assert read(api, action)["status"] == "pending"
    understudy.clock.advance(seconds=1)
    assert read(api, action)["status"] == "in_progress"
    assert link_status(api, PENDING) == "creating"
    understudy.clock.advance(seconds=10)
    ended = read(api, action)
    assert ended["status"] == "success"
    assert ended["results"]["user"] == "orders"
    assert link_status(api, PENDING) == "active"


def test_timed_agent_takes_five_seconds_a_step(understudy: Understudy) -> None:
    """Without a setting of its own a step takes five seconds; times are those of the step."""
    understudy.clock.set("2026-01-31T10:00:00Z")
    understudy.settings.put({"nullplatform": {"agent": "timed"}})
    with signed_in(understudy) as client:
        action = acted(client, PENDING, CREATE)
        understudy.clock.advance(seconds=60)
        assert read(client, action)["updated_at"] == "2026-01-31T10:00:10.000Z"


def test_timed_agent_never_moves_back(understudy: Understudy, api: httpx.Client) -> None:
    """What has ended or gone by itself in the meantime is left alone."""
    understudy.settings.put({"nullplatform": {"agent": "timed", "seconds": 10}})
    failed = acted(api, PENDING, CREATE)
    gone = acted(api, ACTIVE, SNAPSHOT)
    report(api, failed, status="failed")
    api.delete(f"/link/{ACTIVE}/action/{gone['id']}")
    understudy.clock.advance(seconds=60)
    assert read(api, failed)["status"] == "failed"
    assert link_status(api, PENDING) == "failed"


def test_timed_agent_does_not_repeat_itself(understudy: Understudy, api: httpx.Client) -> None:
    """An action that is in progress already is only ended."""
    understudy.settings.put({"nullplatform": {"agent": "timed", "seconds": 10}})
    action = acted(api, ACTIVE, SNAPSHOT, status="in_progress")
    understudy.clock.advance(seconds=10)
    assert read(api, action)["updated_at"] == action["updated_at"]
    understudy.clock.advance(seconds=10)
    assert read(api, action)["status"] == "success"


@pytest.mark.parametrize("seconds", [0, -1, 31_536_001, "5"])
def test_seconds_have_limits(understudy: Understudy, seconds: Any) -> None:
    """A step takes more than nothing and at most a year."""
    with pytest.raises(httpx.HTTPStatusError):
        understudy.settings.put({"nullplatform": {"seconds": seconds}})
