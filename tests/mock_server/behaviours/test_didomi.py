"""The behaviour of didomi, over HTTP."""

import ssl
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import permutations
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from understudy.pytest_plugin import Understudy

# Each client would make one of its own, which takes longer than most of these tests.
TLS = ssl.create_default_context()
get, post = partial(httpx.get, verify=TLS), partial(httpx.post, verify=TLS)

CREDENTIALS = {
    "type": "api-key",
    "key": "understudy-didomi-key",
    "secret": "understudy-didomi-secret",
}
STATUSES = ("unverified", "verified", "work_in_progress", "fulfilled", "archived", "refused")
NAMES = {
    400: "BadRequest",
    401: "NotAuthenticated",
    404: "NotFound",
    405: "MethodNotAllowed",
    406: "NotAcceptable",
    410: "Gone",
    415: "UnsupportedMediaType",
}
UNKNOWN = "00000000-0000-4000-8000-00000000dead"
SCENE = {
    f"00000000-0000-4000-8000-{number:012}": status
    for number, status in enumerate((*STATUSES, "unverified"), start=1)
}
UNVERIFIED, VERIFIED, *_, UNTOUCHED = SCENE


@pytest.fixture
def api(understudy: Understudy) -> Iterator[httpx.Client]:
    """A client of org-1 with a session."""
    with httpx.Client(base_url=understudy.url("didomi"), verify=TLS) as client:
        sign_in(client)
        yield client


def sign_in(client: httpx.Client, organization: str = "org-1") -> None:
    """Open a session at the sandbox's present time."""
    token = client.post("/sessions", json=CREDENTIALS).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    client.params = httpx.QueryParams(organization_id=organization)


def of_organization(api: httpx.Client, organization: str) -> httpx.Client:
    """The same session on behalf of another organization."""
    params = {"organization_id": organization}
    return httpx.Client(base_url=api.base_url, headers=api.headers, params=params, verify=TLS)


def new_request(**changed: Any) -> dict[str, Any]:
    """The body of a request, with an address to send mails to."""
    body = {
        "organization_user_id": "ada",
        "user_right_id": "cpra_access_my_data",
        "status": "unverified",
        "request_fields": [{"field_id": "email", "value": "ada@example.com"}],
        "source": {"type": "DSAR", "country": "US"},
    }
    return {key: value for key, value in (body | changed).items() if value is not None}


def create(api: httpx.Client, **changed: Any) -> dict[str, Any]:
    """A stored request."""
    answer = api.post("/dsar/requests", json=new_request(**changed))
    assert answer.status_code == 200, answer.text
    created: dict[str, Any] = answer.json()
    return created


def read(api: httpx.Client, request_id: str) -> dict[str, Any]:
    """A request as it is now."""
    answer = api.get(f"/dsar/requests/{request_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def new_link(request_id: str, status: str = "verified", **changed: Any) -> dict[str, Any]:
    """The body of a link."""
    return {
        "action": "request.update",
        "event": {"status": status, "request_id": request_id},
        "redirect_url": "https://shop.example/thanks?from=mail",
    } | changed


def link_to(api: httpx.Client, request_id: str, status: str = "verified", **changed: Any) -> str:
    """The address of a new link."""
    answer = api.post("/dsar/links", json=new_link(request_id, status, **changed))
    assert answer.status_code == 200, answer.text
    url: str = answer.json()["url"]
    return url


def assert_refused(answer: httpx.Response, code: int) -> dict[str, Any]:
    """Look at an error body; gives it back."""
    assert answer.status_code == code, answer.text
    assert answer.headers["content-type"].partition(";")[0] == "application/json"
    body: dict[str, Any] = answer.json()
    assert set(body) == {"code", "name", "message", "errors"}
    assert (body["code"], body["name"]) == (code, NAMES[code])
    assert body["message"]
    return body


# Sessions and credentials


def test_session_opens_the_secured_operations(understudy: Understudy) -> None:
    """A token of a session is what the secured operations ask for."""
    base = understudy.url("didomi")
    token = post(f"{base}/sessions", json=CREDENTIALS).json()["access_token"]
    answer = get(
        f"{base}/dsar/requests",
        params={"organization_id": "org-1"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200


def test_session_lasts_an_hour(understudy: Understudy, api: httpx.Client) -> None:
    """A token is good for 3600 seconds of the sandbox's clock, and no longer."""
    understudy.clock.set("2026-01-31T10:00:00Z")
    sign_in(api)
    understudy.clock.advance(seconds=3599)
    assert api.get("/dsar/requests").status_code == 200
    understudy.clock.advance(seconds=1)
    assert_refused(api.get("/dsar/requests"), 401)


@pytest.mark.parametrize("kind", ["api-key", "email"])
def test_any_credentials_open_a_session(understudy: Understudy, kind: str) -> None:
    """Unless told otherwise, every key with a secret gets a token that works."""
    base = understudy.url("didomi")
    session = post(f"{base}/sessions", json={"type": kind, "key": "me", "secret": "mine"})
    answer = get(
        f"{base}/dsar/user-rights",
        params={"organization_id": "org-1"},
        headers={"Authorization": f"Bearer {session.json()['access_token']}"},
    )
    assert answer.status_code == 200


def test_known_credentials_are_told_apart(understudy: Understudy) -> None:
    """With the setting `credentials: known` other credentials are a 400, as the API words it."""
    understudy.settings.put({"didomi": {"credentials": "known"}})
    url = f"{understudy.url('didomi')}/sessions"
    assert post(url, json=CREDENTIALS).status_code == 200
    refused = assert_refused(post(url, json=CREDENTIALS | {"secret": "guess"}), 400)
    assert refused["message"] == "Invalid authentication information"
    assert refused["errors"] == {}


def test_token_of_unknown_credentials_stops_working(understudy: Understudy) -> None:
    """With `credentials: known` a token that was got with other credentials is refused."""
    base = understudy.url("didomi")
    with httpx.Client(base_url=base, params={"organization_id": "org-1"}, verify=TLS) as client:
        for secret, expected in (("guess", 401), ("understudy-didomi-secret", 200)):
            understudy.settings.put({"didomi": {"credentials": "any"}})
            session = client.post("/sessions", json=CREDENTIALS | {"secret": secret}).json()
            understudy.settings.put({"didomi": {"credentials": "known"}})
            headers = {"Authorization": f"Bearer {session['access_token']}"}
            assert client.get("/dsar/requests", headers=headers).status_code == expected


@pytest.mark.parametrize("missing", ["type", "key", "secret"])
def test_session_needs_all_credentials(understudy: Understudy, missing: str) -> None:
    """A session asked for without type, key or secret is a 400 that names what is missing."""
    body = {name: value for name, value in CREDENTIALS.items() if name != missing}
    answer = post(f"{understudy.url('didomi')}/sessions", json=body)
    refused = assert_refused(answer, 400)
    assert list(refused["errors"]) == [f"/{missing}"]


@pytest.mark.parametrize("changed", [{"key": ""}, {"secret": ""}, {"type": "phone"}])
def test_session_needs_credentials_that_say_something(
    understudy: Understudy, changed: dict[str, str]
) -> None:
    """An empty key or secret, or an unknown type, is a 400."""
    answer = post(f"{understudy.url('didomi')}/sessions", json=CREDENTIALS | changed)
    assert_refused(answer, 400)


SECURED = [
    ("POST", "/dsar/requests"),
    ("GET", "/dsar/requests"),
    ("GET", f"/dsar/requests/{VERIFIED}"),
    ("PATCH", f"/dsar/requests/{VERIFIED}"),
    ("POST", "/dsar/requests/notes"),
    ("GET", "/dsar/requests/notes"),
    ("GET", "/dsar/user-rights"),
    ("POST", "/dsar/links"),
]


@pytest.mark.parametrize("authorization", [None, "Bearer", "Bearer forged", "Basic YTpi"])
@pytest.mark.parametrize(("method", "path"), SECURED)
def test_secured_operations_want_a_token(
    understudy: Understudy, method: str, path: str, authorization: str | None
) -> None:
    """Without a token of the mock's every secured operation is a 401."""
    headers = {"Authorization": authorization} if authorization else {}
    answer = httpx.request(
        method,
        f"{understudy.url('didomi')}{path}",
        params={"organization_id": "org-1"},
        headers=headers,
        json={} if method in {"POST", "PATCH"} else None,
        verify=TLS,
    )
    assert_refused(answer, 401)


@pytest.mark.parametrize(("method", "path"), SECURED)
@pytest.mark.parametrize(
    "organization", [{}, {"organization_id": ""}, {"organization_id": "o" * 65}]
)
def test_secured_operations_want_an_organization(
    api: httpx.Client, method: str, path: str, organization: dict[str, str]
) -> None:
    """A missing, empty or overlong organization_id is a 400 that names it."""
    api.params = httpx.QueryParams(organization)
    answer = api.request(method, path, json={} if method in {"POST", "PATCH"} else None)
    refused = assert_refused(answer, 400)
    assert "/organization_id" in refused["errors"]


# Requests


def test_created_request_can_be_read(api: httpx.Client) -> None:
    """What was created is answered with its id, and reads the same afterwards."""
    body = new_request(
        status="verified",
        user={"id": "ada", "email": "ada@example.com", "country": "US", "metadata": {"vip": True}},
        metadata={"ticket": 7},
    )
    answer = api.post("/dsar/requests", json=body)
    created = answer.json()
    assert answer.status_code == 200
    assert created | body == created
    assert created["organization_id"] == "org-1"
    assert created["created_at"] == created["updated_at"]
    assert read(api, created["id"]) == created


def test_created_request_has_the_sandboxs_time(understudy: Understudy, api: httpx.Client) -> None:
    """Requests are stamped with the sandbox's clock."""
    understudy.clock.set("2031-05-06T07:08:09.123Z")
    sign_in(api)
    assert create(api)["created_at"] == "2031-05-06T07:08:09.123Z"


def test_unknown_properties_are_let_through(api: httpx.Client) -> None:
    """The body is open: a property that no document names is no fault."""
    assert "shoe_size" not in create(api, shoe_size=43)


def test_unverified_request_mails_a_link(understudy: Understudy, api: httpx.Client) -> None:
    """An unverified request puts one mail with a verification link into the outbox."""
    request = create(api, status="unverified")
    [mail] = understudy.outbox
    assert (mail["kind"], mail["to"]) == ("mail", "ada@example.com")
    [url] = mail["links"]
    assert url in mail["text"]
    assert url in mail["html"]
    assert request["id"] in mail["text"]


def test_mailed_link_verifies(understudy: Understudy, api: httpx.Client) -> None:
    """Opening the mailed link verifies the request and leads to a page that says so."""
    request = create(api, status="unverified")
    [mail] = understudy.outbox
    opened = get(mail["links"][0])
    assert opened.status_code == 302
    assert urlsplit(opened.headers["location"]).path.endswith("/dsar/verified")
    assert read(api, request["id"])["status"] == "verified"
    shown = get(opened.headers["location"])
    assert shown.status_code == 200
    assert shown.headers["content-type"].startswith("text/html")
    assert "Your request is verified" in shown.text
    assert len(understudy.outbox) == 1


@pytest.mark.parametrize(
    ("fields", "user", "expected"),
    [
        ([("email", "field@example.com")], {"email": "user@example.com"}, "field@example.com"),
        ([("phone", "1")], {"email": "user@example.com"}, "user@example.com"),
        ([("email", "none of your business")], {"email": "user@example.com"}, "user@example.com"),
        ([], {"email": "user@example.com"}, "user@example.com"),
    ],
)
def test_mail_goes_to_the_address_of_the_form(
    understudy: Understudy,
    api: httpx.Client,
    fields: list[tuple[str, str]],
    user: dict[str, str],
    expected: str,
) -> None:
    """Mails go to the request field `email`, or else to the user's address."""
    answers = [{"field_id": key, "value": value} for key, value in fields]
    create(api, status="unverified", request_fields=answers, user=user)
    [mail] = understudy.outbox
    assert mail["to"] == expected


def test_request_without_an_address_mails_nothing(
    understudy: Understudy, api: httpx.Client
) -> None:
    """An unverified request without any address is stored, and no mail can be sent."""
    request = create(api, status="unverified", request_fields=None)
    assert request["status"] == "unverified"
    assert request["request_fields"] == []
    assert understudy.outbox == []


@pytest.mark.parametrize("status", STATUSES[1:])
def test_other_new_requests_mail_nothing(
    understudy: Understudy, api: httpx.Client, status: str
) -> None:
    """A request may start in any status; only `unverified` mails somebody."""
    assert create(api, status=status)["status"] == status
    assert understudy.outbox == []


@pytest.mark.parametrize("missing", ["organization_user_id", "user_right_id", "status", "source"])
def test_request_needs_its_mandatory_properties(
    understudy: Understudy, api: httpx.Client, missing: str
) -> None:
    """A request without a mandatory property is a 400 that names it, and nothing is stored."""
    answer = api.post("/dsar/requests", json=new_request(**{missing: None}))
    refused = assert_refused(answer, 400)
    assert list(refused["errors"]) == [f"/{missing}"]
    assert api.get("/dsar/requests").json()["total"] == len(SCENE)
    assert understudy.outbox == []


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"status": "done"}, "/status"),
        ({"user_right_id": "gdpr_access"}, "/user_right_id"),
        ({"source": {"type": "API"}}, "/source/type"),
        ({"source": {}}, "/source/type"),
        ({"organization_user_id": 7}, "/organization_user_id"),
        ({"request_fields": {"email": "ada@example.com"}}, "/request_fields"),
        ({"request_fields": [{"value": "x"}]}, "/request_fields/0/field_id"),
        ({"user": {"email": "nowhere"}}, "/user/email"),
    ],
)
def test_request_needs_valid_properties(
    api: httpx.Client, changed: dict[str, Any], pointer: str
) -> None:
    """A property that breaks the description is a 400 that points at it."""
    answer = api.post("/dsar/requests", json=new_request(**changed))
    assert pointer in assert_refused(answer, 400)["errors"]


def test_scene_has_a_request_in_every_status(api: httpx.Client) -> None:
    """Organization org-1 opens with seven requests, oldest first."""
    page = api.get("/dsar/requests").json()
    assert {item["id"]: item["status"] for item in page["data"]} == SCENE
    assert (page["total"], page["limit"], page["skip"]) == (7, 10, 0)
    times = [item["created_at"] for item in page["data"]]
    assert times == sorted(times)


def test_scene_mails_nothing(understudy: Understudy, api: httpx.Client) -> None:
    """The outbox of a fresh sandbox is empty, whatever is in its scene."""
    assert api.get("/dsar/requests").status_code == 200
    assert understudy.outbox == []


def test_reset_brings_the_scene_back(understudy: Understudy, api: httpx.Client) -> None:
    """After a reset the requests are those of the scene again."""
    create(api)
    api.patch(f"/dsar/requests/{VERIFIED}", json={"status": "refused"})
    understudy.reset()
    sign_in(api)
    data = api.get("/dsar/requests").json()["data"]
    assert {item["id"]: item["status"] for item in data} == SCENE


def test_pages_of_a_list_join_up(api: httpx.Client) -> None:
    """Pages taken one after the other hold every request once, in order."""
    found: list[str] = []
    for skip in range(0, 9, 3):
        page = api.get("/dsar/requests", params={"$limit": 3, "$skip": skip}).json()
        assert (page["total"], page["limit"], page["skip"]) == (7, 3, skip)
        found += [item["id"] for item in page["data"]]
    assert found == list(SCENE)


def test_skipping_beyond_the_end_gives_an_empty_page(api: httpx.Client) -> None:
    """However far a client skips, it gets an empty page with the true total."""
    page = api.get("/dsar/requests", params={"$skip": 10**30}).json()
    assert (page["total"], page["data"]) == (7, [])


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"$limit": "0"}, "/$limit"),
        ({"$limit": "101"}, "/$limit"),
        ({"$limit": "many"}, "/$limit"),
        ({"$skip": "-1"}, "/$skip"),
        ({"status": "done"}, "/status"),
        ({"status[$in]": "done"}, "/status[$in]"),
        ({"user_right_id": "gdpr_access"}, "/user_right_id"),
    ],
)
def test_list_refuses_what_it_cannot_do(
    api: httpx.Client, query: dict[str, str], pointer: str
) -> None:
    """A page size, position or filter outside the description is a 400 that names the parameter."""
    refused = assert_refused(api.get("/dsar/requests", params=query), 400)
    assert any(found.startswith(pointer) for found in refused["errors"])


@pytest.mark.parametrize("query", [{"$sort[shoe_size]": "1"}, {"$sort[status]": "2"}])
def test_list_refuses_to_sort_by_anything_else(api: httpx.Client, query: dict[str, str]) -> None:
    """An unknown field or direction to sort by is a 400."""
    assert_refused(api.get("/dsar/requests", params=query), 400)


@pytest.mark.parametrize(("direction", "reverse"), [(1, False), (-1, True)])
def test_list_sorts_by_time(api: httpx.Client, direction: int, reverse: bool) -> None:
    """The direction 1 lists the oldest first, -1 the newest."""
    page = api.get("/dsar/requests", params={"$sort[created_at]": direction}).json()
    assert [item["id"] for item in page["data"]] == sorted(SCENE, reverse=reverse)


def test_list_sorts_by_several_fields(api: httpx.Client) -> None:
    """The first field decides, the next one among equals; pages are cut afterwards."""
    query = {"$sort[status]": -1, "$sort[created_at]": -1, "$limit": 3, "$skip": 1}
    page = api.get("/dsar/requests", params=query).json()
    expected = sorted(SCENE, key=lambda found: (SCENE[found], found), reverse=True)[1:4]
    assert [item["id"] for item in page["data"]] == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "unverified"}, [UNVERIFIED, UNTOUCHED]),
        ({"id": VERIFIED}, [VERIFIED]),
        ({"id": UNKNOWN}, []),
        ({"id[$in]": [UNTOUCHED, VERIFIED, UNKNOWN]}, [VERIFIED, UNTOUCHED]),
        ({"status[$in]": ["verified", "unverified"]}, [UNVERIFIED, VERIFIED, UNTOUCHED]),
        ({"status": "verified", "status[$in]": ["verified", "refused"]}, [VERIFIED]),
        ({"status": "verified", "status[$in]": ["refused"]}, []),
        ({"status": "unverified", "id": VERIFIED}, []),
        ({"user_right_id": "cpra_delete_my_data", "status": "verified"}, [VERIFIED]),
        ({"organization_user_id": "person-7"}, [UNTOUCHED]),
    ],
)
def test_list_filters(api: httpx.Client, query: dict[str, Any], expected: list[str]) -> None:
    """A request is listed when every filter agrees; the total counts those alone."""
    page = api.get("/dsar/requests", params=query).json()
    assert [item["id"] for item in page["data"]] == expected
    assert page["total"] == len(expected)


def test_organizations_do_not_see_each_other(api: httpx.Client) -> None:
    """Any organization_id is a tenant of its own, with empty lists to begin with."""
    with of_organization(api, "org-2") as other:
        assert other.get("/dsar/requests").json()["data"] == []
        mine = create(other)
        assert [item["id"] for item in other.get("/dsar/requests").json()["data"]] == [mine["id"]]
        assert api.get("/dsar/requests").json()["total"] == len(SCENE)
        for request_id in SCENE:
            assert_refused(other.get(f"/dsar/requests/{request_id}"), 404)
        assert_refused(api.get(f"/dsar/requests/{mine['id']}"), 404)


@pytest.mark.parametrize("request_id", [UNKNOWN, "no-uuid", "%20", "%F0%9F%8E%AD"])
def test_unknown_request_is_not_found(api: httpx.Client, request_id: str) -> None:
    """An id that was never given out is a 404, for reading and for changing, whatever its form."""
    path = f"/dsar/requests/{request_id}"
    assert_refused(api.get(path), 404)
    assert_refused(api.patch(path, json={"status": "verified"}), 404)


def test_request_of_another_organization_cannot_be_changed(api: httpx.Client) -> None:
    """For another organization a request is a 404, and stays as it is."""
    before = read(api, VERIFIED)
    with of_organization(api, "org-2") as other:
        answer = other.patch(f"/dsar/requests/{VERIFIED}", json={"status": "refused"})
        assert_refused(answer, 404)
    assert read(api, VERIFIED) == before


@pytest.mark.parametrize(("before", "after"), list(permutations(STATUSES, 2)))
def test_any_status_may_follow_any_other(api: httpx.Client, before: str, after: str) -> None:
    """No document gives an order of statuses, so none is enforced."""
    request = create(api, status=before)
    answer = api.patch(f"/dsar/requests/{request['id']}", json={"status": after})
    assert answer.status_code == 200
    assert answer.json()["status"] == after
    assert read(api, request["id"]) == answer.json()


@pytest.mark.parametrize(
    ("status", "subject"),
    [
        ("work_in_progress", "We are working on your request"),
        ("fulfilled", "Your request is fulfilled"),
        ("refused", "Your request was refused"),
    ],
)
def test_entering_some_statuses_tells_the_person(
    understudy: Understudy, api: httpx.Client, status: str, subject: str
) -> None:
    """Entering work_in_progress, fulfilled or refused mails the person, and staying does not."""
    request = create(api, status="verified")
    for _ in range(2):
        api.patch(f"/dsar/requests/{request['id']}", json={"status": status})
    [mail] = understudy.outbox
    assert (mail["to"], mail["subject"], mail["links"]) == ("ada@example.com", subject, [])


@pytest.mark.parametrize(("before", "status"), [("archived", "verified"), ("verified", "archived")])
def test_entering_other_statuses_tells_nobody(
    understudy: Understudy, api: httpx.Client, before: str, status: str
) -> None:
    """Entering verified or archived sends no mail."""
    request = create(api, status=before)
    api.patch(f"/dsar/requests/{request['id']}", json={"status": status})
    assert understudy.outbox == []


def test_status_mail_needs_an_address(understudy: Understudy, api: httpx.Client) -> None:
    """A person without an address is not told, and the status changes all the same."""
    request = create(api, status="verified", request_fields=None)
    answer = api.patch(f"/dsar/requests/{request['id']}", json={"status": "refused"})
    assert answer.json()["status"] == "refused"
    assert understudy.outbox == []


def test_fulfilled_mail_carries_the_download(understudy: Understudy, api: httpx.Client) -> None:
    """With a download_link the mail of `fulfilled` has a button that leads there."""
    request = create(api, status="verified")
    download = "https://shop.example/exports/ada.zip?a=1&b=2"
    body = {"status": "fulfilled", "extra_message_variables": {"download_link": download}}
    changed = api.patch(f"/dsar/requests/{request['id']}", json=body).json()
    [mail] = understudy.outbox
    assert mail["links"] == [download]
    assert download in mail["text"]
    assert 'href="https://shop.example/exports/ada.zip?a=1&amp;b=2"' in mail["html"]
    assert changed["extra_message_variables"] == {"download_link": download}


def test_download_belongs_to_the_fulfilled_mail_alone(
    understudy: Understudy, api: httpx.Client
) -> None:
    """Other mails have no button, also where a download_link is known."""
    request = create(api, status="verified")
    extra = {"download_link": "https://shop.example/exports/ada.zip"}
    body = {"status": "work_in_progress", "extra_message_variables": extra}
    api.patch(f"/dsar/requests/{request['id']}", json=body)
    api.patch(f"/dsar/requests/{request['id']}", json={"status": "fulfilled"})
    first, second = understudy.outbox
    assert (first["links"], second["links"]) == ([], [extra["download_link"]])


def test_entering_unverified_mails_a_link(understudy: Understudy, api: httpx.Client) -> None:
    """A request that is set back to unverified asks the person again."""
    request = create(api, status="verified")
    api.patch(f"/dsar/requests/{request['id']}", json={"status": "unverified"})
    [mail] = understudy.outbox
    assert get(mail["links"][0]).status_code == 302
    assert read(api, request["id"])["status"] == "verified"


def test_patch_leaves_the_rest(understudy: Understudy, api: httpx.Client) -> None:
    """What a patch does not name stays; metadata is replaced; updated_at moves."""
    understudy.clock.set("2026-01-31T10:00:00Z")
    sign_in(api)
    request = create(api, metadata={"a": 1})
    understudy.clock.advance(seconds=60)
    changed = api.patch(f"/dsar/requests/{request['id']}", json={"metadata": {"b": 2}}).json()
    assert changed == request | {"metadata": {"b": 2}, "updated_at": "2026-01-31T10:01:00.000Z"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"organization_user_id": "grace"}, "/organization_user_id"),
        ({"status": "verified", "id": UNKNOWN}, "/id"),
        ({"status": "done"}, "/status"),
        ({"metadata": "text"}, "/metadata"),
        (
            {"extra_message_variables": {"download_link": "javascript:alert(1)"}},
            "/extra_message_variables/download_link",
        ),
    ],
)
def test_patch_refuses_everything_else(
    api: httpx.Client, body: dict[str, Any], pointer: str
) -> None:
    """Nothing but the three editable properties is taken, and a refusal changes nothing."""
    before = read(api, UNTOUCHED)
    answer = api.patch(f"/dsar/requests/{UNTOUCHED}", json=body)
    assert pointer in assert_refused(answer, 400)["errors"]
    assert read(api, UNTOUCHED) == before


# Notes and user rights


def test_note_is_listed_with_its_request(api: httpx.Client) -> None:
    """A note is answered with its id and writer, and listed among those on its request."""
    body = {"request_id": VERIFIED, "value": "Called back."}
    answer = api.post("/dsar/requests/notes", json=body)
    note = answer.json()
    assert answer.status_code == 200
    assert note | body == note
    assert note["user"]["name"]
    page = api.get("/dsar/requests/notes", params={"request_id": VERIFIED}).json()
    assert (page["total"], page["data"]) == (1, [note])


def test_scene_has_a_note(api: httpx.Client) -> None:
    """Organization org-1 opens with one note."""
    page = api.get("/dsar/requests/notes").json()
    assert (page["total"], page["limit"], page["skip"]) == (1, 10, 0)
    assert page["data"][0]["organization_id"] == "org-1"


def test_notes_sort_and_page(understudy: Understudy, api: httpx.Client) -> None:
    """Notes are listed oldest first, or as asked, page by page."""
    for value in ("one", "two"):
        understudy.clock.advance(seconds=60)
        api.post("/dsar/requests/notes", json={"request_id": VERIFIED, "value": value})
    query: dict[str, Any] = {"request_id": VERIFIED}
    values = [
        note["value"] for note in api.get("/dsar/requests/notes", params=query).json()["data"]
    ]
    assert values == ["one", "two"]
    query |= {"$sort[created_at]": -1, "$limit": 1}
    [newest] = api.get("/dsar/requests/notes", params=query).json()["data"]
    assert newest["value"] == "two"


@pytest.mark.parametrize("query", [{"$limit": "0"}, {"$skip": "-1"}, {"$sort[created_at]": "up"}])
@pytest.mark.parametrize("path", ["/dsar/requests", "/dsar/requests/notes", "/dsar/user-rights"])
def test_lists_share_their_limits(api: httpx.Client, path: str, query: dict[str, str]) -> None:
    """Every list refuses a page that cannot be; user rights have no order to ask for."""
    answer = api.get(path, params=query)
    if path == "/dsar/user-rights" and "$limit" not in query and "$skip" not in query:
        assert answer.status_code == 200
    else:
        assert_refused(answer, 400)


def test_note_needs_a_request_of_the_organization(api: httpx.Client) -> None:
    """A note on an unknown request, or on one of another organization, is a 404."""
    body = {"request_id": UNKNOWN, "value": "Lost."}
    assert_refused(api.post("/dsar/requests/notes", json=body), 404)
    with of_organization(api, "org-2") as other:
        body["request_id"] = VERIFIED
        assert_refused(other.post("/dsar/requests/notes", json=body), 404)
        assert other.get("/dsar/requests/notes").json()["data"] == []


@pytest.mark.parametrize("missing", ["request_id", "value"])
def test_note_needs_request_and_text(api: httpx.Client, missing: str) -> None:
    """A note without its request or its text is a 400 that names what is missing."""
    body = {"request_id": VERIFIED, "value": "Called back."}
    del body[missing]
    refused = assert_refused(api.post("/dsar/requests/notes", json=body), 400)
    assert list(refused["errors"]) == [f"/{missing}"]


def test_user_rights_are_the_same_for_everybody(api: httpx.Client) -> None:
    """Every organization has the three documented rights with their days to answer."""
    page = api.get("/dsar/user-rights").json()
    assert {right["id"]: right["expiration_time"] for right in page["data"]} == {
        "cpra_access_my_data": 45,
        "cpra_delete_my_data": 45,
        "cpra_opt_out": 15,
    }
    with of_organization(api, "org-2") as other:
        assert other.get("/dsar/user-rights").json() == page


def test_user_rights_page(api: httpx.Client) -> None:
    """User rights are listed page by page like everything else."""
    page = api.get("/dsar/user-rights", params={"$limit": 2, "$skip": 2}).json()
    assert (page["total"], page["limit"], page["skip"], len(page["data"])) == (3, 2, 2, 1)


# Links


def test_created_link_echoes_and_has_a_url(understudy: Understudy, api: httpx.Client) -> None:
    """The answer says what the link was made of, and where to open it within the sandbox."""
    body = new_link(VERIFIED, lifetime=60)
    answer = api.post("/dsar/links", json=body)
    link = answer.json()
    assert answer.status_code == 200
    assert link | body == link
    assert link["organization_id"] == "org-1"
    assert link["url"].startswith(f"{understudy.url('didomi')}/dsar/links/execute?token=")
    assert link["id"] in link["url"]


def test_lifetime_is_900_seconds_unless_given(understudy: Understudy, api: httpx.Client) -> None:
    """A link without a lifetime works for 900 seconds, and is gone at that very moment."""
    understudy.clock.set("2026-01-31T10:00:00Z")
    sign_in(api)
    link = api.post("/dsar/links", json=new_link(UNTOUCHED, "archived")).json()
    assert link["lifetime"] == 900
    understudy.clock.advance(seconds=899.999)
    assert get(link["url"]).status_code == 302
    understudy.clock.advance(seconds=0.001)
    assert_refused(get(link["url"]), 410)


@given(lifetime=st.integers(1, 315_360_000))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_lifetime_is_kept_to_the_second(
    understudy: Understudy, api: httpx.Client, lifetime: int
) -> None:
    """Whatever its lifetime, a link works before the end of it and never after."""
    understudy.clock.set("2026-01-31T10:00:00Z")
    sign_in(api)
    url = link_to(api, VERIFIED, lifetime=lifetime)
    understudy.clock.advance(seconds=lifetime - 1)
    assert get(url).status_code == 302
    understudy.clock.advance(seconds=1)
    assert get(url).status_code == 410


def test_longest_lifetime_overflows_no_date(understudy: Understudy, api: httpx.Client) -> None:
    """The longest lifetime works even at the last moment that a sandbox's clock can have."""
    understudy.clock.set("9000-01-01T00:00:00Z")
    sign_in(api)
    assert get(link_to(api, VERIFIED, lifetime=315_360_000)).status_code == 302


@pytest.mark.parametrize("status", STATUSES)
def test_opened_link_sets_its_status(api: httpx.Client, status: str) -> None:
    """Opening a link sets its status, with no authentication, and redirects where it says."""
    opened = get(link_to(api, UNTOUCHED, status))
    assert opened.status_code == 302
    assert opened.headers["location"] == "https://shop.example/thanks?from=mail"
    assert read(api, UNTOUCHED)["status"] == status


def test_opened_link_works_again(understudy: Understudy, api: httpx.Client) -> None:
    """A link can be opened again within its lifetime; the second time changes and mails nothing."""
    url = link_to(api, VERIFIED, "refused")
    assert get(url).status_code == 302
    before = read(api, VERIFIED)
    understudy.clock.advance(seconds=60)
    assert get(url).status_code == 302
    assert read(api, VERIFIED) == before
    assert [mail["subject"] for mail in understudy.outbox] == ["Your request was refused"]


def test_opened_link_sets_its_status_once_more(api: httpx.Client) -> None:
    """A link sets its status again when the request has moved on meanwhile."""
    url = link_to(api, VERIFIED, "archived")
    get(url)
    api.patch(f"/dsar/requests/{VERIFIED}", json={"status": "verified"})
    get(url)
    assert read(api, VERIFIED)["status"] == "archived"


def test_link_to_unverified_asks_the_person(understudy: Understudy, api: httpx.Client) -> None:
    """A link that makes a request unverified mails a verification link, like any such change."""
    get(link_to(api, VERIFIED, "unverified"))
    [mail] = understudy.outbox
    assert mail["to"] == "person-2@example.com"
    assert len(mail["links"]) == 1


def test_expired_link_changes_nothing(understudy: Understudy, api: httpx.Client) -> None:
    """An expired link of the organization's own is a 410; nothing changes, nothing is renewed."""
    url = link_to(api, UNTOUCHED, lifetime=1)
    before = read(api, UNTOUCHED)
    understudy.clock.advance(seconds=1)
    assert_refused(get(url), 410)
    assert read(api, UNTOUCHED) == before
    assert understudy.outbox == []


def test_expired_mailed_link_is_renewed(understudy: Understudy, api: httpx.Client) -> None:
    """Each click on an expired mailed link of an unverified request mails one fresh link."""
    request = create(api, status="unverified")
    url = understudy.outbox[0]["links"][0]
    understudy.clock.advance(seconds=901)
    for clicks in (1, 2):
        assert_refused(get(url), 410)
        assert read(api, request["id"]) == request
        assert len(understudy.outbox) == 1 + clicks
    urls = [mail["links"][0] for mail in understudy.outbox]
    assert len(set(urls)) == 3
    assert {mail["to"] for mail in understudy.outbox} == {"ada@example.com"}
    assert get(urls[-1]).status_code == 302
    assert read(api, request["id"])["status"] == "verified"


def test_renewed_link_expires_too(understudy: Understudy, api: httpx.Client) -> None:
    """A fresh link has a lifetime of its own, and is renewed in its turn."""
    create(api, status="unverified")
    for count in (1, 2, 3):
        assert len(understudy.outbox) == count
        understudy.clock.advance(seconds=900)
        assert get(understudy.outbox[-1]["links"][0]).status_code == 410


def test_expired_mailed_link_of_a_verified_request_is_not_renewed(
    understudy: Understudy, api: httpx.Client
) -> None:
    """Once the request is verified, its expired mailed link is a 410 without a mail."""
    request = create(api, status="unverified")
    [mail] = understudy.outbox
    get(mail["links"][0])
    understudy.clock.advance(seconds=901)
    assert_refused(get(mail["links"][0]), 410)
    assert read(api, request["id"])["status"] == "verified"
    assert len(understudy.outbox) == 1


def test_scenes_link_works(understudy: Understudy, api: httpx.Client) -> None:
    """The token of the scene verifies the scene's first request."""
    url = f"{understudy.url('didomi')}/dsar/links/execute?token=scene-verification-link"
    opened = get(url)
    assert opened.status_code == 302
    assert opened.headers["location"] == f"{understudy.url('didomi')}/dsar/verified"
    assert read(api, UNVERIFIED)["status"] == "verified"
    assert read(api, UNTOUCHED)["status"] == "unverified"


def test_scenes_link_is_renewed(understudy: Understudy) -> None:
    """The scene's link is a mailed one: after its lifetime a click mails a fresh one."""
    understudy.clock.advance(seconds=901)
    url = f"{understudy.url('didomi')}/dsar/links/execute?token=scene-verification-link"
    assert_refused(get(url), 410)
    [mail] = understudy.outbox
    assert mail["to"] == "person-1@example.com"


def test_link_outlives_no_request(understudy: Understudy, api: httpx.Client) -> None:
    """A link whose request is not there any more, as after a restored state, is a 404."""
    url = link_to(api, VERIFIED)
    state = understudy.state
    del state["tables"]["didomi.dsar/requests"][VERIFIED]
    understudy.state = state
    assert_refused(get(url), 404)


@pytest.mark.parametrize("token", ["unknown", "", "%00", "scene-verification-link%20"])
def test_unknown_token_is_not_found(understudy: Understudy, token: str) -> None:
    """A token that was never given out is a 404."""
    answer = get(f"{understudy.url('didomi')}/dsar/links/execute?token={token}")
    assert_refused(answer, 404)


def test_missing_token_is_a_bad_request(understudy: Understudy) -> None:
    """The address of a link without its token is a 400."""
    answer = get(f"{understudy.url('didomi')}/dsar/links/execute")
    refused = assert_refused(answer, 400)
    assert list(refused["errors"]) == ["/token"]


@pytest.mark.parametrize(
    ("query", "status"),
    [("?token=unknown", 404), ("?token=scene-verification-link", 410), ("", 400)],
)
def test_browser_is_refused_with_a_page(understudy: Understudy, query: str, status: int) -> None:
    """Whoever opens a link in a browser reads the refusal on a page."""
    understudy.clock.advance(seconds=901)
    answer = get(
        f"{understudy.url('didomi')}/dsar/links/execute{query}",
        headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"},
    )
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>" in answer.text


def test_browser_gets_a_fresh_mail_too(understudy: Understudy) -> None:
    """The fresh mail is sent whether the refusal is a page or JSON, and the page announces it."""
    understudy.clock.advance(seconds=901)
    url = f"{understudy.url('didomi')}/dsar/links/execute?token=scene-verification-link"
    answer = get(url, headers={"Accept": "text/html"})
    assert "by mail" in answer.text
    assert len(understudy.outbox) == 1


def test_link_needs_a_request_of_the_organization(api: httpx.Client) -> None:
    """A link to an unknown request, or to one of another organization, is a 404."""
    assert_refused(api.post("/dsar/links", json=new_link(UNKNOWN)), 404)
    with of_organization(api, "org-2") as other:
        assert_refused(other.post("/dsar/links", json=new_link(VERIFIED)), 404)


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"action": "request.delete"}, "/action"),
        ({"event": {"status": "done", "request_id": VERIFIED}}, "/event/status"),
        ({"event": {"request_id": VERIFIED}}, "/event/status"),
        ({"event": {"status": "verified"}}, "/event/request_id"),
        ({"event": "verified"}, "/event"),
        ({"redirect_url": "/thanks"}, "/redirect_url"),
        ({"redirect_url": "javascript:alert(1)"}, "/redirect_url"),
        ({"redirect_url": "https://shop.example/\r\nSet-Cookie: a=b"}, "/redirect_url"),
        ({"lifetime": 0}, "/lifetime"),
        ({"lifetime": -900}, "/lifetime"),
        ({"lifetime": 1.5}, "/lifetime"),
        ({"lifetime": "900"}, "/lifetime"),
        ({"lifetime": 315_360_001}, "/lifetime"),
    ],
)
def test_link_needs_valid_properties(
    api: httpx.Client, changed: dict[str, Any], pointer: str
) -> None:
    """A property that breaks the description is a 400 that points at it."""
    answer = api.post("/dsar/links", json=new_link(VERIFIED, **changed))
    assert pointer in assert_refused(answer, 400)["errors"]


@pytest.mark.parametrize("missing", ["action", "event", "redirect_url"])
def test_link_needs_its_mandatory_properties(api: httpx.Client, missing: str) -> None:
    """A link without action, event or redirect_url is a 400 that names what is missing."""
    body = new_link(VERIFIED)
    del body[missing]
    refused = assert_refused(api.post("/dsar/links", json=body), 400)
    assert list(refused["errors"]) == [f"/{missing}"]


def test_link_lets_unknown_properties_through(api: httpx.Client) -> None:
    """The body is open in both of its objects; what is unknown is left out of the answer."""
    body = new_link(VERIFIED, colour="blue")
    body["event"]["colour"] = "blue"
    answer = api.post("/dsar/links", json=body)
    assert answer.status_code == 200
    assert "colour" not in answer.json() | answer.json()["event"]


def test_tokens_are_not_to_be_guessed(api: httpx.Client) -> None:
    """Every link has a token of its own of at least 128 bits."""
    tokens = {link_to(api, VERIFIED).partition("token=")[2] for _ in range(20)}
    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 22


# The API as a whole


@pytest.mark.parametrize("base_path", ["", "/v1"])
def test_base_path_may_be_left_out(api: httpx.Client, base_path: str) -> None:
    """Operations answer with and without the server's base path."""
    assert api.get(f"{base_path}/dsar/user-rights").status_code == 200
    assert api.post(f"{base_path}/dsar/links", json=new_link(VERIFIED)).status_code == 200


def test_successes_show_the_rate_limit(api: httpx.Client) -> None:
    """Secured operations say what is left of the allowance."""
    for answer in (
        api.get("/dsar/requests"),
        api.get(f"/dsar/requests/{VERIFIED}"),
        api.patch(f"/dsar/requests/{VERIFIED}", json={}),
        api.post("/dsar/requests", json=new_request()),
        api.get("/dsar/requests/notes"),
        api.post("/dsar/requests/notes", json={"request_id": VERIFIED, "value": "x"}),
        api.get("/dsar/user-rights"),
        api.post("/dsar/links", json=new_link(VERIFIED)),
    ):
        assert answer.status_code == 200
        assert answer.headers["ratelimit-policy"] == "100;w=15"
        assert answer.headers["ratelimit"].startswith("limit=100, remaining=")


@pytest.mark.parametrize(
    ("method", "path", "send", "code"),
    [
        ("PUT", "/dsar/requests", {}, 405),
        ("DELETE", f"/dsar/requests/{VERIFIED}", {}, 405),
        ("GET", "/dsar/nothing", {}, 404),
        ("GET", "/dsar/requests", {"headers": {"Accept": "image/png"}}, 406),
        ("POST", "/dsar/links", {"data": {"action": "x"}}, 415),
        ("POST", "/dsar/links", {}, 400),
        ("POST", "/dsar/links", {"json": []}, 400),
    ],
)
def test_refusals_of_the_gateway_have_the_apis_shape(
    api: httpx.Client, method: str, path: str, send: dict[str, Any], code: int
) -> None:
    """Whatever turns a request down, the error body is the API's, and name goes with code."""
    assert_refused(api.request(method, path, **send), code)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"action": NaN}', b"null", b""])
def test_body_must_be_json(api: httpx.Client, content: bytes) -> None:
    """A body that is not JSON is a 400."""
    headers = {"Content-Type": "application/json"}
    answer = api.post("/dsar/links", content=content, headers=headers)
    assert_refused(answer, 400)


def test_readmes_story(understudy: Understudy, api: httpx.Client) -> None:
    """Create two unverified requests, verify one by its mail in time, be too late for the other."""
    first, second = create(api), create(api)
    in_time, too_late = (mail["links"][0] for mail in understudy.outbox)
    assert get(in_time).status_code == 302
    assert read(api, first["id"])["status"] == "verified"
    understudy.clock.advance(seconds=901)
    assert get(too_late).status_code == 410
    assert read(api, second["id"]) == second
    assert len(understudy.outbox) == 3
    assert understudy.outbox[-1]["links"] != [too_late]


def test_times_are_in_utc(understudy: Understudy, api: httpx.Client) -> None:
    """Every time is an RFC 3339 date-time in UTC with milliseconds."""
    understudy.clock.set("2026-01-31T10:00:00.5Z")
    sign_in(api)
    link = api.post("/dsar/links", json=new_link(VERIFIED)).json()
    assert link["created_at"] == link["updated_at"] == "2026-01-31T10:00:00.500Z"
    assert datetime.fromisoformat(link["created_at"]).utcoffset() is not None
