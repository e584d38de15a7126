"""nullplatform over HTTP: tokens, specifications and refusals."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.mock_server.behaviours.nullplatform_scene import (
    ACTIVE,
    ALSO_ACTIVE,
    API_KEY,
    CREATE,
    DELETE,
    DIAGNOSE,
    NOBODY,
    NRN,
    RESIZE,
    SERVICE,
    SNAPSHOT,
    SNAPSHOTTING,
    UPDATE,
    WAITING,
    WITH_ACTIONS,
    WITHOUT_ACTIONS,
    refused,
    signed_in,
    stranger_to,
)
from tests.openapi.seed_rows import load, operations, resolve
from understudy.pytest_plugin import Understudy

DAY = 24 * 60 * 60
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


@pytest.fixture
def stranger(understudy: Understudy) -> Iterator[httpx.Client]:
    """A client without a token."""
    with stranger_to(understudy) as client:
        yield client


def ids(answer: httpx.Response) -> list[str]:
    """The ids on a page."""
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["results"]]


# Tokens


@pytest.mark.parametrize("field", ["api_key", "apikey"])
def test_key_gets_a_token(stranger: httpx.Client, field: str) -> None:
    """Both spellings of the API key's field get a token that opens the API."""
    token = stranger.post("/token", json={field: API_KEY}).json()
    answer = stranger.get("/link", headers={"Authorization": f"Bearer {token['access_token']}"})
    assert answer.status_code == 200
    assert isinstance(token["organization_id"], int)


def test_any_key_will_do(stranger: httpx.Client) -> None:
    """By default every non-empty API key gets a token."""
    assert stranger.post("/token", json={"api_key": "anything"}).status_code == 200


def test_token_says_when_it_expires(understudy: Understudy, stranger: httpx.Client) -> None:
    """`token_expires_at` is 24 hours from now, in milliseconds since 1970."""
    understudy.clock.set("2026-01-31T10:00:00Z")
    token = stranger.post("/token", json={"api_key": "x"}).json()
    expiry = understudy.clock.now() + timedelta(days=1)
    assert token["token_expires_at"] == expiry.timestamp() * 1000


def test_token_expires_by_the_clock(understudy: Understudy) -> None:
    """A token is good until 24 hours have passed on the sandbox's clock."""
    understudy.clock.set("2026-01-31T10:00:00Z")
    with signed_in(understudy) as client:
        understudy.clock.advance(seconds=DAY - 1)
        assert client.get("/link").status_code == 200
        understudy.clock.advance(seconds=1)
        refused(client.get("/link"), 401)


def test_refresh_token_gets_the_next_token(understudy: Understudy, stranger: httpx.Client) -> None:
    """The refresh token outlives the access token and gets another one."""
    first = stranger.post("/token", json={"api_key": "x"}).json()
    understudy.clock.advance(seconds=2 * DAY)
    renewal = {"refresh_token": first["refresh_token"], "organization_id": first["organization_id"]}
    second = stranger.post("/token", json=renewal).json()
    stranger.headers["Authorization"] = f"Bearer {second['access_token']}"
    assert stranger.get("/link").status_code == 200


def test_refresh_token_expires(understudy: Understudy, stranger: httpx.Client) -> None:
    """A refresh token is good for 30 days."""
    token = stranger.post("/token", json={"api_key": "x"}).json()["refresh_token"]
    understudy.clock.advance(seconds=30 * DAY)
    refused(stranger.post("/token", json={"refresh_token": token}), 401)


def test_tokens_are_not_exchangeable(stranger: httpx.Client) -> None:
    """A refresh token opens no operation, and an access token renews nothing."""
    token = stranger.post("/token", json={"api_key": "x"}).json()
    bearer = {"Authorization": f"Bearer {token['refresh_token']}"}
    refused(stranger.get("/link", headers=bearer), 401)
    refused(stranger.post("/token", json={"refresh_token": token["access_token"]}), 401)


@pytest.mark.parametrize("body", [{}, {"organization_id": 1}, {"api_key": ""}, {"apikey": None}])
def test_token_needs_a_credential(stranger: httpx.Client, body: dict[str, Any]) -> None:
    """A request for a token without a non-empty credential is faulty."""
    refused(stranger.post("/token", json=body), 400)


def test_forged_tokens_are_refused(stranger: httpx.Client) -> None:
    """A bearer token that the mock has not issued is refused, without a code."""
    answer = stranger.get("/link", headers={"Authorization": "Bearer a.b.c"})
    refused(answer, 401)
    assert "code" not in answer.json()


def test_refresh_tokens_are_read_safely(stranger: httpx.Client) -> None:
    """A refresh token of letters that no token has is wrong, and no more than that."""
    refused(stranger.post("/token", json={"refresh_token": "é.ß.漢"}), 401)


def test_only_the_known_key_passes_when_set(understudy: Understudy, stranger: httpx.Client) -> None:
    """With `credentials: known` other keys get no token, and tokens of other keys are refused."""
    other = stranger.post("/token", json={"api_key": "other"}).json()
    understudy.settings.put({"nullplatform": {"credentials": "known"}})
    bearer = {"Authorization": f"Bearer {other['access_token']}"}
    refused(stranger.get("/link", headers=bearer), 401)
    refused(stranger.post("/token", json={"refresh_token": other["refresh_token"]}), 401)
    refused(stranger.post("/token", json={"api_key": "other"}), 401)
    with signed_in(understudy) as client:
        assert client.get("/link").status_code == 200


def test_tokens_need_not_be_in_a_list_of_keys(
    understudy: Understudy, stranger: httpx.Client
) -> None:
    """A list of credentials does not shut out who has signed in: the token is known again."""
    understudy.settings.put({"nullplatform": {"credentials": ["a key"]}})
    token = stranger.post("/token", json={"api_key": "other"}).json()["access_token"]
    assert stranger.get("/link", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    refused(stranger.get("/link", headers={"Authorization": f"Bearer {token}x"}), 401)


# Specifications


def test_link_specifications_of_the_scene(api: httpx.Client) -> None:
    """The scene has one kind of links with default actions, and one without."""
    page = api.get("/link_specification").json()
    found = [(item["id"], item["use_default_actions"]) for item in page["results"]]
    assert found == [(WITH_ACTIONS, True), (WITHOUT_ACTIONS, False)]
    assert api.get(f"/link_specification/{WITH_ACTIONS}").json() == page["results"][0]


def test_action_specifications_of_every_type(api: httpx.Client) -> None:
    """Links with default actions know an action of each type, and a second custom one."""
    page = api.get(f"/link_specification/{WITH_ACTIONS}/action_specification").json()
    assert {item["id"]: item["type"] for item in page["results"]} == {
        CREATE: "create",
        UPDATE: "update",
        DELETE: "delete",
        RESIZE: "custom",
        DIAGNOSE: "diagnose",
        SNAPSHOT: "custom",
    }
    assert page["paging"]["total"] == 6


def test_action_specifications_by_link_specification(api: httpx.Client) -> None:
    """Action specifications can be filtered by their link specification and their type."""
    query = {"link_specification_id": WITHOUT_ACTIONS}
    assert ids(api.get("/action_specification", params=query)) == []
    query = {"link_specification_id": WITH_ACTIONS, "type": "create,delete"}
    assert ids(api.get("/action_specification", params=query)) == [CREATE, DELETE]
    path = f"/link_specification/{WITH_ACTIONS}/action_specification"
    assert ids(api.get(path, params={"type": "diagnose"})) == [DIAGNOSE]


def test_action_specification_can_be_read(api: httpx.Client) -> None:
    """One custom specification requires parameters that have defaults and limits."""
    specification = api.get(f"/action_specification/{RESIZE}").json()
    schema = specification["parameters"]["schema"]
    assert schema["required"] == ["connections", "mode"]
    limits = {"type": "integer", "minimum": 1, "maximum": 100, "default": 10}
    assert schema["properties"]["connections"] == limits


# Examples

DOCUMENT = load("nullplatform")


def examples() -> Iterator[tuple[str, str, Any]]:
    """Method, path and body of every request that the description shows."""
    for place, operation in operations(DOCUMENT):
        method, _, path = place.partition(" ")
        for node in operation.get("parameters", []):
            parameter = resolve(DOCUMENT, node)
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        bodies = [content["example"]] if "example" in content else []
        bodies += [example["value"] for example in content.get("examples", {}).values()]
        for body in bodies or [None]:
            yield method, path, body


@pytest.mark.parametrize("request_shown", list(examples()))
def test_examples_work(api: httpx.Client, request_shown: tuple[str, str, Any]) -> None:
    """Every example of the description, sent to a fresh sandbox, is answered with success."""
    method, path, body = request_shown
    answer = api.request(method, path, json=body)
    assert answer.status_code == 200, answer.text


# Refusals

BAD = "not-a-uuid"
OPERATIONS = [
    ("POST", "/link", NEW),
    ("GET", "/link", None),
    ("GET", "/link/{link}", None),
    ("PATCH", "/link/{link}", {}),
    ("DELETE", "/link/{link}", None),
    ("GET", "/link_specification", None),
    ("GET", "/link_specification/{specification}", None),
    ("GET", "/link_specification/{specification}/action_specification", None),
    ("GET", "/action_specification", None),
    ("GET", "/action_specification/{action_specification}", None),
    ("POST", "/link/{any_link}/action", {"specification_id": SNAPSHOT}),
    ("GET", "/link/{any_link}/action", None),
    ("GET", "/link/{any_link}/action/{action}", None),
    ("PATCH", "/link/{any_link}/action/{action}", {}),
    ("DELETE", "/link/{any_link}/action/{action}", None),
]
SCENE = {
    "link": ACTIVE,
    "any_link": ACTIVE,
    "specification": WITH_ACTIONS,
    "action_specification": RESIZE,
    "action": SNAPSHOTTING,
}
MISSING = [
    ((method, path, body), unknown)
    for method, path, body in OPERATIONS
    for unknown in SCENE
    if f"{{{unknown}}}" in path
]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_needs_a_token(
    stranger: httpx.Client, operation: tuple[str, str, Any]
) -> None:
    """Without a token every operation but the token's own answers 401."""
    method, path, body = operation
    refused(stranger.request(method, path.format_map(SCENE), json=body), 401)


@pytest.mark.parametrize(("operation", "unknown"), MISSING)
def test_unknown_ids_are_not_found(
    api: httpx.Client, operation: tuple[str, str, Any], unknown: str
) -> None:
    """An id that nothing has answers 404, wherever it stands in the path."""
    method, path, body = operation
    answer = api.request(method, path.format_map(SCENE | {unknown: NOBODY}), json=body)
    assert NOBODY in refused(answer, 404)
    assert "code" not in answer.json()


@pytest.mark.parametrize(("operation", "unknown"), MISSING)
def test_ids_have_a_format(
    api: httpx.Client, operation: tuple[str, str, Any], unknown: str
) -> None:
    """An id that is no UUID is faulty, but for the link of actions, a plain string in the seed."""
    method, path, body = operation
    answer = api.request(method, path.format_map(SCENE | {unknown: BAD}), json=body)
    if unknown == "any_link":
        refused(answer, 404)
    else:
        assert refused(answer) == 'params/id must match format "uuid"'
        assert answer.json()["code"] == "FST_ERR_VALIDATION"


FAULTY: list[tuple[dict[str, Any], str]] = [
    ({}, "body must have required property 'specification_id'"),
    ({"specification_id": "x"}, 'body/specification_id must match format "uuid"'),
    ({"specification_id": None}, "body/specification_id must be string"),
    ({"name": ""}, "body/name must NOT have fewer than 1 characters"),
    ({"name": None}, "body/name must be string"),
    ({"status": "done"}, "body/status must be equal to one of the allowed values"),
    ({"messages": [{}]}, "body/messages/0 must have required property 'message'"),
    (
        {"messages": [{"message": "x", "level": "loud"}]},
        "body/messages/0/level must be equal to one of the allowed values",
    ),
    ({"parameters": []}, "body/parameters must be object"),
    ({"results": "none"}, "body/results must be object"),
    ({"service_id": "x"}, 'body/service_id must match format "uuid"'),
    ({"link_id": 5}, "body/link_id must be string"),
    ({"desired_specification_id": "x"}, 'body/desired_specification_id must match format "uuid"'),
]


@pytest.mark.parametrize(("change", "message"), FAULTY)
def test_faulty_actions(
    understudy: Understudy, api: httpx.Client, change: dict[str, Any], message: str
) -> None:
    """A body that breaks the description is refused with its place, and changes nothing."""
    before = understudy.state["tables"]
    body = {"specification_id": SNAPSHOT, **change} if change else {}
    answer = api.post(f"/link/{ACTIVE}/action", json=body)
    assert refused(answer) == message
    assert answer.json()["code"] == "FST_ERR_VALIDATION"
    assert understudy.state["tables"] == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"/link/{ACTIVE}", {"name": ""}),
        (f"/link/{ACTIVE}", {"status": "gone"}),
        (f"/link/{ACTIVE}", {"linkable_to": ["organization=x"]}),
        (f"/link/{ALSO_ACTIVE}/action/{WAITING}", {"status": "gone"}),
        (f"/link/{ALSO_ACTIVE}/action/{WAITING}", {"messages": [{"level": "info"}]}),
    ],
)
def test_faulty_patches(
    understudy: Understudy, api: httpx.Client, path: str, body: dict[str, Any]
) -> None:
    """A patch that breaks the description is refused and changes nothing."""
    before = understudy.state["tables"]
    assert refused(api.patch(path, json=body)).startswith("body/")
    assert understudy.state["tables"] == before


@pytest.mark.parametrize("missing", list(NEW))
def test_faulty_links(api: httpx.Client, missing: str) -> None:
    """A new link needs a name, a service, a specification and an entity."""
    body = {key: value for key, value in NEW.items() if key != missing}
    assert refused(api.post("/link", json=body)) == f"body must have required property '{missing}'"


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[NaN]"])
def test_body_that_is_not_json(api: httpx.Client, content: bytes) -> None:
    """A body that cannot be read is refused without a code, as it was never validated."""
    headers = {"Content-Type": "application/json"}
    answer = api.post(f"/link/{ACTIVE}/action", content=content, headers=headers)
    assert "not JSON" in refused(answer)
    assert "code" not in answer.json()


def test_body_that_is_missing(api: httpx.Client) -> None:
    """A missing body is refused with Fastify's code for it."""
    answer = api.post(f"/link/{ACTIVE}/action", headers={"Content-Type": "application/json"})
    refused(answer)
    assert answer.json()["code"] == "FST_ERR_CTP_EMPTY_JSON_BODY"


def test_wrong_media_type(api: httpx.Client) -> None:
    """Another media type than JSON is refused with Fastify's code for it."""
    answer = api.post(f"/link/{ACTIVE}/action", data={"specification_id": SNAPSHOT})
    refused(answer, 415)
    assert answer.json()["code"] == "FST_ERR_CTP_INVALID_MEDIA_TYPE"


def test_wrong_method(api: httpx.Client) -> None:
    """There is no PUT; the refusal has the API's shape and names what there is."""
    answer = api.put(f"/link/{ACTIVE}", json={})
    refused(answer, 405)
    assert {"GET", "PATCH", "DELETE"} <= set(re.split(r",\s*", answer.headers["Allow"]))


def test_unacceptable_answers(api: httpx.Client) -> None:
    """A client that takes no JSON is refused in the API's shape."""
    refused(api.get("/link", headers={"Accept": "text/html"}), 406)
