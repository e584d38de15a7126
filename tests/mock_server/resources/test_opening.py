"""Items that operations on other paths open, as `opened-by` declares."""

from typing import Any

from tests.mock_server.resources.described import TEXT, answers, object_of, served, takes

END = {"type": "string", "format": "date-time", "readOnly": True}
STATUS = {
    "type": "string",
    "enum": ["new", "used"],
    "x-lifecycle": {"initial": "new", "moves": {"new": ["used"]}, "actions": {"open": "used"}},
}


def links(by: str = "code", expiry: Any = None, **properties: Any) -> dict[str, Any]:
    """Links that `GET /{by}` opens."""
    code = {"type": "string", "readOnly": True}
    link = object_of(id=TEXT, code=code, url={"type": "string", "format": "uri"}, **properties)
    link["required"] = ["id", "code", "url", *properties]
    link["x-expiry"] = {**(expiry or {"after": 60}), "opened-by": ["open"]}
    redirect = {"description": "Found", "headers": {"Location": {"schema": TEXT}}}
    refusals = {status: {"description": "No"} for status in ("404", "409", "410")}
    return {
        "/links": {"post": takes(object_of(url=TEXT), answers(link, 201))},
        "/links/{id}": {"get": answers(link)},
        f"/{{{by}}}": {"get": {"operationId": "open", "responses": {"302": redirect, **refusals}}},
    }


def test_it_leads_where_it_was_made_to_lead() -> None:
    """By its key, or by another property; what nobody made leads nowhere where state is strict."""
    for by in ("id", "code", "linkCode"):
        client = served(links(by), strict_state=True)
        made = client.post("/links", json={"url": "https://example.com/a?b=c"}).json()
        opened = client.get(f"/{made['id' if by == 'id' else 'code']}")
        assert (opened.status_code, opened.headers["location"]) == (302, made["url"])
        assert client.get("/nobody").status_code == 404


def test_what_is_not_known_leads_anywhere() -> None:
    """Where state is not strict the mock plays along."""
    for by in ("id", "code"):
        assert served(links(by)).get("/nobody").status_code == 302


def test_it_ends() -> None:
    """It is refused from then on, and can still be read."""
    client = served(links())
    made = client.post("/links", json={"url": "https://example.com"}).json()
    client.post("/_understudy/clock/advance", json={"seconds": 61})
    assert client.get(f"/{made['code']}").status_code == 410
    assert client.get(f"/links/{made['id']}").json() == made


def test_opening_acts_where_that_is_declared() -> None:
    """A link that can be used once moves its status, and is refused the second time."""
    client = served(links(status=STATUS))
    made = client.post("/links", json={"url": "https://example.com"}).json()
    assert client.get(f"/{made['code']}").status_code == 302
    assert client.get(f"/links/{made['id']}").json()["status"] == "used"
    assert client.get(f"/{made['code']}").status_code == 409


def test_an_end_that_the_server_alone_sets() -> None:
    """It is after the lifetime that a property tells, else in a quarter of an hour."""
    at = {"property": "ends"}
    for expiry, ends in (
        ({"at": at, "after": 60}, "12:01:00"),
        ({"at": at}, "12:15:00"),
    ):
        client = served(links(expiry=expiry, ends=END))
        client.put("/_understudy/clock", json={"now": "2026-01-31T12:00:00Z"})
        made = client.post("/links", json={"url": "https://example.com"}).json()
        assert made["ends"] == f"2026-01-31T{ends}.000Z"
