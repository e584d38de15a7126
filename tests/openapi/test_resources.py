"""What paths are about, told from paths, methods and schemas."""

from typing import Any

import pytest

from openapi.resources import Resources, Role, item_examples, segments_of
from tests.mock_server.resources.described import (
    TEXT,
    THING,
    WHOLE,
    answers,
    json_of,
    list_of,
    loaded,
    object_of,
    of_things,
    takes,
)

OTHER = object_of(id=WHOLE, colour=TEXT, size=WHOLE, shape=TEXT)


def parts(paths: dict[str, Any]) -> dict[str, str]:
    """What each operation does to which resource: `role name[key]`."""
    description = loaded(paths)
    resources = Resources(description.operations, description.openers)
    found = {}
    for operation in description.operations:
        part = resources.part(operation)
        if part is not None:
            key = f"[{part.key}]" if part.key else ""
            found[operation.key] = f"{part.role} {part.resource.name}{key}"
    return found


def test_a_collection_and_its_items() -> None:
    """Each method has its part; what is below an item needs the item."""
    more = {
        "/things/{id}/cancel": {"post": takes(TEXT, answers(THING)), "get": answers(TEXT)},
        "/things/{id}/picture": {"get": answers(TEXT)},
        "/things/{id}/a/b": {"get": answers(TEXT)},
        "/things/{id}/count": {"post": answers(WHOLE)},
    }
    paths = of_things(**more)
    paths["/things/{id}"] |= {"head": answers(status=200), "post": answers(THING)}
    paths["/things/{id}"]["options"] = answers(status=204)
    assert parts(paths) == {
        "GET /things": "list things",
        "POST /things": "create things",
        "GET /things/{id}": "read things[id]",
        "HEAD /things/{id}": "read things[id]",
        "PUT /things/{id}": "replace things[id]",
        "PATCH /things/{id}": "merge things[id]",
        "POST /things/{id}": "merge things[id]",
        "DELETE /things/{id}": "remove things[id]",
        "POST /things/{id}/cancel": "act things[id]",
        "GET /things/{id}/cancel": "below things[id]",
        "GET /things/{id}/picture": "below things[id]",
        "GET /things/{id}/a/b": "below things[id]",
        "POST /things/{id}/count": "below things[id]",
    }


def test_verbs_behind_a_colon() -> None:
    """`/things/{id}:lend` is an action, as with Google's APIs."""
    paths = of_things(**{"/things/{id}:lend": {"post": answers(THING)}})
    description = loaded(paths)
    part = Resources(description.operations).part(description.operations[-1])
    assert part is not None
    assert (part.role, part.key, part.verb) == (Role.ACT, "id", "lend")


def test_the_singular_and_the_plural() -> None:
    """`/thing/{id}` is an item of `/things`, and one with another name is not."""
    paths = {
        "/things": {"get": answers(list_of(THING)), "post": answers(THING, 201)},
        "/thing/{id}": {"get": answers(THING)},
        "/widgets": {"get": answers(list_of(THING))},
    }
    assert parts(paths) == {
        "GET /things": "list thing",
        "POST /things": "create thing",
        "GET /thing/{id}": "read thing[id]",
        "GET /widgets": "list widgets",
    }


def test_views() -> None:
    """A list of the same items at a word below is a view; of others, or with POST, it is not."""
    more = {
        "/things/open": {"get": answers(list_of(THING))},
        "/things/other": {"get": answers(list_of(OTHER))},
        "/things/drafts": {"get": answers(list_of(THING)), "post": answers(THING, 201)},
        "/things/count": {"get": answers(WHOLE)},
    }
    # A key and a name would tell nothing of what it is.
    mass = object_of(id=WHOLE, name=TEXT, mass=WHOLE, price=WHOLE)
    more["/things/open"] = {"get": answers(list_of(mass))}
    found = parts(of_things(mass, **more))
    assert found["GET /things/open"] == "list things"
    assert found["GET /things/other"] == "list things/other"
    assert found["GET /things/drafts"] == "list things/drafts"
    assert "GET /things/count" not in found


def test_a_path_that_begins_with_a_placeholder() -> None:
    """What chooses there has no name, and what is below it is known all the same."""
    paths = {
        "/{account}/things": {"get": answers(list_of(THING)), "post": answers(THING, 201)},
        "/{account}/things/{id}": {"get": answers(THING)},
        "/things/{id}": {"get": answers(THING)},
    }
    assert parts(paths)["GET /things/{id}"] == "read things[id]"


def test_a_page_beside_a_list() -> None:
    """Where only the ending of their paths tells them apart."""
    shown = {"description": "A page", "content": {"text/html": {"schema": TEXT}}}
    page = {"responses": {"200": shown}}
    paths: dict[str, Any] = {
        "/things": {"get": page, "post": answers(THING, 201)},
        "/things.json": {"get": answers(list_of(THING))},
        "/things/{id}": {"get": answers(THING)},
    }
    found = parts(paths)
    assert found["GET /things.json"] == "list things"
    assert "GET /things" not in found


def test_what_opens_items_from_elsewhere() -> None:
    """By the key, or by another property that is called like the path's last parameter."""
    redirect = answers(status=302)
    link = object_of(id=TEXT, shortCode=TEXT) | {
        "x-expiry": {"after": 60, "opened-by": [f"o{number}" for number in range(6)]}
    }
    opening = ("/{code}", "/o/{id}", "/o/{linkId}/now", "/o/{name}", "/o/{id}/{code}")
    paths = {
        "/links": {"post": answers(link, 201)},
        "/links/{id}": {"get": answers(link) | {"operationId": "o5"}},
        **{
            path: {"get": redirect | {"operationId": f"o{number}"}}
            for number, path in enumerate(opening)
        },
    }
    assert parts(paths) == {
        "POST /links": "create links",
        "GET /links/{id}": "read links[id]",
        "GET /{code}": "open links",
        "GET /o/{id}": "open links[id]",
        "GET /o/{linkId}/now": "open links[linkId]",
    }


def test_what_can_only_be_opened() -> None:
    """Nothing but its own operation shows that there are items, and by which key."""
    link = object_of(token=TEXT) | {"x-expiry": {"after": 60, "opened-by": ["open"]}}
    paths = {
        "/links": {"post": answers(link, 201)},
        "/o/{token}": {"get": answers(status=302) | {"operationId": "open"}},
    }
    assert parts(paths) == {
        "POST /links": "create links",
        "GET /o/{token}": "open links[token]",
    }


def test_what_answers_show_of_an_item() -> None:
    """Alone or in a list."""
    listed = object_of(id=WHOLE, owner=TEXT)
    paths = {
        "/things": {"get": answers(list_of(listed)), "post": answers(THING, 201)},
        "/things/{id}": {"get": answers(THING)},
    }
    resources = Resources(loaded(paths).operations)
    shown = resources.resource(("things",)).shown
    assert shown >= {"id", "owner", "name"}


def test_a_path_that_chooses_a_list_is_no_item() -> None:
    """What POST creates is listed by it; what is below is an item of its own."""
    paths = {
        "/things": {"post": answers(THING, 201)},
        "/things/{group}": {"get": answers(list_of(THING))},
        "/things/{group}/{name}": {"get": answers(THING), "delete": answers(status=204)},
    }
    found = parts(paths)
    assert "GET /things/{group}" not in found
    assert found["GET /things/{group}/{name}"] == "read things/{}[name]"
    lines = object_of(lines=list_of(OTHER))
    cart = {"/carts": {"post": answers(lines, 201)}, "/carts/{id}": {"get": answers(lines)}}
    assert parts(cart)["GET /carts/{id}"] == "read carts[id]"


def test_nested_collections() -> None:
    """Those with a namesake at the top that holds the same items are views of it."""
    more = {
        "/users/{userId}": {"get": answers(object_of(id=WHOLE))},
        "/users/{userId}/things": {"get": answers(list_of(THING)), "post": answers(THING, 201)},
        "/users/{userId}/widgets": {"get": answers(list_of(OTHER))},
        "/widgets/{id}": {"get": answers(object_of(id=WHOLE, mass=WHOLE, price=WHOLE))},
    }
    resources = Resources(loaded(of_things(**more)).operations)
    top = resources.resource(("things",))
    nested = resources.resource(("users", None, "things"))
    assert nested.flat is top
    assert nested.parent is resources.resource(("users",))
    assert nested.parent.children == (nested, resources.resource(("users", None, "widgets")))
    assert resources.resource(("users", None, "widgets")).flat is None


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        (
            {"get": answers(OTHER), "put": takes(OTHER, answers(OTHER))},
            {"GET": "read", "PUT": "replace"},
        ),
        (
            {"get": answers(OTHER), "patch": answers(OTHER), "delete": answers(status=204)},
            {"GET": "read", "PATCH": "merge", "DELETE": "remove"},
        ),
        (
            {"get": answers(OTHER), "put": answers(OTHER), "post": answers(OTHER)},
            {"GET": "read", "PUT": "replace"},
        ),
        ({"get": answers(OTHER)}, {}),
        ({"put": answers(OTHER)}, {}),
        ({"get": answers(TEXT), "put": answers(TEXT)}, {}),
    ],
)
def test_singletons(operations: dict[str, Any], expected: dict[str, str]) -> None:
    """What can be read as one object and changed, remembers."""
    found = parts({"/settings": operations})
    assert found == {f"{method} /settings": f"{role} settings" for method, role in expected.items()}


def test_the_key_in_the_body() -> None:
    """PUT on the collection is about an item only if its body can name it."""
    paths = of_things()
    paths["/things"] |= {
        "put": takes(THING, answers(THING)),
        "patch": takes(object_of(x=TEXT), answers(THING)),
    }
    found = parts(paths)
    assert found["PUT /things"] == "replace things"
    assert "PATCH /things" not in found


@pytest.mark.parametrize(
    "paths",
    [
        {"/{id}": {"get": answers(THING)}},
        {"/": {"get": answers(THING)}},
        {"/things-{id}": {"get": answers(THING)}},
        {"/texts/{id}": {"get": answers(TEXT), "put": answers(TEXT)}},
        {"/things": {"post": answers(THING)}},
        {"/ping": {"get": {"responses": {}}}},
        {"/things/{id}": {"get": {"responses": {"404": {"description": "No."}}}}},
    ],
)
def test_what_nothing_is_known_of(paths: dict[str, Any]) -> None:
    """It is answered as it is described."""
    assert parts(paths) == {}


def test_names_are_unique() -> None:
    """Tables are called by them."""
    paths = {
        "/a/{x}/b": {"get": answers(list_of(THING))},
        "/a/b": {"get": answers(list_of(THING))},
        "/{x}/a/b": {"get": answers(list_of(THING))},
        "/a/{x}/{y}": {"get": answers(THING)},
    }
    resources = Resources(loaded(paths).operations)
    names = [resource.name for resource in resources.all.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        ("/pets/{id}/", ("pets", None)),
        ("/pets/{id}.json", ("pets", None)),
        ("/pets.json", ("pets",)),
        ("/pets.list", ("pets.list",)),
        ("/pets/{id}:feed", ("pets", None, ":feed")),
        ("/pets/{id}-{name}", None),
        ("/pets/a{id}", None),
    ],
)
def test_segments(path: str, segments: Any) -> None:
    """Suffixes and slashes at the end tell nothing; mixed segments are left alone."""
    assert segments_of(path) == segments


def test_items_of_examples() -> None:
    """Lists come first, then reading, then writing; wrapped ones are taken out."""
    wrapped = object_of(data=THING)
    paths = of_things()
    paths["/things"]["get"] = answers(list_of(THING), example=[{"id": 1}, "no item", {}])
    paths["/things"]["post"] = answers(wrapped, 201, example={"data": {"id": 3}})
    schema = THING | {"examples": [{"id": 2}], "example": {"id": 4}}
    paths["/things/{id}"]["get"] = answers(schema)
    resources = Resources(loaded(paths).operations)
    shown = [item["id"] for item in item_examples(resources.resource(("things",)))]
    assert shown == [1, 4, 2, 3]


def test_what_other_media_types_hold() -> None:
    """A picture is no item; XML, and any type at all, may be."""
    picture = {"responses": {"200": {"description": "P.", "content": {"image/png": {}}}}}
    either = {
        "image/png": {"schema": TEXT},
        "application/xml": json_of(THING)["content"]["application/json"],
    }
    mixed = {"responses": {"200": {"description": "M.", "content": either}}}
    anything = {
        "responses": {"default": {"description": "A.", "content": {"*/*": {"schema": THING}}}}
    }
    paths = {"/a/{id}": {"get": picture}, "/b/{id}": {"get": mixed}, "/c/{id}": {"get": anything}}
    assert parts(paths) == {"GET /b/{id}": "read b[id]", "GET /c/{id}": "read c[id]"}
