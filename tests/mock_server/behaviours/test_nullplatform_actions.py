"""nullplatform over HTTP: actions, and what they do to their link."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mock_server.behaviours.nullplatform._schemas import checked
from mock_server.refusals import BadRequest
from tests.mock_server.behaviours.nullplatform_scene import (
    ACTIVE,
    ALSO_ACTIVE,
    CREATE,
    DELETE,
    DIAGNOSE,
    FAILED,
    KNOWN_ENDPOINT,
    NOBODY,
    PENDING,
    RESIZE,
    RESIZED,
    SERVICE,
    SNAPSHOT,
    SNAPSHOTTING,
    UPDATE,
    WAITING,
    act,
    acted,
    link_status,
    read,
    refused,
    report,
    signed_in,
)
from understudy.pytest_plugin import Understudy

ORDER = {"pending_create": 0, "pending": 1, "in_progress": 2, "success": 3, "failed": 3}
"""How far an action of that status has come."""

FINAL = ["success", "failed"]


@pytest.fixture
def api(understudy: Understudy) -> Iterator[httpx.Client]:
    """A client of a fresh sandbox, with a token."""
    with signed_in(understudy) as client:
        yield client


# Creation


def test_link_is_brought_up(api: httpx.Client) -> None:
    """The whole way: a create action, taken up, done, and the pending link is active."""
    action = acted(api, PENDING, CREATE)
    assert (action["status"], link_status(api, PENDING)) == ("pending", "creating")
    assert report(api, action, status="in_progress").json()["status"] == "in_progress"
    assert link_status(api, PENDING) == "creating"
    assert report(api, action, status="success").json()["status"] == "success"
    assert link_status(api, PENDING) == "active"


def test_action_starts_pending(api: httpx.Client) -> None:
    """A new action is pending, belongs to the link of the path, and holds nothing ungiven."""
    action = acted(api, ACTIVE, SNAPSHOT)
    assert action["status"] == "pending"
    assert action["link_id"] == ACTIVE
    assert action["created_at"] == action["updated_at"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", action["created_at"])
    assert (action["parameters"], action["results"], action["messages"]) == ({}, {}, [])
    assert action["desired_specification_id"] is None
    assert "service_id" not in action


def test_action_keeps_what_is_given(api: httpx.Client) -> None:
    """Every optional field that is given comes back, also when the action is read."""
    fields = {
        "name": "Snapshot of May",
        "desired_specification_id": NOBODY,
        "results": {"size": 5},
        "status": "in_progress",
        "service_id": SERVICE,
        "link_id": ACTIVE,
    }
    action = acted(api, ACTIVE, SNAPSHOT, **fields)
    assert {key: action[key] for key in fields} == fields
    assert action["slug"] == "snapshot-of-may"
    assert read(api, action) == action


def test_bodies_are_open(api: httpx.Client) -> None:
    """A field that the description does not name is no fault."""
    assert act(api, ACTIVE, SNAPSHOT, colour="red").status_code == 200


@pytest.mark.parametrize(
    ("specification", "link", "name", "slug"),
    [
        (CREATE, PENDING, "create-orders-to-mail", "create-user"),
        (UPDATE, ACTIVE, "update-orders-to-ledger", "update-user"),
        (DELETE, ACTIVE, "delete-orders-to-ledger", "delete-user"),
        (RESIZE, ACTIVE, "resize-pool", "resize-pool"),
        (DIAGNOSE, ACTIVE, "diagnose-user", "diagnose-user"),
    ],
)
def test_action_without_a_name(
    api: httpx.Client, specification: str, link: str, name: str, slug: str
) -> None:
    """Without a name the action has a made-up one, and its specification's slug."""
    action = acted(api, link, specification)
    assert (action["name"], action["slug"]) == (name, slug)


def test_action_without_latin_letters_has_its_id_as_slug(api: httpx.Client) -> None:
    """Where nothing of the name is left for the slug, the id takes its place."""
    action = acted(api, ACTIVE, SNAPSHOT, name="快照")
    assert action["slug"] == action["id"]


def test_link_of_the_body_is_that_of_the_path(api: httpx.Client) -> None:
    """A link_id that differs from the path is refused."""
    assert ALSO_ACTIVE in refused(act(api, ACTIVE, SNAPSHOT, link_id=ALSO_ACTIVE))


@pytest.mark.parametrize(("link", "specification"), [(ACTIVE, NOBODY), (KNOWN_ENDPOINT, SNAPSHOT)])
def test_specification_is_the_links(api: httpx.Client, link: str, specification: str) -> None:
    """Only action specifications of the link's own link specification are taken."""
    assert specification in refused(act(api, link, specification))


# Parameters


def test_parameters_have_defaults(api: httpx.Client) -> None:
    """Required parameters with defaults may be left out, all of them or some."""
    action = acted(api, ACTIVE, RESIZE)
    assert action["parameters"] == {"connections": 10, "mode": "session"}
    action = acted(api, ALSO_ACTIVE, RESIZE, parameters={"connections": 3})
    assert action["parameters"] == {"connections": 3, "mode": "session"}


def test_parameters_are_filled_and_cut_at_every_level(api: httpx.Client) -> None:
    """Nested objects get their defaults and lose their unknown keys too."""
    window = {"start": "2026-05-01T00:00:00Z", "end": "never"}
    parameters = {"window": window, "colour": "red"}
    action = acted(api, ACTIVE, RESIZE, parameters=parameters)
    assert action["parameters"] == {
        "connections": 10,
        "mode": "session",
        "window": {"start": "2026-05-01T00:00:00Z", "minutes": 30},
    }


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"connections": 0}, "body/parameters/connections must be >= 1"),
        ({"connections": 101}, "body/parameters/connections must be <= 100"),
        ({"connections": "many"}, "body/parameters/connections must be integer"),
        ({"connections": None}, "body/parameters/connections must be integer"),
        ({"mode": "x"}, "body/parameters/mode must be equal to one of the allowed values"),
        ({"label": "x" * 21}, "body/parameters/label must NOT have more than 20 characters"),
        ({"window": {}}, "body/parameters/window must have required property 'start'"),
        (
            {"window": {"start": "noon"}},
            'body/parameters/window/start must match format "date-time"',
        ),
    ],
)
def test_parameters_must_fit(
    understudy: Understudy, api: httpx.Client, parameters: dict[str, Any], message: str
) -> None:
    """Parameters that break the specification's schema are refused with the place, and no trace."""
    before = understudy.state["tables"]
    answer = act(api, ACTIVE, RESIZE, parameters=parameters)
    assert refused(answer) == message
    assert answer.json()["code"] == "FST_ERR_VALIDATION"
    assert understudy.state["tables"] == before


def test_patched_parameters_must_fit(api: httpx.Client) -> None:
    """A patch checks the parameters as creation does."""
    action = acted(api, ACTIVE, RESIZE)
    refused(report(api, action, parameters={"connections": 0}))
    patched = report(api, action, parameters={"connections": 7, "colour": "red"}).json()
    assert patched["parameters"] == {"connections": 7, "mode": "session"}


@pytest.mark.parametrize(
    ("schema", "parameters", "message"),
    [
        (
            {"patternProperties": {"^x-": {}}, "additionalProperties": False},
            {"colour": "red"},
            "body/parameters must NOT have additional properties",
        ),
        (
            {"additionalProperties": False},
            {"colour": "red"},
            "body/parameters must NOT have additional properties",
        ),
        (
            {"properties": {"tags": {"uniqueItems": True}}},
            {"tags": [1, 1]},
            "body/parameters/tags: The value has non-unique elements",
        ),
        (
            {"properties": {"size": {"type": ["integer", "null"]}}},
            {"size": "big"},
            "body/parameters/size must be integer,null",
        ),
    ],
)
def test_any_schema_will_do(
    understudy: Understudy,
    api: httpx.Client,
    schema: dict[str, Any],
    parameters: dict[str, Any],
    message: str,
) -> None:
    """A specification that the scene does not have, with other rules, is followed as well."""
    state = understudy.state
    rows = state["tables"]["nullplatform.action_specification"]
    rows[SNAPSHOT]["parameters"]["schema"] = schema
    understudy.state = state
    assert refused(act(api, ACTIVE, SNAPSHOT, parameters=parameters)) == message


SPECIFICATION = {
    "parameters": {
        "schema": {
            "type": "object",
            "required": ["a"],
            "properties": {
                "a": {"type": "integer", "default": 1},
                "b": {
                    "type": "object",
                    "properties": {"c": {"type": "string", "default": "x"}},
                    "default": {},
                },
                "d": {"type": "array", "items": {"type": "object", "properties": {"e": {}}}},
            },
        }
    }
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcdef"), inner, max_size=4)
    ),
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure
@given(st.dictionaries(st.sampled_from("abcdef"), JSON))
def test_checked_parameters_stay_as_they_are(given_parameters: dict[str, Any]) -> None:
    """Parameters that passed once pass again unchanged, and hold only what the schema names."""
    try:
        parameters = checked(SPECIFICATION, given_parameters)
    except BadRequest:
        assume(False)
    assert checked(SPECIFICATION, parameters) == parameters
    assert {"a", "b"} <= set(parameters) <= {"a", "b", "d"}
    assert set(parameters["b"]) == {"c"}


# Messages


def test_messages_have_level_info_and_a_time(understudy: Understudy) -> None:
    """A message without a level is info, and carries its time in milliseconds since 1970."""
    understudy.clock.set("2026-01-31T10:00:00.250Z")
    with signed_in(understudy) as client:
        messages = [{"message": "one"}, {"message": "two", "level": "fatal"}]
        action = acted(client, ACTIVE, SNAPSHOT, messages=messages)
    now = round(understudy.clock.now().timestamp() * 1000)
    assert action["messages"] == [
        {"level": "info", "message": "one", "timestamp": now},
        {"level": "fatal", "message": "two", "timestamp": now},
    ]


def test_messages_are_shown_when_asked_for(api: httpx.Client) -> None:
    """Reads leave the messages out, unless include_messages is true."""
    action = acted(api, ACTIVE, SNAPSHOT, messages=[{"message": "one"}])
    assert read(api, action)["messages"] == []
    assert read(api, action, include_messages="false")["messages"] == []
    assert read(api, action, include_messages="true")["messages"] == action["messages"]


def test_messages_are_shown_in_lists_when_asked_for(api: httpx.Client) -> None:
    """Lists leave the messages out too, unless include_messages is true."""
    quiet = api.get(f"/link/{ACTIVE}/action").json()["results"]
    told = api.get(f"/link/{ACTIVE}/action", params={"include_messages": "true"}).json()["results"]
    assert all(action["messages"] == [] for action in quiet)
    assert [message["level"] for message in told[0]["messages"]] == ["info"]


def test_patch_adds_messages(api: httpx.Client) -> None:
    """Messages of a patch come after the earlier ones, and the answer shows all of them."""
    action = acted(api, ACTIVE, SNAPSHOT, messages=[{"message": "one"}])
    patched = report(api, action, messages=[{"message": "two"}]).json()
    assert [message["message"] for message in patched["messages"]] == ["one", "two"]
    assert {message["level"] for message in patched["messages"]} == {"info"}


# Lists and deletion


def test_actions_of_the_scene(api: httpx.Client) -> None:
    """A link lists its own actions only, oldest first, new ones at the end."""
    action = acted(api, ACTIVE, SNAPSHOT)
    page = api.get(f"/link/{ACTIVE}/action").json()
    assert [found["id"] for found in page["results"]] == [RESIZED, SNAPSHOTTING, action["id"]]
    assert page["paging"] == {"offset": 0, "limit": 30, "total": 3}


@pytest.mark.parametrize(
    ("query", "fitting"),
    [
        ({"status": "success,failed"}, [RESIZED]),
        ({"specification_id": SNAPSHOT}, [SNAPSHOTTING]),
        ({"id": WAITING}, []),
        ({"name": "resize-pool"}, [RESIZED]),
        ({"slug": "take-snapshot,resize-pool", "sort": "slug:desc"}, [SNAPSHOTTING, RESIZED]),
        ({"limit": "1", "offset": "1"}, [SNAPSHOTTING]),
    ],
)
def test_actions_can_be_filtered(
    api: httpx.Client, query: dict[str, str], fitting: list[str]
) -> None:
    """The list of actions takes filters, a sort and a page, and never shows another link's."""
    page = api.get(f"/link/{ACTIVE}/action", params=query).json()
    assert [action["id"] for action in page["results"]] == fitting


def test_actions_belong_to_their_link(api: httpx.Client) -> None:
    """An action is unknown under any link but its own."""
    refused(api.get(f"/link/{ACTIVE}/action/{WAITING}"), 404)
    refused(api.patch(f"/link/{ACTIVE}/action/{WAITING}", json={}), 404)
    refused(api.delete(f"/link/{ACTIVE}/action/{WAITING}"), 404)


@pytest.mark.parametrize("status", list(ORDER))
def test_action_is_deleted_in_any_status(api: httpx.Client, status: str) -> None:
    """An action of any status is deleted without a body, and unknown from then on."""
    action = acted(api, ACTIVE, SNAPSHOT, status=status)
    path = f"/link/{ACTIVE}/action/{action['id']}"
    answer = api.delete(path)
    assert (answer.status_code, answer.content) == (200, b"")
    refused(api.get(path), 404)
    refused(api.delete(path), 404)


def test_deleted_action_makes_way(api: httpx.Client) -> None:
    """When an unfinished action is deleted, the link stays as it is and another one may begin."""
    action = acted(api, ACTIVE, UPDATE)
    api.delete(f"/link/{ACTIVE}/action/{action['id']}")
    assert link_status(api, ACTIVE) == "updating"
    assert act(api, ACTIVE, UPDATE).status_code == 200


def test_deleting_an_old_action_lets_nobody_past(api: httpx.Client) -> None:
    """When a finished action is deleted, the one under way still keeps others waiting."""
    old = acted(api, ACTIVE, UPDATE, status="success")
    acted(api, ACTIVE, UPDATE)
    api.delete(f"/link/{ACTIVE}/action/{old['id']}")
    refused(act(api, ACTIVE, UPDATE))


# Statuses


@pytest.mark.parametrize(("before", "after"), list(itertools.product(ORDER, ORDER)))
def test_statuses_only_move_forward(api: httpx.Client, before: str, after: str) -> None:
    """A status moves forward or stays, also over steps; never back, and never from a final one."""
    action = acted(api, ACTIVE, SNAPSHOT, status=before)
    answer = report(api, action, status=after)
    if before not in FINAL and ORDER[after] >= ORDER[before]:
        assert answer.json()["status"] == after
    else:
        refused(answer)
        assert read(api, action) == action | {"messages": []}


@pytest.mark.parametrize(
    "change",
    [{"name": "x"}, {"messages": [{"message": "x"}]}, {"results": {}}, {"parameters": {}}, {}],
)
@pytest.mark.parametrize("status", FINAL)
def test_ended_actions_are_closed(api: httpx.Client, status: str, change: dict[str, Any]) -> None:
    """Nothing of an action that has ended can be changed."""
    action = acted(api, ACTIVE, SNAPSHOT, status=status)
    assert status in refused(report(api, action, **change))
    assert read(api, action, include_messages="true") == action


def test_patch_changes_what_it_names(understudy: Understudy, api: httpx.Client) -> None:
    """A patch replaces the given fields, keeps the slug and moves `updated_at`."""
    action = acted(api, ACTIVE, SNAPSHOT, results={"a": 1})
    understudy.clock.advance(seconds=60)
    changes = {"name": "New name", "results": {"b": 2}, "desired_specification_id": NOBODY}
    patched = report(api, action, **changes).json()
    assert patched == action | changes | {"updated_at": patched["updated_at"]}
    assert patched["updated_at"] > action["updated_at"]


# What actions do to their link


@pytest.mark.parametrize(
    ("specification", "link", "during"),
    [(CREATE, PENDING, "creating"), (UPDATE, ACTIVE, "updating"), (DELETE, ACTIVE, "deleting")],
)
def test_link_follows_a_failing_action(
    api: httpx.Client, specification: str, link: str, during: str
) -> None:
    """Create, update and delete actions carry the link along, and to failed when they fail."""
    action = acted(api, link, specification)
    assert link_status(api, link) == during
    report(api, action, status="in_progress")
    assert link_status(api, link) == during
    report(api, action, status="failed")
    assert link_status(api, link) == "failed"


def test_updated_link_is_active(api: httpx.Client) -> None:
    """After an update that worked the link is active again."""
    action = acted(api, ACTIVE, UPDATE)
    report(api, action, status="success")
    assert link_status(api, ACTIVE) == "active"


def test_deleted_link_is_gone(api: httpx.Client) -> None:
    """After a delete action that worked, the link and its actions are unknown."""
    action = acted(api, ACTIVE, DELETE)
    assert report(api, action, status="success").json()["status"] == "success"
    refused(api.get(f"/link/{ACTIVE}"), 404)
    refused(api.get(f"/link/{ACTIVE}/action"), 404)
    refused(api.get(f"/link/{ACTIVE}/action/{action['id']}"), 404)
    refused(act(api, ACTIVE, SNAPSHOT), 404)


@pytest.mark.parametrize("specification", [SNAPSHOT, DIAGNOSE])
@pytest.mark.parametrize("status", ["pending", "in_progress", *FINAL])
def test_other_actions_leave_the_link_alone(
    api: httpx.Client, specification: str, status: str
) -> None:
    """Custom and diagnose actions never change the link, in whatever way they end."""
    before = api.get(f"/link/{FAILED}").json()
    acted(api, FAILED, specification, status=status)
    assert api.get(f"/link/{FAILED}").json() == before


@pytest.mark.parametrize(("status", "after"), [("success", "active"), ("failed", "failed")])
def test_action_that_ends_at_creation(api: httpx.Client, status: str, after: str) -> None:
    """An action that is created with a final status takes effect at once."""
    acted(api, PENDING, CREATE, status=status)
    assert link_status(api, PENDING) == after


def test_action_that_deletes_at_creation(api: httpx.Client) -> None:
    """A delete action that is created as a success takes the link with it at once."""
    acted(api, ACTIVE, DELETE, status="success")
    refused(api.get(f"/link/{ACTIVE}"), 404)


def test_results_with_a_target_become_attributes(api: httpx.Client) -> None:
    """On success, results land in the link's attributes under their target, the others do not."""
    action = acted(api, PENDING, CREATE)
    results = {"host": "db.internal", "user": "orders", "statements": 3, "more": 1}
    report(api, action, status="success", results=results)
    link = api.get(f"/link/{PENDING}").json()
    assert link["attributes"] == {"host": "db.internal", "username": "orders"}


def test_results_reported_earlier_count_too(api: httpx.Client) -> None:
    """Results that were reported before the end are copied at the end, not before."""
    action = acted(api, PENDING, CREATE)
    report(api, action, status="in_progress", results={"user": "orders"})
    assert api.get(f"/link/{PENDING}").json()["attributes"] == {}
    report(api, action, status="success")
    assert api.get(f"/link/{PENDING}").json()["attributes"] == {"username": "orders"}


def test_attributes_without_a_result_stay(api: httpx.Client) -> None:
    """Attributes for which there is no result stay as they were."""
    action = acted(api, ACTIVE, UPDATE)
    report(api, action, status="success", results={"user": "new"})
    attributes = api.get(f"/link/{ACTIVE}").json()["attributes"]
    assert attributes == {"host": "billing.internal", "username": "new"}


def test_results_of_a_failure_stay_with_the_action(api: httpx.Client) -> None:
    """A failed action changes no attribute."""
    acted(api, PENDING, CREATE, status="failed", results={"user": "orders"})
    assert api.get(f"/link/{PENDING}").json()["attributes"] == {}


# Who may begin


@pytest.mark.parametrize("status", ["pending_create", "pending", "in_progress"])
@pytest.mark.parametrize("second", [UPDATE, DELETE])
def test_one_change_at_a_time(api: httpx.Client, status: str, second: str) -> None:
    """While an action is changing the link no other one may, and the refusal names the first."""
    first = acted(api, ACTIVE, UPDATE, status=status)
    assert first["id"] in refused(act(api, ACTIVE, second))
    report(api, first, status="success")
    assert act(api, ACTIVE, second).status_code == 200


def test_links_do_not_wait_for_each_other(api: httpx.Client) -> None:
    """Actions of different links go on side by side."""
    acted(api, ACTIVE, UPDATE)
    assert act(api, ALSO_ACTIVE, UPDATE).status_code == 200


def test_custom_action_once_at_a_time(api: httpx.Client) -> None:
    """A second custom action waits for the first of its kind, but for no other."""
    first = acted(api, ACTIVE, RESIZE)
    assert first["id"] in refused(act(api, ACTIVE, RESIZE))
    assert act(api, ACTIVE, UPDATE).status_code == 200
    report(api, first, status="failed")
    assert act(api, ACTIVE, RESIZE).status_code == 200


@pytest.mark.parametrize("specification", [SNAPSHOT, DIAGNOSE])
def test_some_actions_run_in_parallel(api: httpx.Client, specification: str) -> None:
    """Parallel custom actions and diagnoses wait for nothing."""
    acted(api, ACTIVE, UPDATE)
    acted(api, ACTIVE, specification)
    assert act(api, ACTIVE, specification).status_code == 200


def test_active_link_is_not_created(api: httpx.Client) -> None:
    """A create action on an active link is refused."""
    assert "active already" in refused(act(api, ACTIVE, CREATE))


def test_failed_link_is_retried_where_allowed(api: httpx.Client) -> None:
    """On a failed link an action must be retryable; the scene's update is not, create is."""
    assert "not retryable" in refused(act(api, FAILED, UPDATE))
    acted(api, FAILED, CREATE, status="success")
    assert link_status(api, FAILED) == "active"
