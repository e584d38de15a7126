"""What is done to items, where the conformance cases do not look."""

from typing import Any

import pytest

from tests.mock_server.gateway.own import places, refused
from tests.mock_server.resources.described import (
    TEXT,
    THING,
    WHOLE,
    answers,
    list_of,
    object_of,
    of_things,
    queries,
    served,
    takes,
)

NUMBER: dict[str, Any] = {"type": "number"}


@pytest.mark.parametrize("kind", [WHOLE, NUMBER])
def test_a_number_made_up_is_taken(kind: dict[str, Any]) -> None:
    """What reading made up under a number is not overwritten by the next that is created."""
    client = served(of_things(object_of(id=kind, name=TEXT)))
    client.post("/things", json={"name": "first"})
    made_up = client.get("/things/2").json()
    assert client.post("/things", json={"name": "new"}).json() == {"id": 3, "name": "new"}
    assert client.get("/things/2").json() == made_up


def test_a_whole_number_is_one_key() -> None:
    """JSON knows no difference between 7 and 7.0."""
    client = served(of_things(object_of(id=NUMBER, name=TEXT)), strict_state=True)
    client.post("/things", json={"id": 7.0, "name": "seven"})
    assert client.get("/things/7").json() == {"id": 7, "name": "seven"}


@pytest.mark.parametrize("key", ["²", "9" * 5000, "-", "1e5"])
def test_digits_that_are_none(key: str) -> None:
    """What only looks like a number is refused, and no error of ours."""
    more = {"/things/{id}/parts": {"get": answers(list_of(object_of(thing_id=WHOLE, name=TEXT)))}}
    either = {"type": ["integer", "string"]}
    client = served(of_things(object_of(id=either, name=TEXT), **more))
    assert client.get(f"/things/{key}").status_code < 500
    assert client.get(f"/things/{key}/parts").status_code < 500


def test_nobody_writes_beside_an_item() -> None:
    """A property that is called like a mark of ours moves nothing."""
    client = served(
        {
            "/users/{userId}/things": of_things()["/things"],
            "/users/{userId}/things/{id}": of_things()["/things/{id}"],
        }
    )
    made = client.post("/users/1/things", json={"name": "mine", "~within": "2"}).json()
    client.patch(f"/users/1/things/{made['id']}", json={"~within": "2"})
    assert client.get("/users/1/things").json() == [made]
    assert client.get("/users/2/things").json() == []


def on_collection(method: str) -> dict[str, Any]:
    """Things that can also be changed by the key in the body."""
    paths = of_things()
    paths["/things"][method] = takes(THING, answers(THING))
    return paths


@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_body_without_its_key(method: str) -> None:
    """It is about a new item; where state is strict it is refused, and the place is named."""
    client = served(on_collection(method))
    assert client.request(method, "/things", json={"name": "new"}).json() == {
        "id": 1,
        "name": "new",
    }
    strict = served(on_collection(method), strict_state=True)
    assert places(strict.request(method, "/things", json={"name": "new"})) == [("body", "/id")]
    assert strict.get("/things").json() == []


def test_deleting_what_nobody_has_seen() -> None:
    """The mock plays along, and nothing was there to be gone; where state is strict it is 404."""
    client = served(of_things())
    assert client.delete("/things/9").status_code == 204
    assert client.get("/things/9").json()["id"] == 9
    assert client.delete("/things/9").status_code == 204
    assert refused(client.get("/things/9"), 404)
    assert refused(served(of_things(), strict_state=True).delete("/things/9"), 404)


def test_new_items_begin_alike() -> None:
    """With their first status, and with no for an answer, where the client says neither."""
    thing = object_of(
        id=WHOLE,
        name=TEXT,
        status={"enum": ["idle", "active"], "readOnly": True},
        archived={"type": "boolean", "readOnly": True},
    )
    client = served(of_things(thing))
    made = [client.post("/things", json={"name": "it"}).json() for _ in range(5)]
    assert {(one["status"], one["archived"]) for one in made} == {("idle", False)}


def test_a_body_may_set_what_an_item_calls_read_only() -> None:
    """Where its own schema asks for it."""
    thing = object_of(id=WHOLE, url=TEXT | {"readOnly": True}, error=TEXT | {"readOnly": True})
    paths = of_things(thing)
    paths["/things"]["post"] = takes(object_of(url=TEXT), answers(thing, 201))
    client = served(paths)
    made = client.post("/things", json={"url": "/it", "error": "none"}).json()
    assert made["url"] == "/it"
    assert made["error"] != "none"


def test_a_name_in_two_spellings_is_two_properties() -> None:
    """The one that is described stands for itself."""
    client = served(of_things(object_of(id=WHOLE, Name=TEXT)))
    made = client.post("/things", json={"Name": "it", "name": "other"}).json()
    assert made == {"id": 1, "Name": "it"}
    assert client.post("/things", json={"name": "other"}).json() == {"id": 2, "Name": "other"}


def test_what_only_a_list_shows_is_the_servers() -> None:
    """As long as no body offers it."""
    paths = of_things(object_of(id=WHOLE, name=TEXT))
    paths["/things"]["get"] = answers(list_of(object_of(id=WHOLE, name=TEXT, owner=TEXT)))
    client = served(paths)
    client.post("/things", json={"name": "it", "owner": "me", "more": "of it"})
    assert [one.get("owner") for one in client.get("/things").json()] == [None]


def test_lists_that_nothing_can_fill_are_full_below_any_parent() -> None:
    """Whatever parent the examples of their properties name."""
    part = object_of(id=WHOLE, thing=TEXT | {"example": "7"})
    paths = of_things(**{"/things/{thing}/parts": {"get": answers(list_of(part))}})
    client = served(paths)
    assert len(client.get("/things/1/parts").json()) == 3


@pytest.mark.parametrize("method", ["put", "patch"])
def test_what_the_request_may_say_is_taken(method: str) -> None:
    """Although no answer can show it: that is between the description's two schemas."""
    paths = of_things(object_of(id=WHOLE, name=TEXT, size={"enum": ["small", "large"]}))
    paths["/things/{id}"][method] = takes(
        object_of(name=TEXT, size=TEXT),
        answers(object_of(id=WHOLE, name=TEXT, size={"enum": ["small", "large"]})),
    )
    client = served(paths)
    client.post("/things", json={"name": "it", "size": "small"})
    answer = client.request(method, "/things/1", json={"name": "it", "size": "vast"})
    assert (answer.status_code, answer.json()) == (200, {"id": 1, "name": "it"})


@pytest.mark.parametrize("verb", ["copy", "duplicate", "cloneThing"])
def test_copies(verb: str) -> None:
    """A copy is a new item with what the other has, but for its key, times and status."""
    status = {
        "enum": ["draft", "open"],
        "x-lifecycle": {"initial": "draft", "moves": {"draft": ["open"]}},
    }
    created = {"type": "string", "format": "date-time"}
    thing = object_of(id=WHOLE, name=TEXT, size=WHOLE, status=status, createdAt=created)
    copying = takes(object_of(name=TEXT), answers(thing, 201, headers=("Location",)))
    client = served(of_things(thing, **{f"/things/{{id}}/{verb}": {"post": copying}}))
    made = client.post("/things", json={"name": "it", "size": 7}).json()
    client.patch("/things/1", json={"status": "open"})
    client.put("/_understudy/clock", json={"now": "2031-01-01T00:00:00Z"})
    answer = client.post(f"/things/1/{verb}", json={"name": "other"})
    assert answer.status_code == 201
    assert answer.headers["location"] == "http://mock.test/things/2"
    now = "2031-01-01T00:00:00.000Z"
    copy = {"id": 2, "name": "other", "size": 7, "status": "draft", "createdAt": now}
    assert answer.json() == copy
    assert client.get("/things").json() == [{**made, "status": "open"}, copy]


def test_a_singleton_comes_back() -> None:
    """What was removed can be put again: it has no other way back."""
    settings = object_of(colour=TEXT)
    paths = {
        "/settings": {
            "get": answers(settings),
            "put": takes(settings, answers(settings)),
            "delete": answers(status=204),
        }
    }
    client = served(paths)
    client.put("/settings", json={"colour": "red"})
    assert client.delete("/settings").status_code == 204
    assert refused(client.get("/settings"), 404)
    assert client.put("/settings", json={"colour": "green"}).json() == {"colour": "green"}
    assert client.get("/settings").json() == {"colour": "green"}


def test_a_list_that_nothing_can_add_to() -> None:
    """It shows items that are made up and stay, unless an example shows some."""
    thing = object_of(id=WHOLE, name=TEXT) | {"required": ["id", "name"]}
    listing = queries(answers(list_of(thing)), limit=WHOLE)
    client = served({"/reports": {"get": listing}}, strict_state=True, seed=1)
    listed = client.get("/reports").json()
    assert client.get("/reports?limit=1").json() == listed[:1]
    assert len(listed) == 3
    assert all(item["name"] for item in listed)
    assert client.get("/reports").json() == listed
    shown = [{"id": 5, "name": "shown"}]
    client = served({"/reports": {"get": answers(list_of(thing), example=shown)}})
    assert client.get("/reports").json() == shown


def test_a_refused_request_opens_nothing_for_good() -> None:
    """The items of examples are there after a refusal was rolled back."""
    paths = of_things()
    paths["/things"]["get"] = answers(list_of(THING), example=[{"id": 1, "name": "shown"}])
    client = served(paths, strict_state=True)
    assert refused(client.get("/things/7"), 404)
    assert client.get("/things").json() == [{"id": 1, "name": "shown"}]
    assert client.get("/things/1").json() == {"id": 1, "name": "shown"}


def test_a_restored_state() -> None:
    """It holds all items that there are: examples do not come back, numbers go on behind them."""
    paths = of_things()
    paths["/things"]["get"] = answers(list_of(THING), example=[{"id": 1, "name": "shown"}])
    client = served(paths, strict_state=True)
    client.post("/things", json={"name": "made"})
    client.delete("/things/1")
    kept = client.get("/_understudy/state").json()
    client.post("/_understudy/reset")
    assert client.get("/things").json() == [{"id": 1, "name": "shown"}]
    client.put("/_understudy/state", json=kept)
    assert client.get("/things").json() == [{"id": 2, "name": "made"}]
    assert refused(client.get("/things/1"), 404)
    assert client.post("/things", json={"name": "next"}).json() == {"id": 3, "name": "next"}


def test_a_nested_item_of_an_example() -> None:
    """It is below the parent that it names, and below every parent where it names none."""
    part = object_of(id=WHOLE, thing_id=WHOLE, colour=TEXT)
    shown = [{"id": 1, "thing_id": 2, "colour": "red"}, {"id": 3, "colour": "green"}]
    paths = of_things(**{"/things/{id}/parts": {"get": answers(list_of(part), example=shown)}})
    client = served(paths)
    assert [one["id"] for one in client.get("/things/2/parts").json()] == [1, 3]
    assert client.get("/things/5/parts").json() == [{"id": 3, "thing_id": 5, "colour": "green"}]


@pytest.mark.parametrize("nested", [True, False])
def test_expiry_below_something(nested: bool) -> None:
    """Items below a parent, and those of a view, expire like others, also after a restore."""
    link = object_of(id=WHOLE, thing_id=WHOLE, colour=TEXT) | {"x-expiry": {"after": 60}}
    paths = of_things(
        **{
            "/things/{thingId}/links": {
                "get": answers(list_of(link)),
                "post": takes(link, answers(link, 201)),
            },
            ("/things/{thingId}/links/{id}" if nested else "/links/{id}"): {"get": answers(link)},
        }
    )
    client = served(paths)
    made = client.post("/things/4/links", json={"colour": "red"}).json()
    kept = client.get("/_understudy/state").json()
    client.post("/_understudy/reset")
    client.put("/_understudy/state", json=kept)
    path = f"/things/4/links/{made['id']}" if nested else f"/links/{made['id']}"
    assert client.get(path).json() == {**made, "thing_id": 4}
    client.post("/_understudy/clock/advance", json={"seconds": 61})
    assert refused(client.get(path), 410)
    assert client.get("/things/4/links").json() == []


def test_numbers_are_not_given_twice() -> None:
    """The key of what was removed is not the next one's, nor is one that was made up since."""
    client = served(of_things())
    assert [client.post("/things", json={}).json()["id"] for _ in range(2)] == [1, 2]
    client.delete("/things/2")
    assert client.post("/things", json={}).json()["id"] == 3
    client.get("/things/7")
    assert client.post("/things", json={}).json()["id"] == 8


def test_an_empty_key() -> None:
    """No path could lead to it: the server makes one."""
    client = served(of_things(object_of(id=TEXT, name=TEXT)))
    made = client.post("/things", json={"id": "", "name": "it"}).json()
    assert client.get(f"/things/{made['id']}").json() == made


def test_nobody_writes_when_an_item_was_created() -> None:
    """What a row keeps for its expiry comes from the clock alone."""
    client = served(of_things(THING | {"x-expiry": {"after": 60}}))
    client.post("/things", json={"name": "it", "~created": "2000-01-01T00:00:00Z"})
    client.patch("/things/1", json={"~expires": "2000-01-01T00:00:00Z"})
    client.post("/_understudy/clock/advance", json={"seconds": 59})
    assert client.get("/things/1").json() == {"id": 1, "name": "it"}
    client.post("/_understudy/clock/advance", json={"seconds": 2})
    assert refused(client.get("/things/1"), 410)


def test_an_empty_state() -> None:
    """It is empty: examples are no part of it."""
    paths = of_things()
    paths["/things"]["get"] = answers(list_of(THING), example=[{"id": 1, "name": "shown"}])
    client = served(paths)
    client.put("/_understudy/state", json={"tables": {}})
    assert client.get("/things").json() == []


def test_a_view_shows_its_own_items_only() -> None:
    """An item of another parent is not below this one, though the collection at the top has it."""
    thing = object_of(id=WHOLE, user_id=WHOLE, colour=TEXT)
    paths = of_things(thing)
    for path in ("/things", "/things/{id}"):
        paths[f"/users/{{userId}}{path}"] = of_things(thing)[path]
    client = served(paths, strict_state=True)
    made = client.post("/users/1/things", json={"colour": "red"}).json()
    assert made == {"id": 1, "user_id": 1, "colour": "red"}
    assert client.get("/things/1").json() == client.get("/users/1/things/1").json() == made
    assert refused(client.get("/users/2/things/1"), 404)


def test_no_patch_writes_beside_an_item() -> None:
    """A JSON Patch cannot, either: the escape of a mark is `~0`."""
    paths = of_things(THING | {"x-expiry": {"after": 60}})
    patching = takes({}, answers(THING), "application/json-patch+json")
    paths["/things/{id}"]["patch"] = patching
    client = served(paths)
    client.post("/things", json={"name": "it"})
    patch = [{"op": "add", "path": "/~0expired", "value": True}]
    headers = {"Content-Type": "application/json-patch+json"}
    assert client.patch("/things/1", json=patch, headers=headers).status_code == 200
    assert client.get("/things/1").json() == {"id": 1, "name": "it"}
    assert client.put("/things/1", json={"name": "new"}).json() == {"id": 1, "name": "new"}


def test_somebody_elses_items() -> None:
    """A required `…_id` in the query says whose items are meant: others' are not there."""
    thing = object_of(id=WHOLE, organization_id=TEXT, colour=TEXT)
    paths = of_things(thing)
    scope = {"name": "organization_id", "in": "query", "required": True, "schema": TEXT}
    paths["/things/{id}"]["get"] = answers(thing, parameters=[scope])
    client = served(paths, strict_state=True)
    client.post("/things", json={"organization_id": "mine", "colour": "red"})
    assert client.get("/things/1?organization_id=mine").json()["colour"] == "red"
    assert refused(client.get("/things/1?organization_id=other"), 404)


def test_a_filter_by_the_parent() -> None:
    """It does not lead out of the parent that the path names."""
    part = object_of(id=WHOLE, thing_id=WHOLE, colour=TEXT)
    listing = queries(answers(list_of(part)), thing_id=WHOLE)
    top = queries(answers(list_of(part)), limit=WHOLE)
    paths = of_things(
        **{
            "/things/{thingId}/parts": {"get": listing, "post": takes(part, answers(part, 201))},
            "/parts": {"get": top},
            "/parts/{id}": {"get": answers(part)},
        }
    )
    client = served(paths)
    made = [client.post(f"/things/{n}/parts", json={"colour": "red"}).json() for n in (1, 2)]
    assert client.get("/things/1/parts?thing_id=2").json() == []
    assert client.get("/things/1/parts?thing_id=1").json() == made[:1]


def test_a_list_whose_items_cannot_be_made() -> None:
    """It is answered as it is described, if nothing can ever be in it."""
    lists_in_a_list = list_of({"items": TEXT})
    listing = object_of(things=lists_in_a_list) | {"required": ["things"]}
    lists_in_a_list["items"] = {"anyOf": [list_of(TEXT), {"not": {}, "type": "object"}]}
    client = served({"/reports": {"get": answers(listing)}}, seed=1)
    assert client.get("/reports").json()["things"]


PART = object_of(id=WHOLE, colour=TEXT)


def with_parts(**more: Any) -> dict[str, Any]:
    """Things with parts below them."""
    return of_things(
        **{
            "/things/{thingId}/parts": {
                "get": answers(list_of(PART), **more),
                "post": takes(PART, answers(PART, 201)),
            },
            "/things/{thingId}/parts/{id}": {"get": answers(PART)},
        }
    )


def test_parts_go_with_their_thing() -> None:
    """They do not come back with a thing of the same key, and below what is gone nothing is."""
    client = served(with_parts())
    client.post("/things", json={"id": 4})
    client.post("/things/4/parts", json={"colour": "red"})
    client.delete("/things/4")
    assert refused(client.get("/things/4/parts/77"), 404)
    assert refused(client.get("/things/4/parts"), 404)
    client.post("/things", json={"id": 4})
    assert client.get("/things/4/parts").json() == []


def test_a_state_shows_what_nobody_has_looked_at() -> None:
    """The items of examples are in it, also those below others."""
    paths = with_parts(example=[{"id": 9, "colour": "red"}])
    paths["/things"]["get"] = answers(list_of(THING), example=[{"id": 4}])
    tables = served(paths).get("/_understudy/state").json()["tables"]
    assert tables["own.things"] == {"4": {"id": 4}}
    assert list(tables["own.things/parts"]) == ["4/9"]


def test_when_an_item_was_created_stays() -> None:
    """Also where a client might send it, and does not."""
    created = {"type": "string", "format": "date-time"}
    client = served(of_things(object_of(id=WHOLE, name=TEXT, created_at=created)))
    made = client.post("/things", json={"name": "old"}).json()
    client.post("/_understudy/clock/advance", json={"seconds": 60})
    assert client.put("/things/1", json={"name": "new"}).json() == {**made, "name": "new"}


def test_the_default_of_what_the_server_makes() -> None:
    """It is taken, and nothing is made up in its place."""
    level = {"type": "string", "default": "basic", "readOnly": True}
    client = served(of_things(object_of(id=WHOLE, level=level)))
    assert client.post("/things", json={}).json() == {"id": 1, "level": "basic"}


def test_an_answer_that_cannot_show_the_key() -> None:
    """It is the example, and no other item's body below this item's key."""
    paths = of_things(object_of(id=TEXT, name=TEXT))
    short = object_of(id=TEXT | {"maxLength": 2}, name=TEXT) | {"required": ["id"]}
    paths["/things/{id}"]["get"] = answers(short, example={"id": "ex", "name": "shown"})
    client = served(paths)
    client.post("/things", json={"id": "long", "name": "mine"})
    assert client.get("/things/long").json() == {"id": "ex", "name": "shown"}


@pytest.mark.parametrize(
    ("expiry", "sent"),
    [
        ({"after": {"property": "lifetime"}}, {"lifetime": 10**15}),
        ({"after": {"property": "lifetime"}}, {"lifetime": True}),
        ({"at": {"property": "name"}}, {"name": "some day"}),
        ({"at": {"property": "name"}}, {"name": "2020-01-01T00:00:00"}),
    ],
)
def test_ends_that_never_come(expiry: Any, sent: Any) -> None:
    """What names no moment lets an item live on, and is no error of ours."""
    thing = object_of(id=WHOLE, name=TEXT, lifetime={}) | {"x-expiry": expiry}
    client = served(of_things(thing))
    assert client.post("/things", json=sent).status_code == 201
    client.post("/_understudy/clock/advance", json={"seconds": 10**9})
    assert client.get("/things/1").json() == {"id": 1, **sent}


def test_an_action_by_its_path() -> None:
    """`x-lifecycle` may name an operation that has no id."""
    moves = {"moves": {"open": ["shut"]}, "actions": {"POST /things/{id}/slam": "shut"}}
    thing = object_of(id=WHOLE, status=TEXT | {"x-lifecycle": moves | {"initial": "open"}})
    client = served(of_things(thing, **{"/things/{id}/slam": {"post": answers(thing)}}))
    client.post("/things", json={})
    assert client.post("/things/1/slam").json() == {"id": 1, "status": "shut"}
