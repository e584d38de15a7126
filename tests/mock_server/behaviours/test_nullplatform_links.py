"""nullplatform over HTTP: links."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.behaviours.nullplatform._tables import slug
from tests.mock_server.behaviours.nullplatform_scene import (
    ACTIVE,
    ALSO_ACTIVE,
    CREATE,
    FAILED,
    KNOWN_ENDPOINT,
    NOBODY,
    NRN,
    PENDING,
    RESIZED,
    SERVICE,
    UPDATE,
    WITH_ACTIONS,
    WITHOUT_ACTIONS,
    act,
    acted,
    link_status,
    refused,
    report,
    signed_in,
)
from understudy.pytest_plugin import Understudy

NEW = {
    "name": "Orders to billing",
    "service_id": SERVICE,
    "specification_id": WITH_ACTIONS,
    "entity_nrn": NRN,
}


@pytest.fixture
def api(understudy: Understudy) -> Iterator[httpx.Client]:
    """A client of a fresh sandbox, with a token."""
    with signed_in(understudy) as client:
        yield client


def ids(answer: httpx.Response) -> list[str]:
    """The ids on a page."""
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["results"]]


def test_link_starts_pending(api: httpx.Client) -> None:
    """A new link is pending, has its two times alike, and nothing that was not given."""
    link = api.post("/link", json=NEW).json()
    assert link["status"] == "pending"
    assert link["created_at"] == link["updated_at"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", link["created_at"])
    assert (link["dimensions"], link["attributes"], link["messages"]) == ({}, {}, [])
    assert link["selectors"] == {"imported": False}
    assert link["desired_specification_id"] is None
    assert "linkable_to" not in link


def test_link_can_be_read_back(api: httpx.Client) -> None:
    """What was created is what is read, with everything that was given."""
    given_too = {
        "dimensions": {"region": "eu"},
        "attributes": {"host": "h"},
        "selectors": {"provider": "example"},
        "linkable_to": [NRN],
    }
    link = api.post("/link", json=NEW | given_too).json()
    assert link["slug"] == "orders-to-billing"
    assert {key: link[key] for key in NEW} == NEW
    assert link["selectors"] == {"provider": "example", "imported": False}
    assert link["linkable_to"] == [NRN]
    assert api.get(f"/link/{link['id']}").json() == link


def test_link_created_active_is_imported(api: httpx.Client) -> None:
    """A link that starts active counts as imported, and takes no create action any more."""
    link = api.post("/link", json=NEW | {"status": "active"}).json()
    assert (link["status"], link["selectors"]["imported"]) == ("active", True)
    assert "active already" in refused(act(api, link["id"], CREATE))


@pytest.mark.parametrize("status", ["creating", "updating", "deleting", "deleted", "failed"])
def test_link_starts_at_the_start(api: httpx.Client, status: str) -> None:
    """A link cannot be created in a status that only actions bring about."""
    assert status in refused(api.post("/link", json=NEW | {"status": status}))


def test_link_needs_a_known_specification(api: httpx.Client) -> None:
    """An unknown link specification is a fault of the request."""
    assert NOBODY in refused(api.post("/link", json=NEW | {"specification_id": NOBODY}))


def test_link_without_latin_letters_has_its_id_as_slug(api: httpx.Client) -> None:
    """Where nothing of the name is left for the slug, the id takes its place."""
    link = api.post("/link", json=NEW | {"name": "鏈接"}).json()
    assert link["slug"] == link["id"]


@given(st.text())
def test_slugs_are_kebab_case(name: str) -> None:
    """A slug is empty, or words of lower-case letters and digits with single hyphens between."""
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug(name))
    assert slug(slug(name)) == slug(name)


def test_slugs_keep_the_letters_under_accents() -> None:
    """Accents go, the letters below them stay."""
    assert slug("  Ñandú & Größe 2 ") == "nandu-groe-2"


def test_links_of_the_scene(api: httpx.Client) -> None:
    """The scene has five links, listed in the order of creation."""
    page = api.get("/link").json()
    assert page["paging"] == {"offset": 0, "limit": 30, "total": 5}
    assert [(link["id"], link["status"]) for link in page["results"]] == [
        (ACTIVE, "active"),
        (ALSO_ACTIVE, "active"),
        (PENDING, "pending"),
        (KNOWN_ENDPOINT, "active"),
        (FAILED, "failed"),
    ]


def test_pages_follow_each_other(api: httpx.Client) -> None:
    """`limit` and `offset` cut the list into pages, and `total` counts all of it."""
    page = api.get("/link", params={"limit": 2, "offset": 4})
    assert ids(page) == [FAILED]
    assert page.json()["paging"] == {"offset": 4, "limit": 2, "total": 5}


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({"limit": 201}, "querystring/limit must be <= 200"),
        ({"limit": 0}, "querystring/limit must be >= 1"),
        ({"limit": "many"}, "querystring/limit must be integer"),
        ({"offset": -1}, "querystring/offset must be >= 0"),
        ({"sort": "colour"}, "querystring/sort must match pattern"),
        ({"status": "gone"}, "querystring/status must match pattern"),
        ({"service_id": "x"}, "querystring/service_id must match pattern"),
    ],
)
def test_faulty_queries(api: httpx.Client, query: dict[str, Any], place: str) -> None:
    """A query that breaks the description is refused with its place, in ajv's words."""
    answer = api.get("/link", params=query)
    assert refused(answer).startswith(place)
    assert answer.json()["code"] == "FST_ERR_VALIDATION"


def test_limit_reaches_200(api: httpx.Client) -> None:
    """The largest page has 200 items."""
    assert api.get("/link", params={"limit": 200}).json()["paging"]["limit"] == 200


@pytest.mark.parametrize(
    ("sort", "first"), [("name", ACTIVE), ("name:asc", ACTIVE), ("name:desc", ALSO_ACTIVE)]
)
def test_lists_can_be_sorted(api: httpx.Client, sort: str, first: str) -> None:
    """`sort` names a field and a direction; ascending where it names none."""
    assert ids(api.get("/link", params={"sort": sort}))[0] == first


@pytest.mark.parametrize(
    ("query", "fitting"),
    [
        ({"id": f"{PENDING},{ACTIVE}"}, [ACTIVE, PENDING]),
        ({"name": "Orders to stock"}, [ALSO_ACTIVE]),
        ({"slug": "orders-to-maps,orders-to-mail"}, [PENDING, KNOWN_ENDPOINT]),
        ({"status": "failed,pending"}, [PENDING, FAILED]),
        ({"specification_id": WITHOUT_ACTIONS}, [KNOWN_ENDPOINT]),
        ({"service_id": NOBODY}, []),
        ({"entity_nrn": NRN, "status": "failed"}, [FAILED]),
    ],
)
def test_links_can_be_filtered(
    api: httpx.Client, query: dict[str, str], fitting: list[str]
) -> None:
    """A filter lets through what has one of its values, separated by commas."""
    page = api.get("/link", params=query)
    assert ids(page) == fitting
    assert page.json()["paging"]["total"] == len(fitting)


def test_patch_changes_what_it_names(understudy: Understudy, api: httpx.Client) -> None:
    """A patch replaces the given fields, keeps the slug and moves `updated_at`."""
    before = api.get(f"/link/{ACTIVE}").json()
    understudy.clock.advance(seconds=60)
    changes = {"name": "New name", "attributes": {"port": 1}, "desired_specification_id": None}
    after = api.patch(f"/link/{ACTIVE}", json=changes).json()
    assert after == before | changes | {"updated_at": after["updated_at"]}
    assert after["updated_at"] > before["updated_at"]
    assert api.get(f"/link/{ACTIVE}").json() == after


def test_patch_adds_messages_to_a_link(api: httpx.Client) -> None:
    """Messages of a patch are added to the link's, with the level info where none is given."""
    api.patch(f"/link/{ACTIVE}", json={"messages": [{"message": "one"}]})
    messages = [{"message": "two", "level": "warn"}]
    link = api.patch(f"/link/{ACTIVE}", json={"messages": messages}).json()
    told = [(message["level"], message["message"]) for message in link["messages"]]
    assert told == [("info", "one"), ("warn", "two")]


@pytest.mark.parametrize("status", ["creating", "updating", "deleting", "deleted"])
def test_statuses_of_actions_are_not_set_by_hand(api: httpx.Client, status: str) -> None:
    """A patch cannot bring a link where only an action can."""
    refused(api.patch(f"/link/{ACTIVE}", json={"status": status}))
    assert link_status(api, ACTIVE) == "active"


def test_status_can_be_set_by_hand(api: httpx.Client) -> None:
    """A patch can set a settled status while no action is changing the link."""
    assert api.patch(f"/link/{FAILED}", json={"status": "active"}).json()["status"] == "active"


def test_status_belongs_to_the_action_under_way(api: httpx.Client) -> None:
    """While an update is under way the status cannot be set, but named as it is."""
    action = acted(api, ACTIVE, UPDATE)
    refused(api.patch(f"/link/{ACTIVE}", json={"status": "active"}))
    assert api.patch(f"/link/{ACTIVE}", json={"status": "updating"}).status_code == 200
    report(api, action, status="success")
    assert api.patch(f"/link/{ACTIVE}", json={"status": "failed"}).status_code == 200


def test_link_without_default_actions_is_deleted_at_once(api: httpx.Client) -> None:
    """Where the specification has no default actions, a link is deleted without a body."""
    answer = api.delete(f"/link/{KNOWN_ENDPOINT}")
    assert (answer.status_code, answer.content) == (200, b"")
    refused(api.get(f"/link/{KNOWN_ENDPOINT}"), 404)


def test_link_with_default_actions_needs_a_delete_action(api: httpx.Client) -> None:
    """Where the specification has default actions, a direct deletion is refused."""
    assert "delete action" in refused(api.delete(f"/link/{ACTIVE}"))
    assert link_status(api, ACTIVE) == "active"


def test_force_deletes_a_link_with_its_actions(understudy: Understudy, api: httpx.Client) -> None:
    """`force=true` deletes any link, and its actions with it."""
    acted(api, ACTIVE, UPDATE)
    assert api.delete(f"/link/{ACTIVE}", params={"force": "true"}).status_code == 200
    refused(api.get(f"/link/{ACTIVE}"), 404)
    refused(api.get(f"/link/{ACTIVE}/action/{RESIZED}"), 404)
    tables = understudy.state["tables"]
    ours = {name: rows for name, rows in tables.items() if name.startswith("nullplatform.")}
    assert ACTIVE not in str(ours)


def test_reset_brings_the_scene_back(understudy: Understudy, api: httpx.Client) -> None:
    """After a reset the deleted link is there again."""
    api.delete(f"/link/{ACTIVE}", params={"force": "true"})
    understudy.reset()
    with signed_in(understudy) as client:
        assert link_status(client, ACTIVE) == "active"
