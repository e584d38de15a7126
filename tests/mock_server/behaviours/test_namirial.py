"""namirial over HTTP, one fresh sandbox for each test."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from understudy.pytest_plugin import Understudy

KEY = "understudy-namirial-key"
DESCRIPTION = Path(__file__).parents[3] / "openapi" / "namirial.yaml"
FINAL = {"13": "COMPLETED", "15": "EXPIRED", "16": "FAILED", "17": "CANCELLED"}
OUTCOMES = {"complete": "COMPLETED", "fail": "FAILED", "cancel": "CANCELLED"}
HTML = {"Accept": "text/html"}


def scene_id(number: int | str) -> str:
    """The id of a thing of the scene."""
    return f"00000000-0000-4000-8000-{number:>012}"


ALONE, TOGETHER = scene_id(1), scene_id(2)
CREATED, RUNNING, DRAFT = scene_id(11), scene_id(12), scene_id(14)


@pytest.fixture
def client(understudy: Understudy) -> Iterator[httpx.Client]:
    """A client with the README's key."""
    base = understudy.url("namirial")
    with httpx.Client(base_url=base, headers={"X-Api-Key": KEY}) as opened:
        yield opened


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    """An actor's browser: it knows no key, and asks for pages."""
    with httpx.Client(headers=HTML) as opened:
        yield opened


def create(client: httpx.Client, query: Any = None, **body: Any) -> dict[str, Any]:
    """A new request, of the type with one actor unless told otherwise."""
    answer = client.post("/requests", params=query, json={"requestTypeId": ALONE} | body)
    assert answer.status_code == 200, answer.text
    created: dict[str, Any] = answer.json()
    return created


def read(client: httpx.Client, request: dict[str, Any]) -> dict[str, Any]:
    """The request as it stands now."""
    answer = client.get(f"/request/{request['id']}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def new_links(client: httpx.Client, request_id: str, *actors: str) -> list[dict[str, Any]]:
    """The answer to a call for new links."""
    answer = client.post(f"/request/{request_id}/links", json={"onlyForActors": actors})
    assert answer.status_code == 200, answer.text
    links: list[dict[str, Any]] = answer.json()["links"]
    return links


def listed(client: httpx.Client, **query: Any) -> list[str]:
    """The last digits of the ids on the page that the query asks for."""
    answer = client.get("/requests", params=query)
    assert answer.status_code == 200, answer.text
    return [request["id"][-2:] for request in answer.json()["content"]]


def refused(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The body of a refusal, which is a problem in full."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == "about:blank"
    assert problem["status"] == status
    assert problem["detail"]
    assert problem["retryable"] is False
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}\?ts=\d+", problem["instance"])
    return problem


def fault(answer: httpx.Response) -> tuple[str, str | None, str]:
    """Pointer, field and reason of the only fault that a refusal of validation names."""
    problem = refused(answer, 400)
    assert problem["title"] == "Request validation error"
    [error] = problem["errors"]
    assert error["detail"]
    return error["pointer"], error.get("field"), error["reason"]


def conflict(answer: httpx.Response) -> str:
    """The detail of a refusal that the state of a request is the reason for."""
    problem = refused(answer, 400)
    assert problem["title"] == "Bad Request"
    assert "errors" not in problem
    detail: str = problem["detail"]
    return detail


def events(understudy: Understudy) -> list[tuple[str, str, str | None]]:
    """Type, status and actor of every webhook in the outbox."""
    return [
        (entry["body"]["type"], request["status"], request.get("actor"))
        for entry in understudy.outbox
        for request in [entry["body"]["request"]]
    ]


def listen(
    client: httpx.Client, type_id: str = ALONE, url: str = "https://hooks.example/a"
) -> None:
    """Add a webhook configuration."""
    answer = client.post(f"/requestType/{type_id}/webhookConfigurations", json={"url": url})
    assert answer.status_code == 200, answer.text


# --- the scene ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "status"),
    [("11", "CREATED"), ("12", "RUNNING"), ("14", "DRAFT"), ("18", "CREATED"), *FINAL.items()],
)
def test_scene_has_every_status(client: httpx.Client, number: str, status: str) -> None:
    """The scene holds a request in every status, and the final ones say since when."""
    request = client.get(f"/request/{scene_id(number)}").json()
    assert request["status"] == status
    assert (request["finalizedAt"] is not None) is (number in FINAL)


def test_scene_link(client: httpx.Client, browser: httpx.Client, understudy: Understudy) -> None:
    """The scene's link opens its own request."""
    answer = browser.get(f"{understudy.url('namirial')}/res/scene-customer-link")
    assert answer.status_code == 200
    assert client.get(f"/request/{scene_id(18)}").json()["status"] == "RUNNING"


def test_scene_expires_too(client: httpx.Client, understudy: Understudy) -> None:
    """The scene's unfinished requests expire, and its draft vanishes."""
    understudy.clock.advance(seconds=32 * 86400)
    assert listed(client, status="EXPIRED") == ["11", "12", "15", "18"]
    assert client.get(f"/request/{DRAFT}").status_code == 404


def test_reset_brings_the_scene_back(client: httpx.Client, understudy: Understudy) -> None:
    """After a reset the sandbox holds the scene and nothing else."""
    request = create(client)
    client.post(f"/request/{DRAFT}/creation")
    understudy.reset()
    assert client.get(f"/request/{request['id']}").status_code == 404
    assert client.get(f"/request/{DRAFT}").json()["status"] == "DRAFT"


def test_scene_sends_nothing(understudy: Understudy) -> None:
    """The outbox of a fresh sandbox is empty."""
    assert understudy.outbox == []


# --- creating ----------------------------------------------------------------------------------


def test_create(client: httpx.Client, understudy: Understudy) -> None:
    """A created request says what was asked for, when, and how long it lives."""
    understudy.clock.set("2024-10-29T17:42:16.269594Z")
    request = create(client, referenceId="order-1", parameters={"firstName": "Ada"})
    assert request.pop("id")
    assert request.pop("organizationId") == scene_id(9)
    [link] = request.pop("links")
    assert re.fullmatch(
        re.escape(understudy.url("namirial")) + r"/res/[\w-]{22,}\?ts=1730223736", link["link"]
    )
    assert link["actor"] == "customer"
    assert link["expiresAfter"] == "2024-11-29T17:42:16.269594Z"
    assert request == {
        "status": "CREATED",
        "referenceId": "order-1",
        "requestTypeId": ALONE,
        "parameters": {"firstName": "Ada"},
        "createdAt": "2024-10-29T17:42:16.269594Z",
        "updatedAt": "2024-10-29T17:42:16.269594Z",
        "finalizedAt": None,
        "expireAfter": "2024-11-29T17:42:16.269594Z",
    }


def test_created_request_can_be_read(client: httpx.Client) -> None:
    """What creation told of a request can be read again, but for its links."""
    request = create(client)
    del request["links"]
    assert read(client, request) == request


def test_each_actor_gets_a_link(client: httpx.Client) -> None:
    """Creation mints one link for each actor of the request type."""
    request = create(client, requestTypeId=TOGETHER)
    assert [link["actor"] for link in request["links"]] == ["customer", "secondSigner"]
    assert len({link["link"] for link in request["links"]}) == 2


@pytest.mark.parametrize(
    ("created", "expires"),
    [
        ("2026-01-31T10:00:00Z", "2026-02-28T10:00:00.000000Z"),
        ("2028-01-31T10:00:00Z", "2028-02-29T10:00:00.000000Z"),
        ("2026-02-28T10:00:00Z", "2026-03-28T10:00:00.000000Z"),
        ("2026-11-30T10:00:00Z", "2026-12-30T10:00:00.000000Z"),
        ("2026-12-31T23:59:59Z", "2027-01-31T23:59:59.000000Z"),
    ],
)
def test_one_month(
    client: httpx.Client, understudy: Understudy, created: str, expires: str
) -> None:
    """A request lives one calendar month, to the last day of a shorter one."""
    understudy.clock.set(created)
    assert create(client)["expireAfter"] == expires


def test_unknown_request_type(client: httpx.Client) -> None:
    """A request of an unknown type is refused, and not created."""
    total = client.get("/requests").json()["page"]["totalElements"]
    answer = client.post("/requests", json={"requestTypeId": "nobody-knows"})
    assert fault(answer) == ("/requestTypeId", "requestTypeId", "invalid")
    assert client.get("/requests").json()["page"]["totalElements"] == total


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ("/requestTypeId", "requestTypeId", "required")),
        ({"requestTypeId": 1}, ("/requestTypeId", "requestTypeId", "type")),
        ([], ("", None, "type")),
        (
            {"requestTypeId": ALONE, "parameters": {"firstName": 1}},
            ("/parameters/firstName", "firstName", "type"),
        ),
        (
            {"requestTypeId": ALONE, "operatorPending": "yes"},
            ("/operatorPending", "operatorPending", "type"),
        ),
    ],
)
def test_create_refuses(client: httpx.Client, body: Any, expected: Any) -> None:
    """A body that breaks the description is refused with the place of the fault."""
    assert fault(client.post("/requests", json=body)) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/back",
        "shop.example/back",
        "ftp://shop.example/",
        "javascript:alert(1)",
        "https://",
        "https:///back",
        "https://shop.example:port/",
        "https://[::1/",
        "https://two words/",
        "<referenceId>",
    ],
)
def test_way_back_must_be_absolute(client: httpx.Client, url: str) -> None:
    """A wizardUrlBack that is no absolute http(s) URL is refused."""
    body = {"requestTypeId": ALONE, "referenceId": "a", "settings": {"wizardUrlBack": url}}
    expected = ("/settings/wizardUrlBack", "wizardUrlBack", "invalid")
    assert fault(client.post("/requests", json=body)) == expected


def test_way_back_may_start_with_a_placeholder(client: httpx.Client, browser: httpx.Client) -> None:
    """A wizardUrlBack is judged once its placeholders are filled in."""
    [link] = create(client, settings={"wizardUrlBack": "https://<actor>.example"})["links"]
    answer = browser.post(link["link"], data={"outcome": "complete"})
    assert answer.headers["location"] == "https://customer.example"


def test_other_properties_are_welcome(client: httpx.Client) -> None:
    """The body of a creation is open, since no document closes it."""
    assert create(client, somethingElse=1, settings={"more": True})["status"] == "CREATED"


# --- idempotency -------------------------------------------------------------------------------


def test_same_key_same_answer(client: httpx.Client, browser: httpx.Client) -> None:
    """A repeated idempotencyKey repeats the first body, even after the request moved on."""
    first = create(client, {"idempotencyKey": "k"}, referenceId="first")
    browser.get(first["links"][0]["link"])
    assert read(client, first)["status"] == "RUNNING"
    assert create(client, {"idempotencyKey": "k"}, referenceId="second") == first


def test_key_is_free_after_a_week(client: httpx.Client, understudy: Understudy) -> None:
    """A key is remembered for seven days and not longer."""
    understudy.clock.set("2026-01-01T00:00:00Z")
    first = create(client, {"idempotencyKey": "k"})
    understudy.clock.advance(seconds=7 * 86400 - 1)
    assert create(client, {"idempotencyKey": "k"}) == first
    understudy.clock.advance(seconds=1)
    second = create(client, {"idempotencyKey": "k"})
    assert second["id"] != first["id"]
    assert create(client, {"idempotencyKey": "k"}) == second


def test_other_key_other_request(client: httpx.Client) -> None:
    """Without a key, with an empty one, and with different ones every call creates."""
    queries = [{}, {}, {"idempotencyKey": ""}, {"idempotencyKey": ""}, {"idempotencyKey": "a"}]
    queries.append({"idempotencyKey": "b"})
    assert len({create(client, query)["id"] for query in queries}) == len(queries)


def test_drafts_ignore_the_key(client: httpx.Client) -> None:
    """A draft neither repeats what a key was used for, nor uses it."""
    first = create(client, {"idempotencyKey": "k", "draft": "true"})
    second = create(client, {"idempotencyKey": "k", "draft": "true"})
    third = create(client, {"idempotencyKey": "k"})
    fourth = create(client, {"idempotencyKey": "k", "draft": "true"})
    assert len({request["id"] for request in (first, second, third, fourth)}) == 4
    assert (third["status"], fourth["status"]) == ("CREATED", "DRAFT")


def test_key_is_at_most_64_characters(client: httpx.Client) -> None:
    """A key of 64 characters is used, a longer one refused."""
    assert create(client, {"idempotencyKey": "k" * 64})
    answer = client.post(
        "/requests", params={"idempotencyKey": "k" * 65}, json={"requestTypeId": ALONE}
    )
    assert fault(answer) == ("/idempotencyKey", "idempotencyKey", "invalid")


def test_refused_creation_uses_no_key(client: httpx.Client) -> None:
    """A refused creation leaves its key unused."""
    query = {"idempotencyKey": "k"}
    assert client.post("/requests", params=query, json={"requestTypeId": "x"}).status_code == 400
    assert create(client, query)["status"] == "CREATED"


# --- drafts ------------------------------------------------------------------------------------


def test_draft(client: httpx.Client, understudy: Understudy) -> None:
    """A draft has no links, and lives seven days."""
    understudy.clock.set("2026-01-31T10:00:00Z")
    draft = create(client, {"draft": "true", "language": "it"})
    assert draft["status"] == "DRAFT"
    assert draft["links"] == []
    assert draft["expireAfter"] == "2026-02-07T10:00:00.000000Z"


def test_draft_gets_no_links(client: httpx.Client) -> None:
    """Links are not generated for a draft."""
    assert "draft" in conflict(client.post(f"/request/{DRAFT}/links"))


def test_draft_vanishes(client: httpx.Client, understudy: Understudy) -> None:
    """A draft is gone after seven days, and was there until then."""
    understudy.clock.set("2026-01-01T00:00:00Z")
    draft = create(client, {"draft": "true"})
    understudy.clock.advance(seconds=7 * 86400 - 1)
    assert read(client, draft)["status"] == "DRAFT"
    understudy.clock.advance(seconds=1)
    refused(client.get(f"/request/{draft['id']}"), 404)
    assert draft["id"] not in client.get("/requests", params={"size": 100}).text


def test_draft_is_created(
    client: httpx.Client, browser: httpx.Client, understudy: Understudy
) -> None:
    """A created draft has links that work, a month from then on, and does not vanish."""
    understudy.clock.set("2026-01-01T00:00:00Z")
    draft = create(client, {"draft": "true"}, requestTypeId=TOGETHER)
    understudy.clock.set("2026-01-05T00:00:00Z")
    created = client.post(f"/request/{draft['id']}/creation").json()
    assert created["status"] == "CREATED"
    assert created["createdAt"] == "2026-01-01T00:00:00.000000Z"
    assert created["updatedAt"] == "2026-01-05T00:00:00.000000Z"
    assert created["expireAfter"] == "2026-02-05T00:00:00.000000Z"
    assert [link["actor"] for link in created["links"]] == ["customer", "secondSigner"]
    understudy.clock.set("2026-02-04T00:00:00Z")
    assert browser.get(created["links"][1]["link"]).status_code == 200
    assert read(client, draft)["status"] == "RUNNING"


def test_draft_is_checked_at_creation(client: httpx.Client) -> None:
    """What a draft may hold and a request may not is refused when the draft is created."""
    draft = create(client, {"draft": "true"}, requestTypeId="nobody-knows")
    answer = client.post(f"/request/{draft['id']}/creation")
    assert fault(answer) == ("/requestTypeId", "requestTypeId", "invalid")
    assert read(client, draft)["status"] == "DRAFT"


def test_draft_way_back_is_checked_at_creation(client: httpx.Client) -> None:
    """A draft's wizardUrlBack is judged when the draft is created."""
    draft = create(client, {"draft": "true"}, settings={"wizardUrlBack": "/back"})
    answer = client.post(f"/request/{draft['id']}/creation")
    assert fault(answer) == ("/settings/wizardUrlBack", "wizardUrlBack", "invalid")


@pytest.mark.parametrize("request_id", [CREATED, RUNNING, *map(scene_id, FINAL)])
def test_only_drafts_are_created(client: httpx.Client, request_id: str) -> None:
    """Creating what is no draft is refused and changes nothing."""
    before = client.get(f"/request/{request_id}").json()
    conflict(client.post(f"/request/{request_id}/creation"))
    assert client.get(f"/request/{request_id}").json() == before


def test_unknown_draft(client: httpx.Client) -> None:
    """Creating an unknown draft is 404."""
    refused(client.post("/request/nobody-knows/creation"), 404)


# --- lists -------------------------------------------------------------------------------------


def test_list_starts_with_the_scene(client: httpx.Client) -> None:
    """The list of a fresh sandbox holds the scene's requests, without links."""
    page = client.get("/requests").json()
    assert page["page"] == {"size": 10, "totalElements": 8, "totalPages": 1, "number": 0}
    assert [item["id"][-2:] for item in page["content"]] == [str(n) for n in range(11, 19)]
    assert page["content"][0] == client.get(f"/request/{CREATED}").json()


def test_pages(client: httpx.Client) -> None:
    """Pages divide the list without gap or overlap; beyond the last one they are empty."""
    pages = [client.get("/requests", params={"size": 3, "page": n}).json() for n in range(4)]
    assert [len(page["content"]) for page in pages] == [3, 3, 2, 0]
    assert len({item["id"] for page in pages for item in page["content"]}) == 8
    assert pages[3]["page"] == {"size": 3, "totalElements": 8, "totalPages": 3, "number": 3}


@pytest.mark.parametrize(("asked", "served"), [(0, 10), (1, 1), (100, 100), (101, 100)])
def test_page_size(client: httpx.Client, asked: int, served: int) -> None:
    """Size 0 is the default size, and more than the maximum is served as the maximum."""
    assert client.get("/requests", params={"size": asked}).json()["page"]["size"] == served


def test_sort(client: httpx.Client, browser: httpx.Client, understudy: Understudy) -> None:
    """A list can be sorted by creation and by the last change, both ways."""
    understudy.clock.set("2030-01-01T00:00:00Z")
    first = create(client, referenceId="sorted")
    understudy.clock.advance(seconds=1)
    second = create(client, referenceId="sorted")
    understudy.clock.advance(seconds=1)
    browser.get(first["links"][0]["link"])

    def order(sort: str) -> list[str]:
        query = {"sort": sort, "referenceId": "sorted"}
        return [item["id"] for item in client.get("/requests", params=query).json()["content"]]

    by_creation = [first["id"], second["id"]]
    assert order("createdAt,asc") == order("updatedAt,desc") == by_creation
    assert order("createdAt,desc") == order("updatedAt,asc") == by_creation[::-1]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"status": "CREATED"}, ["11", "18"]),
        ({"referenceId": "scene-13"}, ["13"]),
        ({"id": scene_id(16)}, ["16"]),
        ({"requestTypeId": TOGETHER}, ["12"]),
        ({"organizationId": "another"}, []),
        ({"operatorPending": "true"}, []),
        ({"search": "lOVE"}, ["11"]),
        ({"search": "Alan"}, ["12"]),
        ({"search": "customer"}, []),
        ({"status": "CREATED", "search": "ada"}, ["11"]),
        ({"status": "FAILED", "search": "ada"}, []),
    ],
)
def test_filters(client: httpx.Client, query: dict[str, str], numbers: list[str]) -> None:
    """A list holds the requests that pass every filter, and only those."""
    assert listed(client, **query) == numbers


def test_operator_pending(client: httpx.Client) -> None:
    """Requests that wait for an operator can be told from those that do not."""
    waiting = create(client, operatorPending=True)
    page = client.get("/requests", params={"operatorPending": "true"}).json()
    assert [item["id"] for item in page["content"]] == [waiting["id"]]
    assert len(listed(client, operatorPending="false")) == 8


def test_search_by_personal_number(client: httpx.Client) -> None:
    """The search looks at the personal number, and not at other parameters."""
    found = create(client, parameters={"personalNumber": "RSSMRA85T10A562S"})
    create(client, parameters={"note": "RSSMRA85T10A562S"})
    page = client.get("/requests", params={"search": "rssmra", "size": 1}).json()
    assert [item["id"] for item in page["content"]] == [found["id"]]
    assert page["page"]["totalElements"] == 1


def test_search_has_pages(client: httpx.Client) -> None:
    """What a search finds is divided into pages too."""
    for _ in range(3):
        create(client, parameters={"lastName": "Curie"})
    page = client.get("/requests", params={"search": "curie", "size": 2, "page": 1}).json()
    assert len(page["content"]) == 1
    assert page["page"] == {"size": 2, "totalElements": 3, "totalPages": 2, "number": 1}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sort", "status,asc"),
        ("sort", "createdAt"),
        ("page", "-1"),
        ("page", "first"),
        ("size", "1.5"),
        ("status", "LOST"),
        ("operatorPending", "perhaps"),
    ],
)
def test_list_refuses(client: httpx.Client, name: str, value: str) -> None:
    """A query parameter that breaks the description is refused by name as `invalid`."""
    answer = client.get("/requests", params={name: value})
    assert fault(answer) == (f"/{name}", name, "invalid")
    assert answer.json()["detail"] == "The request has a malformed query parameter."


# --- new links ---------------------------------------------------------------------------------


def test_links_are_new_and_old_ones_still_work(client: httpx.Client, browser: httpx.Client) -> None:
    """Each call mints a new link, and every one minted before still opens."""
    request = create(client)
    links = [
        request["links"][0],
        *new_links(client, request["id"]),
        *new_links(client, request["id"]),
    ]
    assert len({link["link"] for link in links}) == 3
    assert {link["expiresAfter"] for link in links} == {request["expireAfter"]}
    assert [browser.get(link["link"]).status_code for link in links] == [200, 200, 200]


def test_links_for_everyone(client: httpx.Client) -> None:
    """Without a body, with an empty object and with an empty list every actor gets a link."""
    url = f"/request/{RUNNING}/links"
    answers = [
        client.post(url),
        client.post(url, json={}),
        client.post(url, json={"onlyForActors": []}),
    ]
    for answer in answers:
        assert [link["actor"] for link in answer.json()["links"]] == ["customer", "secondSigner"]


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(actors=st.lists(st.sampled_from(["customer", "secondSigner"]), min_size=1, max_size=4))
def test_links_for_some(client: httpx.Client, actors: list[str]) -> None:
    """The actors asked for get one link each, however often they are named."""
    links = new_links(client, RUNNING, *actors)
    assert [link["actor"] for link in links] == list(dict.fromkeys(actors))
    assert len({link["link"] for link in links}) == len(links)


def test_links_for_a_stranger(client: httpx.Client, understudy: Understudy) -> None:
    """An actor who takes no part is refused by place, and nobody gets a link."""
    before = understudy.state["tables"]["namirial.links"]
    body = {"onlyForActors": ["customer", "stranger"]}
    answer = client.post(f"/request/{CREATED}/links", json=body)
    assert fault(answer) == ("/onlyForActors/1", "onlyForActors", "invalid")
    assert understudy.state["tables"]["namirial.links"] == before


def test_actor_of_another_type(client: httpx.Client) -> None:
    """Whether an actor takes part is a matter of the request's own type."""
    answer = client.post(f"/request/{CREATED}/links", json={"onlyForActors": ["secondSigner"]})
    assert fault(answer) == ("/onlyForActors/0", "onlyForActors", "invalid")


def test_every_stranger_is_named(client: httpx.Client) -> None:
    """Each unknown actor is a fault of its own."""
    body = {"onlyForActors": ["a", "customer", "b"]}
    problem = refused(client.post(f"/request/{CREATED}/links", json=body), 400)
    pointers = [error["pointer"] for error in problem["errors"]]
    assert pointers == ["/onlyForActors/0", "/onlyForActors/2"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"actors": ["customer"]}, ("/actors", "actors", "additionalProperties")),
        ({"onlyForActors": "customer"}, ("/onlyForActors", "onlyForActors", "type")),
        ({"onlyForActors": [1]}, ("/onlyForActors/0", "onlyForActors", "type")),
        ({"onlyForActors": None}, ("/onlyForActors", "onlyForActors", "type")),
        (["customer"], ("", None, "type")),
    ],
)
def test_links_refuse(client: httpx.Client, body: Any, expected: Any) -> None:
    """A body that breaks the description is refused with the place of the fault."""
    assert fault(client.post(f"/request/{CREATED}/links", json=body)) == expected


def test_unknown_property_in_the_documented_words(client: httpx.Client) -> None:
    """An unknown property is refused in the words that the seed shows."""
    answer = client.post(f"/request/{CREATED}/links", json={"dummyField": 1})
    [error] = refused(answer, 400)["errors"]
    assert error == {
        "detail": "Property 'dummyField' is not defined in the schema and the schema does not "
        "allow additional properties.",
        "pointer": "/dummyField",
        "field": "dummyField",
        "reason": "additionalProperties",
    }


@pytest.mark.parametrize("number", FINAL)
def test_final_requests_get_no_links(client: httpx.Client, number: str) -> None:
    """No links are generated for a final request."""
    assert FINAL[number] in conflict(client.post(f"/request/{scene_id(number)}/links"))


def test_links_of_an_unknown_request(client: httpx.Client) -> None:
    """Links of an unknown request are 404, whether its id looks like one or not."""
    for unknown in ("nobody-knows", scene_id(99)):
        assert refused(client.post(f"/request/{unknown}/links"), 404)["title"] == "Not Found"


def test_links_leave_the_request_alone(client: httpx.Client, understudy: Understudy) -> None:
    """Generating links changes nothing about the request and sends no event."""
    listen(client)
    before = client.get(f"/request/{CREATED}").json()
    new_links(client, CREATED)
    assert client.get(f"/request/{CREATED}").json() == before
    assert understudy.outbox == []


# --- opening a link ----------------------------------------------------------------------------


def test_opening_starts_the_request(
    client: httpx.Client, browser: httpx.Client, understudy: Understudy
) -> None:
    """The first opening moves a created request to RUNNING, without any key."""
    understudy.clock.set("2026-01-01T00:00:00Z")
    request = create(client)
    understudy.clock.set("2026-01-02T00:00:00Z")
    answer = browser.get(request["links"][0]["link"])
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    after = read(client, request)
    assert (after["status"], after["updatedAt"]) == ("RUNNING", "2026-01-02T00:00:00.000000Z")
    assert after["finalizedAt"] is None


def test_page_asks_for_the_outcome(client: httpx.Client, browser: httpx.Client) -> None:
    """The page names actor, status and expiry, and offers the three outcomes."""
    request = create(client, referenceId="<b>order</b>")
    html = browser.get(request["links"][0]["link"]).text
    assert "customer" in html
    assert "RUNNING" in html
    assert request["expireAfter"] in html
    assert "&lt;b&gt;order&lt;/b&gt;" in html
    assert '<form method="post"' in html
    assert re.findall(r'name="outcome" value="(\w+)"', html) == ["complete", "fail", "cancel"]


def test_timestamp_of_a_link_changes_nothing(client: httpx.Client, browser: httpx.Client) -> None:
    """A link works with any `ts`, and without."""
    [link] = create(client)["links"]
    bare = link["link"].partition("?")[0]
    assert browser.get(bare).status_code == 200
    assert browser.get(bare, params={"ts": "nonsense"}).status_code == 200


def test_opening_again_changes_nothing(
    client: httpx.Client, browser: httpx.Client, understudy: Understudy
) -> None:
    """Opening a running request again changes nothing and sends nothing."""
    listen(client)
    request = create(client)
    browser.get(request["links"][0]["link"])
    before, sent = read(client, request), events(understudy)
    understudy.clock.advance(seconds=60)
    browser.get(request["links"][0]["link"])
    assert (read(client, request), events(understudy)) == (before, sent)


def test_unknown_link(client: httpx.Client, browser: httpx.Client, understudy: Understudy) -> None:
    """An unknown token is 404: a page for a browser, a problem for a program."""
    url = f"{understudy.url('namirial')}/res/nobody-knows"
    page = browser.get(url)
    assert (page.status_code, page.headers["content-type"][:9]) == (404, "text/html")
    refused(client.get(url), 404)
    refused(client.post(url, json={"outcome": "complete"}), 404)


@pytest.mark.parametrize(("outcome", "status"), OUTCOMES.items())
def test_link_to_a_finished_request(
    client: httpx.Client, browser: httpx.Client, understudy: Understudy, outcome: str, status: str
) -> None:
    """The page of a finished request says so, offers nothing, and changes nothing."""
    listen(client)
    request = create(client)
    link = request["links"][0]["link"]
    browser.post(link, data={"outcome": outcome})
    before, sent = read(client, request), events(understudy)
    for answer in (browser.get(link), browser.post(link, data={"outcome": "complete"})):
        assert answer.status_code == 200
        assert "finished" in answer.text
        assert status in answer.text
        assert "<form" not in answer.text
    assert (read(client, request), events(understudy)) == (before, sent)


# --- the outcome -------------------------------------------------------------------------------


@pytest.mark.parametrize(("outcome", "status"), OUTCOMES.items())
def test_outcome(
    client: httpx.Client, browser: httpx.Client, understudy: Understudy, outcome: str, status: str
) -> None:
    """The outcome that the page's form sends ends the request there and then."""
    understudy.clock.set("2026-01-01T00:00:00Z")
    request = create(client)
    link = request["links"][0]["link"]
    browser.get(link)
    understudy.clock.set("2026-01-02T03:04:05Z")
    answer = browser.post(link, data={"outcome": outcome})
    assert answer.status_code == 200
    assert status in answer.text
    after = read(client, request)
    assert after["status"] == status
    assert after["finalizedAt"] == after["updatedAt"] == "2026-01-02T03:04:05.000000Z"


@pytest.mark.parametrize(("outcome", "status"), OUTCOMES.items())
def test_outcome_as_json(client: httpx.Client, outcome: str, status: str) -> None:
    """The outcome may be sent as JSON, for a program in the place of a browser."""
    request = create(client)
    assert client.post(request["links"][0]["link"], json={"outcome": outcome}).is_success
    assert read(client, request)["status"] == status


def test_way_back(client: httpx.Client, browser: httpx.Client) -> None:
    """After the outcome the browser is sent to wizardUrlBack, with its placeholders filled in."""
    back = (
        "https://shop.example/b?<requestId>&r=<referenceId>&s=<status>&t=<requestTypeId>&a=<actor>"
    )
    request = create(client, referenceId="a b&c/é", settings={"wizardUrlBack": back})
    answer = browser.post(request["links"][0]["link"], data={"outcome": "fail"})
    assert answer.status_code == 303
    assert answer.headers["location"] == (
        f"https://shop.example/b?{request['id']}&r=a%20b%26c%2F%C3%A9&s=FAILED&t={ALONE}&a=customer"
    )


def test_encoded_placeholders(client: httpx.Client, browser: httpx.Client) -> None:
    """Placeholders may be percent-encoded, and what is none of them stays as it is."""
    back = "http://[::1]:8000/%3Cstatus%3E/%3cactor%3e/<referenceId>/%20/é?x=<other>"
    request = create(client, settings={"wizardUrlBack": back})
    answer = browser.post(request["links"][0]["link"], data={"outcome": "complete"})
    assert answer.headers["location"] == (
        "http://[::1]:8000/COMPLETED/customer//%20/%C3%A9?x=%3Cother%3E"
    )


@pytest.mark.parametrize(
    ("body", "reason"), [({"other": "complete"}, "required"), ({"outcome": "win"}, "enum")]
)
@pytest.mark.parametrize("encoding", ["data", "json"])
def test_unknown_outcome(
    client: httpx.Client, body: dict[str, str], reason: str, encoding: str
) -> None:
    """An outcome that is missing or unknown is refused and ends nothing."""
    request = create(client)
    sent: Any = {encoding: body}
    answer = client.post(request["links"][0]["link"], **sent)
    assert fault(answer) == ("/outcome", "outcome", reason)
    assert read(client, request)["status"] == "CREATED"


def test_no_outcome_at_all(client: httpx.Client, browser: httpx.Client) -> None:
    """A decision without a body is refused, as a page for a browser."""
    link = create(client)["links"][0]["link"]
    assert fault(client.post(link)) == ("", None, "required")
    page = browser.post(link)
    assert (page.status_code, page.headers["content-type"][:9]) == (400, "text/html")


def test_either_actor_ends_the_request(client: httpx.Client, browser: httpx.Client) -> None:
    """With several actors the first outcome counts, and the others find the request finished."""
    request = create(client, requestTypeId=TOGETHER)
    first, second = (link["link"] for link in request["links"])
    browser.post(second, data={"outcome": "cancel"})
    assert "CANCELLED" in browser.get(first).text


# --- expiry ------------------------------------------------------------------------------------


def test_expiry(client: httpx.Client, browser: httpx.Client, understudy: Understudy) -> None:
    """Up to its last microsecond a link works; then it answers 410 and the request is EXPIRED."""
    understudy.clock.set("2026-01-31T10:00:00Z")
    request = create(client)
    link = request["links"][0]["link"]
    understudy.clock.set("2026-02-28T09:59:59.999999Z")
    assert browser.get(link).status_code == 200
    understudy.clock.set("2026-02-28T10:00:00Z")
    assert browser.get(link).status_code == 410
    after = read(client, request)
    assert after["status"] == "EXPIRED"
    assert after["finalizedAt"] == after["updatedAt"] == request["expireAfter"]


def test_expired_is_expired_everywhere(client: httpx.Client, understudy: Understudy) -> None:
    """An expired request is so in lists and for new links, though nobody looked at it before."""
    understudy.clock.set("2026-01-01T00:00:00Z")
    request = create(client, referenceId="mine")
    understudy.clock.set("2026-02-02T00:00:00Z")
    query = {"status": "EXPIRED", "referenceId": "mine"}
    [found] = client.get("/requests", params=query).json()["content"]
    assert (found["id"], found["finalizedAt"]) == (request["id"], request["expireAfter"])
    assert "EXPIRED" in conflict(client.post(f"/request/{request['id']}/links"))


def test_expired_link_is_refused_as_asked(
    client: httpx.Client, browser: httpx.Client, understudy: Understudy
) -> None:
    """An expired link answers a page to a browser and a problem to a program, opened or decided."""
    link = create(client)["links"][0]["link"]
    understudy.clock.advance(seconds=32 * 86400)
    page = browser.get(link)
    assert (page.status_code, page.headers["content-type"][:9]) == (410, "text/html")
    assert browser.post(link, data={"outcome": "complete"}).status_code == 410
    refused(client.get(link), 410)
    refused(client.post(link, json={"outcome": "complete"}), 410)


def test_later_links_expire_with_the_request(
    client: httpx.Client, browser: httpx.Client, understudy: Understudy
) -> None:
    """A link minted later lives no longer than its request."""
    understudy.clock.set("2026-01-01T00:00:00Z")
    request = create(client)
    understudy.clock.set("2026-01-31T00:00:00Z")
    [link] = new_links(client, request["id"])
    assert link["expiresAfter"] == request["expireAfter"]
    understudy.clock.set("2026-02-01T00:00:00Z")
    assert browser.get(link["link"]).status_code == 410


def test_final_requests_do_not_expire(
    client: httpx.Client, browser: httpx.Client, understudy: Understudy
) -> None:
    """A final status never moves again; the link itself expires all the same."""
    request = create(client)
    link = request["links"][0]["link"]
    browser.post(link, data={"outcome": "complete"})
    before = read(client, request)
    understudy.clock.set(request["expireAfter"])
    assert browser.get(link).status_code == 410
    assert read(client, request) == before


def test_expired_for_good(
    client: httpx.Client, browser: httpx.Client, understudy: Understudy
) -> None:
    """A request that has expired does not come back when the clock is set back."""
    understudy.clock.set("2026-01-01T00:00:00Z")
    request = create(client)
    understudy.clock.set("2026-02-01T00:00:00Z")
    assert read(client, request)["status"] == "EXPIRED"
    understudy.clock.set("2026-01-01T00:00:00Z")
    assert browser.get(request["links"][0]["link"]).status_code == 410
    assert read(client, request)["status"] == "EXPIRED"


# --- webhooks ----------------------------------------------------------------------------------


def test_webhook_configurations(client: httpx.Client, understudy: Understudy) -> None:
    """A webhook configuration is told without its credentials, and listed oldest first."""
    understudy.clock.set("2026-01-01T00:00:00Z")
    url = f"/requestType/{ALONE}/webhookConfigurations"
    authentication = {"headers": {"Authorization": "secret"}, "client_key": "k", "client_cert": "c"}
    body = {"url": "https://hooks.example/a", "authentication": authentication}
    first = client.post(url, json=body).json()
    assert first.pop("id")
    assert first == {"url": "https://hooks.example/a", "createdAt": "2026-01-01T00:00:00.000000Z"}
    listen(client, url="https://hooks.example/b")
    content = client.get(url).json()["content"]
    assert [item["url"] for item in content] == [
        "https://hooks.example/a",
        "https://hooks.example/b",
    ]
    assert client.get(f"/requestType/{TOGETHER}/webhookConfigurations").json() == {"content": []}


def test_webhooks_of_an_unknown_type(client: httpx.Client) -> None:
    """An unknown request type has no webhook configurations: 404."""
    url = "/requestType/nobody-knows/webhookConfigurations"
    refused(client.get(url), 404)
    refused(client.post(url, json={"url": "https://hooks.example"}), 404)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "required"),
        ({"url": 1}, "type"),
        ({"url": "ftp://hooks.example"}, "pattern"),
    ],
)
def test_webhook_url(client: httpx.Client, body: Any, reason: str) -> None:
    """A webhook's URL is required and must be http(s)."""
    answer = client.post(f"/requestType/{ALONE}/webhookConfigurations", json=body)
    assert fault(answer) == ("/url", "url", reason)


def test_events(client: httpx.Client, browser: httpx.Client, understudy: Understudy) -> None:
    """Each change of status and each actor's start put one event into the outbox."""
    listen(client, TOGETHER)
    request = create(client, requestTypeId=TOGETHER)
    first, second = (link["link"] for link in request["links"])
    assert events(understudy) == []
    for link in (first, first, second, first, second):
        browser.get(link)
    browser.post(first, data={"outcome": "complete"})
    assert events(understudy) == [
        ("STATUS_UPDATE", "RUNNING", None),
        ("STATUS_UPDATE_ACTOR", "RUNNING", "customer"),
        ("STATUS_UPDATE_ACTOR", "RUNNING", "secondSigner"),
        ("STATUS_UPDATE", "COMPLETED", None),
    ]


def test_event_is_as_described(
    client: httpx.Client, browser: httpx.Client, understudy: Understudy
) -> None:
    """An event has the shape that the description gives it, and names its request."""
    understudy.clock.set("2026-01-01T00:00:00Z")
    listen(client)
    request = create(client, referenceId="order-1")
    browser.get(request["links"][0]["link"])
    document = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    schema = {"$ref": "#/components/schemas/Event", "components": document["components"]}
    for entry in understudy.outbox:
        assert (entry["kind"], entry["url"]) == ("webhook", "https://hooks.example/a")
        Draft202012Validator(schema).validate(entry["body"])
        assert entry["body"]["createdAt"] == "2026-01-01T00:00:00.000000Z"
        assert entry["body"]["request"]["requestId"] == request["id"]
        assert entry["body"]["request"]["requestTypeId"] == ALONE
        assert entry["body"]["request"]["referenceId"] == "order-1"


def test_every_configuration_is_told(
    client: httpx.Client, browser: httpx.Client, understudy: Understudy
) -> None:
    """An event goes to every configuration of the request's type and to no other."""
    listen(client, url="https://hooks.example/a")
    listen(client, url="https://hooks.example/b")
    listen(client, TOGETHER, url="https://hooks.example/c")
    browser.post(create(client)["links"][0]["link"], data={"outcome": "fail"})
    urls = [entry["url"] for entry in understudy.outbox]
    assert urls == ["https://hooks.example/a", "https://hooks.example/b"]


def test_expiry_is_an_event(client: httpx.Client, understudy: Understudy) -> None:
    """A request that expires tells so, dated to the moment it did."""
    understudy.clock.set("2026-01-01T00:00:00Z")
    request = create(client, requestTypeId=TOGETHER)
    listen(client, TOGETHER)
    understudy.clock.set("2026-02-02T00:00:00Z")
    bodies = [entry["body"] for entry in understudy.outbox]
    [body] = [body for body in bodies if body["request"]["requestId"] == request["id"]]
    assert (body["type"], body["request"]["status"]) == ("STATUS_UPDATE", "EXPIRED")
    assert body["createdAt"] == request["expireAfter"]


def test_created_draft_is_an_event(client: httpx.Client, understudy: Understudy) -> None:
    """A draft that is created changes its status, and tells so."""
    listen(client)
    client.post(f"/request/{DRAFT}/creation")
    assert events(understudy) == [("STATUS_UPDATE", "CREATED", None)]


def test_refused_changes_send_nothing(client: httpx.Client, understudy: Understudy) -> None:
    """A refusal puts nothing into the outbox."""
    listen(client)
    link = create(client)["links"][0]["link"]
    client.post(link, json={"outcome": "win"})
    client.post(f"/request/{CREATED}/creation")
    assert understudy.outbox == []


# --- credentials -------------------------------------------------------------------------------

SECURED = [
    ("POST", "/requests"),
    ("GET", "/requests"),
    ("GET", f"/request/{CREATED}"),
    ("POST", f"/request/{DRAFT}/creation"),
    ("POST", f"/request/{CREATED}/links"),
    ("POST", f"/requestType/{ALONE}/webhookConfigurations"),
    ("GET", f"/requestType/{ALONE}/webhookConfigurations"),
]


@pytest.mark.parametrize(("method", "path"), SECURED)
@pytest.mark.parametrize("headers", [{}, {"X-Api-Key": ""}, {"Authorization": f"Bearer {KEY}"}])
def test_key_is_needed(
    understudy: Understudy, method: str, path: str, headers: dict[str, str]
) -> None:
    """Without a key in its header every secured operation answers 401."""
    answer = httpx.request(method, understudy.url("namirial") + path, headers=headers)
    problem = refused(answer, 401)
    assert problem["title"] == "Unauthorized"
    assert "errors" not in problem


def test_any_key_passes(understudy: Understudy) -> None:
    """Unless told otherwise the mock accepts any key."""
    url = understudy.url("namirial") + "/requests"
    assert httpx.get(url, headers={"X-Api-Key": "whatever"}).status_code == 200


def test_known_key(client: httpx.Client, understudy: Understudy) -> None:
    """With the setting `known` only the README's key is accepted."""
    understudy.settings.put({"namirial": {"credentials": "known"}})
    assert client.get("/requests").status_code == 200
    refused(client.get("/requests", headers={"X-Api-Key": "whatever"}), 401)


# --- bad requests ------------------------------------------------------------------------------


def test_base_path(understudy: Understudy, client: httpx.Client) -> None:
    """Every operation answers below the servers' base path as well."""
    assert client.get("/api/v2/requests").json() == client.get("/requests").json()
    assert httpx.get(f"{understudy.url('namirial')}/api/v2/res/scene-customer-link").is_success


@pytest.mark.parametrize(
    "content", [b"{", b'{"requestTypeId": "\xff"}', b"", b"nonsense", b'{"requestTypeId": NaN}']
)
def test_not_json(client: httpx.Client, content: bytes) -> None:
    """A body that is no JSON text in UTF-8 is refused."""
    headers = {"Content-Type": "application/json"}
    refused(client.post("/requests", content=content, headers=headers), 400)


def test_wrong_media_type(client: httpx.Client) -> None:
    """A body of an undocumented media type is refused."""
    headers = {"Content-Type": "text/plain"}
    refused(client.post("/requests", content=b"{}", headers=headers), 415)


def test_wrong_method(client: httpx.Client) -> None:
    """A method that the path does not have is refused, and those it has are named."""
    answer = client.delete("/requests")
    refused(answer, 405)
    assert {"GET", "POST"} <= {name.strip() for name in answer.headers["allow"].split(",")}


def test_unacceptable(client: httpx.Client) -> None:
    """An answer that the client does not accept is refused before anything happens."""
    answer = client.post(f"/request/{DRAFT}/creation", headers={"Accept": "image/png"})
    refused(answer, 406)
    assert client.get(f"/request/{DRAFT}").json()["status"] == "DRAFT"


def test_unknown_request(client: httpx.Client) -> None:
    """An unknown request is 404."""
    assert refused(client.get("/request/nobody-knows"), 404)["title"] == "Not Found"


def test_own_failure_is_retryable(client: httpx.Client, understudy: Understudy) -> None:
    """Where the mock itself fails, the refusal blames no data and says that a retry may help."""
    state = understudy.state
    state["tables"]["namirial.request"][CREATED]["createdAt"] = "yesterday"
    understudy.state = state
    answer = client.get("/requests")
    assert answer.status_code == 500
    problem = answer.json()
    assert (problem["title"], problem["retryable"]) == ("Internal Server Error", True)
    assert "errors" not in problem


def test_sandboxes_are_apart(understudy: Understudy, client: httpx.Client) -> None:
    """What one sandbox creates no other one knows."""
    request = create(client)
    url = re.sub(r"/~[^/]+", "/~somewhere-else", understudy.url("namirial"))
    answer = httpx.get(f"{url}/request/{request['id']}", headers={"X-Api-Key": KEY})
    assert answer.status_code == 404
