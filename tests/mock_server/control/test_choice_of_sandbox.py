"""Which sandbox a request is for, and that sandboxes do not see each other."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import httpx
import pytest

from tests.mock_server.control.clients import SCENE_SIZE, client, create, names, sign_in
from understudy.pytest_plugin import Understudy


@pytest.fixture
def server(understudy: Understudy) -> Iterator[httpx.Client]:
    """A client of the server that names no sandbox; those that its test opened are forgotten."""
    with client(understudy.url("").partition("/~")[0]) as server:
        before = opened(server)
        yield server
        for name in set(opened(server)) - set(before):
            server.delete(f"/_understudy/sandboxes/{name}")


def opened(server: httpx.Client) -> list[str]:
    """The sandboxes that exist, oldest first."""
    entries = server.get("/_understudy/sandboxes").json()["entries"]
    return [entry["name"] for entry in entries]


def fresh() -> str:
    """A name that no sandbox has."""
    return f"box-{uuid4().hex}"


@contextmanager
def didomi_of(server: httpx.Client, name: str) -> Iterator[httpx.Client]:
    """A client of didomi in that sandbox, signed in."""
    with client(f"{server.base_url}/~{name}/didomi") as didomi:
        sign_in(didomi)
        yield didomi


def chosen(server: httpx.Client, path: str = "", **headers: str) -> str:
    """The name of the sandbox that a request chooses, as its dashboard shows it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    page = server.get(f"{path}/_understudy/", headers=named)
    assert page.status_code == 200, page.text
    return page.text.partition("<strong>")[2].partition("</strong>")[0]


def test_the_default_sandbox(server: httpx.Client) -> None:
    """A request that names none is for `default`, which can be named as well."""
    assert chosen(server) == "default"
    assert chosen(server, "/~default") == "default"
    assert chosen(server, understudy_sandbox="") == "default"
    assert chosen(server, baggage="user=ada") == "default"


def test_a_sandbox_by_header(server: httpx.Client) -> None:
    """`Understudy-Sandbox` names it."""
    name = fresh()
    assert chosen(server, understudy_sandbox=name) == name


@pytest.mark.parametrize(
    "baggage",
    [
        "understudy-sandbox={}",
        "user=ada, understudy-sandbox={}, server=7",
        "user=ada , understudy-sandbox = {} ;ttl=5;secret",
        "understudy-sandbox={},understudy-sandbox=another",
        "xunderstudy-sandbox=another,understudy-sandbox={}",
    ],
)
def test_a_sandbox_by_baggage(server: httpx.Client, baggage: str) -> None:
    """An entry `understudy-sandbox` among others, with or without properties (W3C Baggage)."""
    name = fresh()
    assert chosen(server, baggage=baggage.format(name)) == name


def test_a_sandbox_by_prefix(server: httpx.Client) -> None:
    """`/~NAME` before any path, of an API, of the controls and of the documents."""
    name = fresh()
    assert chosen(server, f"/~{name}") == name
    assert server.get(f"/~{name}/didomi/openapi.json").status_code == 200
    assert server.get(f"/~{name}/didomi/dsar/verified").status_code == 200


def test_the_prefix_comes_before_the_header_and_that_before_baggage(server: httpx.Client) -> None:
    """A link that was handed out leads to its own sandbox, whatever the client sends along."""
    one, two, three = fresh(), fresh(), fresh()
    baggage = f"understudy-sandbox={three}"
    assert chosen(server, f"/~{one}", understudy_sandbox=two, baggage=baggage) == one
    assert chosen(server, understudy_sandbox=two, baggage=baggage) == two


@pytest.mark.parametrize("name", ["a b", "a%20b", "-a", "a" * 101, "a~b"])
def test_a_name_that_no_sandbox_can_have_is_refused(server: httpx.Client, name: str) -> None:
    """In each of the three places, with what a name is made of; nothing is opened."""
    before = opened(server)
    answers = [
        server.get("/didomi/dsar/verified", headers={"understudy-sandbox": name}),
        server.get("/didomi/dsar/verified", headers={"baggage": f"understudy-sandbox={name}"}),
        server.get(f"/~{name}/didomi/dsar/verified"),
        server.get(f"/~{name}/_understudy/health"),
    ]
    for answer in answers:
        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert "cannot name a sandbox" in answer.json()["detail"]
    assert opened(server) == before


def test_links_lead_to_their_sandbox(server: httpx.Client) -> None:
    """A browser that follows a link sends no header, so the path names the sandbox."""
    name = fresh()
    with client(f"{server.base_url}/didomi", {"understudy-sandbox": name}) as didomi:
        sign_in(didomi)
        create(didomi)
    box = f"{server.base_url}/~{name}"
    [mail] = server.get(f"{box}/_understudy/outbox").json()["entries"]
    [link] = mail["links"]
    assert link.startswith(f"{box}/didomi/")
    assert server.get(link).status_code == 302


def test_links_of_the_default_sandbox_are_plain(server: httpx.Client) -> None:
    """They have no prefix."""
    with client(f"{server.base_url}/didomi") as didomi:
        sign_in(didomi)
        create(didomi)
    mail = server.get("/_understudy/outbox").json()["entries"][-1]
    assert mail["links"][0].startswith(f"{server.base_url}/didomi/")
    server.post("/_understudy/reset")


def test_two_sandboxes_never_see_each_other(server: httpx.Client) -> None:
    """Tables, clock, outbox, journal and settings are each sandbox's own."""
    one, two = fresh(), fresh()
    with didomi_of(server, one) as here, didomi_of(server, two) as there:
        create(here, "ada")
        create(there, "bob")
        assert (names(here), names(there)) == (["ada"], ["bob"])
    controls = f"/~{one}/_understudy"
    server.put(f"{controls}/settings", json={"nullplatform": {"agent": "timed"}})
    server.put(f"{controls}/clock", json={"now": "2030-01-01T00:00:00Z"})
    server.delete(f"{controls}/journal")
    others = f"/~{two}/_understudy"
    assert server.get(f"{others}/settings").json()["nullplatform"]["agent"] == "manual"
    assert server.get(f"{others}/clock").json()["frozen"] is False
    assert len(server.get(f"{others}/journal").json()["entries"]) == 3
    assert [m["to"] for m in server.get(f"{others}/outbox").json()["entries"]] == [
        "bob@example.com"
    ]
    server.post(f"{controls}/reset")
    with didomi_of(server, two) as there:
        assert names(there) == ["bob"]


def test_a_token_of_another_sandbox_is_not_accepted(server: httpx.Client) -> None:
    """What was issued in one is unknown in the other."""
    one, two = fresh(), fresh()
    with (
        didomi_of(server, one) as here,
        client(f"{server.base_url}/~{two}/didomi", here.headers) as foreign,
    ):
        assert here.get("/dsar/requests").status_code == 200
        assert foreign.get("/dsar/requests?organization_id=org-1").status_code == 401


def test_sandboxes_are_listed_and_deleted(server: httpx.Client) -> None:
    """Oldest first, each with its time; a deleted one opens anew with its scene."""
    one, two = fresh(), fresh()
    with didomi_of(server, one) as didomi:
        create(didomi)
    server.put(f"/~{two}/_understudy/clock", json={"now": "2030-01-01T00:00:00Z"})
    assert opened(server)[-2:] == [one, two]
    [*_, last] = server.get("/_understudy/sandboxes").json()["entries"]
    assert last == {"name": two, "now": "2030-01-01T00:00:00.000Z"}
    assert server.delete(f"/_understudy/sandboxes/{one}").status_code == 204
    assert opened(server)[-1] == two
    assert one not in opened(server)
    assert server.delete(f"/_understudy/sandboxes/{one}").status_code == 404
    with didomi_of(server, one) as didomi:
        answer = didomi.get("/dsar/requests", params={"$limit": 100}).json()
        assert answer["total"] == SCENE_SIZE
        assert names(didomi) == []
    assert opened(server)[-1] == one


def test_a_sandbox_can_delete_itself(server: httpx.Client) -> None:
    """A test that is over leaves nothing behind."""
    name = fresh()
    assert server.delete(f"/~{name}/_understudy/sandboxes/{name}").status_code == 204
    assert name not in opened(server)


def test_sandboxes_at_the_same_time(server: httpx.Client) -> None:
    """Many clients that work in many sandboxes at once find what they alone have made."""

    def work(number: int) -> bool:
        name = fresh()
        mine = [f"guest-{number}-{turn}" for turn in range(8)]
        with didomi_of(server, name) as didomi:
            for person in mine:
                create(didomi, person)
            found = names(didomi)
        outbox = server.get(f"/~{name}/_understudy/outbox").json()["entries"]
        return found == mine and [m["to"] for m in outbox] == [f"{p}@example.com" for p in mine]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(16)))


def test_one_sandbox_used_by_many_at_the_same_time(server: httpx.Client) -> None:
    """Operations come one after the other: nothing is lost and no id is given twice."""
    name = fresh()
    with didomi_of(server, name) as didomi, ThreadPoolExecutor(8) as pool:
        people = [f"guest-{number:02}" for number in range(40)]
        created = list(pool.map(lambda person: create(didomi, person)["id"], people))
        assert len(set(created)) == len(people)
        assert names(didomi) == people
