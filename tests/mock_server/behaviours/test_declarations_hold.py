"""What the built-in descriptions declare holds, whatever is done in whatever order."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import openapi
from mock_server.app import Settings, create_app
from openapi.declarations import Lifecycle, lifecycle
from tests.mock_server.behaviours.nullplatform_scene import (
    ACTIVE,
    API_KEY,
    FAILED,
    NRN,
    PENDING,
    SERVICE,
    WITH_ACTIONS,
    numbered,
)
from tests.mock_server.gateway.own import InProcess

DAY = 86_400
ACTION_STATUSES = ["pending_create", "pending", "in_progress", "success", "failed"]
BY_HAND = ["pending_create", "pending", "active", "failed"]
VERDICTS = ["unverified", "verified", "work_in_progress", "fulfilled", "archived", "refused"]
NUMBERS = st.integers(0, 99)


def declared(api: str, schema: str) -> Lifecycle:
    """The lifecycle as the file has it."""
    file = Path(openapi.__file__).parent / f"{api}.yaml"
    schemas = yaml.safe_load(file.read_text())["components"]["schemas"]
    return lifecycle(schemas[schema]["properties"]["status"]["x-lifecycle"])


class Watched:
    """An API whose statuses are looked at after every request."""

    def __init__(self, api: str, **tables: str) -> None:
        """`tables` are schemas by what their tables are called behind the API's name."""
        self.client = httpx.Client(
            base_url="http://localhost", transport=InProcess(create_app(Settings(apis=[api])))
        )
        self._lives = {f"{api}.{name}": declared(api, schema) for name, schema in tables.items()}

    def reset(self) -> None:
        """Back to the scene."""
        self.client.post("/_understudy/reset").raise_for_status()
        # From here on, time passes only by steps.
        self.client.put("/_understudy/clock", json={"now": self.now()}).raise_for_status()
        self._before = self._statuses()

    def _statuses(self) -> dict[str, dict[str, Any]]:
        tables = self.client.get("/_understudy/state").json()["tables"]
        return {
            table: {id: row["status"] for id, row in tables.get(table, {}).items()}
            for table in self._lives
        }

    def now(self) -> str:
        """The sandbox's time."""
        now: str = self.client.get("/_understudy/clock").json()["now"]
        return now

    def advance(self, seconds: float) -> None:
        """Move the clock on."""
        self.client.post("/_understudy/clock/advance", json={"seconds": seconds})
        self.check()

    def asked(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The answer to a request, after a look at what it did."""
        answer = self.client.request(method, path, **more)
        assert answer.status_code < 500, answer.text
        self.check()
        return answer

    def check(self) -> None:
        """Every status began and moved as it is declared."""
        after = self._statuses()
        for table, life in self._lives.items():
            for id, status in after[table].items():
                before = self._before[table].get(id)
                if before is None:
                    assert not life.starts or status in life.starts
                elif status != before:
                    assert status in life.moves.get(before, []), f"{before} to {status}"
        self._before = after


def any_of(items: list[Any], number: int) -> Any:
    """One of the items."""
    return items[number % len(items)]


# --- namirial ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def namirial() -> Iterator[Watched]:
    """The first API, watched."""
    watched = Watched("namirial", request="Request")
    watched.client.headers["X-API-Key"] = "any"
    with watched.client:
        yield watched


NAMIRIAL_STEPS = st.one_of(
    st.tuples(st.just("create"), st.booleans(), NUMBERS),
    st.tuples(st.sampled_from(["creation", "links"]), st.none(), NUMBERS),
    st.tuples(st.sampled_from(["open", "complete", "fail", "cancel"]), st.none(), NUMBERS),
    st.tuples(st.just("advance"), st.sampled_from([1, DAY, 7 * DAY, 31 * DAY]), NUMBERS),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(NAMIRIAL_STEPS, max_size=15))
def test_requests_and_their_links(namirial: Watched, steps: list[tuple[str, Any, int]]) -> None:
    """Requests live as declared, and a link answers 410 from its moment on, not before."""
    namirial.reset()
    requests = [numbered(number) for number in range(11, 19)]
    ends: dict[str, str] = {}

    def keep(answer: httpx.Response) -> None:
        for link in answer.json().get("links", []):
            ends[link["link"]] = link["expiresAfter"]

    for what, how, number in steps:
        request = any_of(requests, number)
        if what == "create":
            body = {"requestTypeId": numbered(1 + number % 2)}
            answer = namirial.asked("POST", "/requests", json=body, params={"draft": how})
            requests.append(answer.json()["id"])
            keep(answer)
        elif what in {"creation", "links"}:
            keep(namirial.asked("POST", f"/request/{request}/{what}"))
        elif what == "advance":
            namirial.advance(how)
        elif ends:
            link = any_of(list(ends), number)
            method, sent = ("GET", {}) if what == "open" else ("POST", {"json": {"outcome": what}})
            answer = namirial.asked(method, link, **sent)
            assert (answer.status_code == 410) == (namirial.now() >= ends[link][:23])


# --- nullplatform ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def nullplatform() -> Iterator[Watched]:
    """The second API, watched."""
    watched = Watched("nullplatform", link="Link", actions="LinkAction")
    with watched.client:
        yield watched


NULLPLATFORM_STEPS = st.one_of(
    st.tuples(st.just("agent"), st.sampled_from(["manual", "immediate", "timed"]), NUMBERS),
    st.tuples(st.just("link"), st.sampled_from([None, *BY_HAND]), NUMBERS),
    st.tuples(st.sampled_from(["set", "drop"]), st.sampled_from(BY_HAND), NUMBERS),
    st.tuples(st.just("act"), st.sampled_from([None, *ACTION_STATUSES]), NUMBERS),
    st.tuples(st.just("report"), st.sampled_from(ACTION_STATUSES), NUMBERS),
    st.tuples(st.sampled_from(["forget", "advance"]), st.none(), NUMBERS),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(NULLPLATFORM_STEPS, max_size=20))
def test_links_and_their_actions(nullplatform: Watched, steps: list[tuple[str, Any, int]]) -> None:
    """Links and actions live as declared, whoever moves them."""
    nullplatform.reset()
    token = nullplatform.client.post("/token", json={"api_key": API_KEY}).json()["access_token"]
    nullplatform.client.headers["Authorization"] = f"Bearer {token}"
    links = [ACTIVE, PENDING, FAILED]
    actions: list[Mapping[str, str]] = []
    for what, how, number in steps:
        link = any_of(links, number)
        status = {} if how is None else {"status": how}
        if what == "agent":
            told = {"nullplatform": {"agent": how, "seconds": 5}}
            nullplatform.asked("PUT", "/_understudy/settings", json=told)
        elif what == "link":
            new = {
                "name": "New",
                "service_id": SERVICE,
                "specification_id": WITH_ACTIONS,
                "entity_nrn": NRN,
            }
            answer = nullplatform.asked("POST", "/link", json=new | status)
            links += [answer.json()["id"]] if answer.status_code == 200 else []
        elif what == "set":
            nullplatform.asked("PATCH", f"/link/{link}", json=status)
        elif what == "drop":
            nullplatform.asked("DELETE", f"/link/{link}", params={"force": "true"})
        elif what == "act":
            specification = numbered(11 + number // len(links) % 6)
            sent = {"specification_id": specification, **status}
            answer = nullplatform.asked("POST", f"/link/{link}/action", json=sent)
            actions += [answer.json()] if answer.status_code == 200 else []
        elif what == "advance":
            nullplatform.advance(6)
        elif actions:
            action = any_of(actions, number)
            path = f"/link/{action['link_id']}/action/{action['id']}"
            nullplatform.asked("PATCH" if what == "report" else "DELETE", path, json=status)


# --- didomi ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def didomi() -> Iterator[Watched]:
    """The third API, watched."""
    watched = Watched("didomi", **{"dsar/requests": "Request"})
    watched.client.params = watched.client.params.set("organization_id", "org-1")
    with watched.client:
        yield watched


DIDOMI_STEPS = st.one_of(
    st.tuples(st.sampled_from(["set", "link"]), st.sampled_from(VERDICTS), NUMBERS),
    st.tuples(st.sampled_from(["open", "advance"]), st.none(), NUMBERS),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(DIDOMI_STEPS, max_size=15))
def test_requests_of_people(didomi: Watched, steps: list[tuple[str, Any, int]]) -> None:
    """Requests move as declared, and a link answers 410 once its lifetime is over, not before."""
    didomi.reset()
    body = {"type": "api-key", "key": "any", "secret": "any"}
    session = didomi.client.post("/sessions", json=body).json()
    didomi.client.headers["Authorization"] = f"Bearer {session['access_token']}"
    passed = 0
    ends = {"scene-verification-link": 900}
    for what, how, number in steps:
        request = numbered(1 + number % 7)
        if what == "set":
            didomi.asked("PATCH", f"/dsar/requests/{request}", json={"status": how})
        elif what == "link":
            told = {
                "action": "request.update",
                "event": {"status": how, "request_id": request},
                "redirect_url": "https://shop.example",
                "lifetime": 1 + number,
            }
            answer = didomi.asked("POST", "/dsar/links", json=told)
            if answer.status_code == 200:
                ends[answer.json()["id"]] = passed + 1 + number
        elif what == "open":
            token = any_of(list(ends), number)
            opened = didomi.asked("GET", "/dsar/links/execute", params={"token": token})
            assert (opened.status_code == 410) == (passed >= ends[token])
        else:
            # Sessions end after an hour.
            step = min(10 * number, max(3500 - passed, 0))
            didomi.advance(step)
            passed += step
