"""The built-in APIs obey what their descriptions declare: another declaration, another life."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server.app import Settings, create_app
from tests.mock_server.behaviours.nullplatform_scene import (
    ACTIVE,
    API_KEY,
    CREATE,
    FAILED,
    NRN,
    PENDING,
    RESIZE,
    SERVICE,
    SNAPSHOT,
    UPDATE,
    WITH_ACTIONS,
    act,
    acted,
    link_status,
    read,
    refused,
    report,
)
from tests.mock_server.gateway.own import InProcess

Serve = Callable[..., httpx.Client]
MONTH = 31 * 86_400


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Serves a built-in API after an overlay: pairs of a JSONPath and what to put there."""
    clients = []

    def served(api: str, *changes: tuple[str, Any], **headers: str) -> httpx.Client:
        actions = []
        for target, update in changes:
            above, _, name = target.rpartition(".")
            # What is there is replaced, where an update alone would merge.
            actions += [
                {"target": target, "remove": True},
                {"target": above, "update": {name: update}},
            ]
        file = tmp_path / "overlay.json"
        told = {"overlay": "1.0.0", "info": {"title": "Other", "version": "1"}, "actions": actions}
        file.write_text(json.dumps(told))
        app = create_app(Settings(apis=[api], overlays=[str(file)]))
        client = httpx.Client(
            base_url="http://localhost", transport=InProcess(app), headers=headers
        )
        clients.append(client)
        return client

    yield served
    for client in clients:
        client.close()


def advance(client: httpx.Client, seconds: float) -> None:
    """Move the sandbox's clock on."""
    client.post("/_understudy/clock/advance", json={"seconds": seconds}).raise_for_status()


# --- namirial ----------------------------------------------------------------------------------

REQUEST = "$.components.schemas.Request"
MOVES = f"{REQUEST}.properties.status.x-lifecycle.moves"
LINK = "/res/scene-customer-link"


def scene_id(number: int) -> str:
    """The id of a thing of the scene."""
    return f"00000000-0000-4000-8000-{number:012}"


def namirial(serve: Serve, *changes: tuple[str, Any]) -> httpx.Client:
    """The first API after an overlay."""
    return serve("namirial", *changes, **{"X-API-Key": "any"})


def created(client: httpx.Client, **query: str) -> dict[str, Any]:
    """A new request."""
    body = {"requestTypeId": scene_id(1)}
    request: dict[str, Any] = client.post("/requests", json=body, params=query).json()
    return request


def status_of(client: httpx.Client, request_id: str) -> str:
    """Where a request is now."""
    status: str = client.get(f"/request/{request_id}").json()["status"]
    return status


def test_a_final_status_may_be_left_if_it_is_declared(serve: Serve) -> None:
    """A failed request that may run again gets links, which open it and let it end well."""
    client = namirial(serve, (f"{MOVES}.FAILED", ["RUNNING"]))
    failed = scene_id(16)
    [link] = client.post(f"/request/{failed}/links").json()["links"]
    page = client.get(link["link"], headers={"Accept": "text/html"}).text
    assert (status_of(client, failed), "Complete" in page) == ("RUNNING", True)
    assert client.get(f"/request/{failed}").json()["finalizedAt"] is None
    client.post(link["link"], json={"outcome": "complete"})
    assert status_of(client, failed) == "COMPLETED"


def test_a_status_may_be_made_final(serve: Serve) -> None:
    """Where nothing follows RUNNING, the first opening ends the request."""
    client = namirial(serve, (f"{MOVES}.RUNNING", []))
    assert "finished" in client.get(LINK).text
    assert client.post(LINK, json={"outcome": "cancel"}).status_code == 200
    assert status_of(client, scene_id(18)) == "RUNNING"
    assert client.post(f"/request/{scene_id(18)}/links").status_code == 400


def test_an_outcome_leads_where_it_is_declared(serve: Serve) -> None:
    """What a button leads to, and that a link opens its request, is the description's to say."""
    actions = f"{REQUEST}.properties.status.x-lifecycle.actions"
    other = {"outcome": {"complete": "CANCELLED"}}
    client = namirial(
        serve, (f"{actions}.resTokenPost", other), (f"{actions}.resTokenGet", "EXPIRED")
    )
    client.post(LINK, json={"outcome": "fail"})
    assert status_of(client, scene_id(18)) == "CREATED"
    client.post(LINK, json={"outcome": "complete"})
    assert status_of(client, scene_id(18)) == "CANCELLED"
    [link] = created(client)["links"]
    client.get(link["link"])
    assert client.get(link["link"]).status_code == 410


def test_a_request_begins_as_it_is_declared(serve: Serve) -> None:
    """The first initial status is that of a request which is no draft."""
    initial = f"{REQUEST}.properties.status.x-lifecycle.initial"
    client = namirial(serve, (initial, ["RUNNING", "DRAFT"]))
    assert created(client)["status"] == "RUNNING"
    assert created(client, draft="true")["status"] == "DRAFT"


def test_requests_live_as_long_as_it_is_declared(serve: Serve) -> None:
    """Requests and drafts end at their new times; the one shows a status, the other vanishes."""
    drafts = {"while": {"property": "status", "value": "DRAFT"}, "after": 60}
    others = {
        "after": "PT2M",
        "status": {"property": "status", "value": "FAILED"},
        "opened-by": ["resTokenGet"],
    }
    client = namirial(serve, (f"{REQUEST}.x-expiry", [drafts, others]))
    draft, request = created(client, draft="true"), created(client)
    advance(client, 59)
    assert status_of(client, draft["id"]) == "DRAFT"
    advance(client, 1)
    assert client.get(f"/request/{draft['id']}").status_code == 404
    assert status_of(client, request["id"]) == "CREATED"
    advance(client, 60)
    assert status_of(client, request["id"]) == "FAILED"


def test_nothing_ends_that_is_not_declared_to(serve: Serve) -> None:
    """Without an expiry a request lives for ever."""
    client = namirial(serve, (f"{REQUEST}.x-expiry", [{"at": {"property": "expireAfter"}}]))
    request = created(client)
    assert request["expireAfter"] > "2999"
    advance(client, 12 * MONTH)
    assert status_of(client, request["id"]) == "CREATED"


def test_an_end_may_show_nowhere(serve: Serve) -> None:
    """A request that is only closed keeps its status, and its links answer what is declared."""
    closed = {
        "after": 60,
        "at": {"property": "expireAfter"},
        "opened-by": ["resTokenGet"],
        "answers": 404,
    }
    client = namirial(
        serve,
        (f"{REQUEST}.x-expiry", closed),
        ("$.components.schemas.ActorLink.x-expiry.at", {"property": "never"}),
    )
    request = created(client)
    advance(client, 60)
    assert status_of(client, request["id"]) == "CREATED"
    assert client.get(request["links"][0]["link"]).status_code in {404, 410}


def test_links_may_have_a_lifetime_of_their_own(serve: Serve) -> None:
    """With `after`, a link ends by itself, with the declared refusal; its request goes on."""
    expiry = {
        "after": 900,
        "at": {"property": "expiresAfter"},
        "opened-by": ["resTokenGet"],
        "answers": 404,
    }
    client = namirial(serve, ("$.components.schemas.ActorLink.x-expiry", expiry))
    request = created(client)
    [link] = request["links"]
    assert link["expiresAfter"] < request["expireAfter"]
    advance(client, 899)
    assert client.get(link["link"]).status_code == 200
    advance(client, 1)
    assert client.get(link["link"]).status_code == 404
    assert status_of(client, request["id"]) == "RUNNING"


# --- nullplatform ------------------------------------------------------------------------------

ACTION_LIFE = "$.components.schemas.LinkAction.properties.status.x-lifecycle"
LINK_LIFE = "$.components.schemas.Link.properties.status.x-lifecycle"
NEW_LINK = {
    "name": "New",
    "service_id": SERVICE,
    "specification_id": WITH_ACTIONS,
    "entity_nrn": NRN,
}


def nullplatform(serve: Serve, *changes: tuple[str, Any]) -> httpx.Client:
    """The second API after an overlay, with a token."""
    client = serve("nullplatform", *changes)
    token = client.post("/token", json={"api_key": API_KEY}).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def test_an_action_may_begin_again_if_it_is_declared(serve: Serve) -> None:
    """A failed action that may be pending again is not closed, and keeps others waiting."""
    client = nullplatform(serve, (f"{ACTION_LIFE}.moves.failed", ["pending"]))
    action = acted(client, ACTIVE, RESIZE, status="failed")
    assert "has to end" in refused(act(client, ACTIVE, RESIZE))
    assert report(client, action, status="success").status_code == 400
    assert report(client, action, status="pending").json()["status"] == "pending"


def test_an_agent_takes_no_step_that_is_not_declared(serve: Serve) -> None:
    """Where nothing leads to success, the agent leaves its actions in progress."""
    changes = [(f"{ACTION_LIFE}.moves.{one}", ["in_progress"]) for one in ("pending",)]
    client = nullplatform(serve, *changes, (f"{ACTION_LIFE}.moves.in_progress", ["failed"]))
    for settings in ({"agent": "immediate"}, {"agent": "timed", "seconds": 5}):
        client.put("/_understudy/settings", json={"nullplatform": settings}).raise_for_status()
        action = acted(client, ACTIVE, SNAPSHOT)
        advance(client, 60)
        assert read(client, action)["status"] == "in_progress"


def test_actions_begin_as_it_is_declared(serve: Serve) -> None:
    """The first initial status is the usual one, and what is not listed is refused."""
    client = nullplatform(serve, (f"{ACTION_LIFE}.initial", ["pending_create", "pending"]))
    assert acted(client, ACTIVE, SNAPSHOT)["status"] == "pending_create"
    assert "success" in refused(act(client, ACTIVE, SNAPSHOT, status="success"))


def test_links_begin_as_it_is_declared(serve: Serve) -> None:
    """The first initial status is the usual one, and what is not listed is refused."""
    client = nullplatform(serve, (f"{LINK_LIFE}.initial", ["pending_create", "failed"]))
    assert client.post("/link", json=NEW_LINK).json()["status"] == "pending_create"
    assert client.post("/link", json=NEW_LINK | {"status": "failed"}).status_code == 200
    assert "active" in refused(client.post("/link", json=NEW_LINK | {"status": "active"}))


def test_links_move_by_hand_as_it_is_declared(serve: Serve) -> None:
    """Which statuses a patch may set is declared, and which of them may follow."""
    client = nullplatform(
        serve,
        (f"{LINK_LIFE}.actions.updateLink", ["creating", "active"]),
        (f"{LINK_LIFE}.moves.failed", ["creating"]),
    )
    assert client.patch(f"/link/{PENDING}", json={"status": "creating"}).status_code == 200
    assert "action" in refused(client.patch(f"/link/{ACTIVE}", json={"status": "pending"}))
    assert "failed" in refused(client.patch(f"/link/{FAILED}", json={"status": "active"}))


def test_links_are_carried_as_it_is_declared(serve: Serve) -> None:
    """An action that would bring its link where it cannot go is refused, and changes nothing."""
    client = nullplatform(
        serve,
        (f"{LINK_LIFE}.moves.active", ["creating"]),
        (f"{LINK_LIFE}.moves.creating", ["active"]),
    )
    assert "cannot update it" in refused(act(client, ACTIVE, UPDATE))
    action = acted(client, ACTIVE, CREATE)
    assert "failed" in refused(report(client, action, status="failed"))
    assert (link_status(client, ACTIVE), read(client, action)["status"]) == ("creating", "pending")
    report(client, action, status="success")
    assert link_status(client, ACTIVE) == "active"


# --- didomi ------------------------------------------------------------------------------------

DIDOMI_LIFE = "$.components.schemas.Request.properties.status.x-lifecycle"


def didomi(serve: Serve, *changes: tuple[str, Any]) -> httpx.Client:
    """The third API after an overlay, in a session of org-1."""
    client = serve("didomi", *changes)
    body = {"type": "api-key", "key": "any", "secret": "any"}
    token = client.post("/sessions", json=body).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    client.params = client.params.set("organization_id", "org-1")
    return client


def opened(client: httpx.Client) -> httpx.Response:
    """What the scene's verification link answers."""
    return client.get("/dsar/links/execute", params={"token": "scene-verification-link"})


def test_requests_of_people_move_as_it_is_declared(serve: Serve) -> None:
    """What may not follow is refused in the API's words, by patch and by link."""
    client = didomi(serve, (f"{DIDOMI_LIFE}.moves.unverified", ["archived"]))
    unverified = f"/dsar/requests/{scene_id(1)}"
    answer = client.patch(unverified, json={"status": "verified"})
    assert (answer.status_code, answer.json()["name"]) == (400, "BadRequest")
    assert "it may become archived" in answer.json()["errors"]["/status"]
    assert opened(client).status_code == 400
    assert client.get(unverified).json()["status"] == "unverified"
    assert client.patch(unverified, json={"status": "archived"}).status_code == 200
    assert client.patch(unverified, json={"status": "verified"}).status_code == 200


def test_requests_of_people_begin_as_it_is_declared(serve: Serve) -> None:
    """A request cannot begin as what is not listed."""
    client = didomi(serve, (f"{DIDOMI_LIFE}.initial", ["unverified", "verified"]))
    body = {
        "organization_user_id": "ada",
        "user_right_id": "cpra_opt_out",
        "source": {"type": "DSAR"},
    }
    assert client.post("/dsar/requests", json=body | {"status": "verified"}).status_code == 200
    answer = client.post("/dsar/requests", json=body | {"status": "refused"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["/status"])


def test_mailed_links_live_as_long_as_links_usually_do(serve: Serve) -> None:
    """The usual lifetime is that of mailed links, too, and the mail says so."""
    lifetime = "$.components.schemas.LinkCreate.properties.lifetime.default"
    client = didomi(serve, (lifetime, 120))
    advance(client, 119)
    assert opened(client).status_code == 302
    advance(client, 1)
    assert opened(client).status_code == 410
    client.patch(f"/dsar/requests/{scene_id(1)}", json={"status": "unverified"})
    [mail] = client.get("/_understudy/outbox").json()["entries"]
    assert "within 2 minutes" in mail["text"]


def test_links_answer_afterwards_as_it_is_declared(serve: Serve) -> None:
    """Which refusal an expired link gets is declared."""
    client = didomi(serve, ("$.components.schemas.Link.x-expiry.answers", 404))
    advance(client, 900)
    answer = opened(client)
    assert (answer.status_code, "expired" in answer.json()["message"]) == (404, True)
