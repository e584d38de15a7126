"""Lists where the conformance cases do not look: names, odd values, what is left unsaid."""

from typing import Any

import httpx
import pytest

from tests.mock_server.resources.described import (
    TEXT,
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
PLACE = object_of(city=TEXT, zip=object_of(code=TEXT))
THING = object_of(
    id=WHOLE, name=TEXT, size=NUMBER, open={"type": "boolean"}, tags=list_of(TEXT), place=PLACE
)
SHOWN: list[dict[str, Any]] = [
    {"id": 1, "name": "b", "size": 2, "open": True, "tags": ["x", "y"], "place": {"city": "Ulm"}},
    {"id": 2, "name": "a", "size": 1.5, "open": False, "tags": [], "place": {"zip": {"code": "7"}}},
    {"id": 3, "name": "a,b", "size": 2},
    {"id": 4},
]
LIST = list_of(THING)


def listing(listed: Any = None, example: Any = None, /, **parameters: Any) -> httpx.Client:
    """A client of a list with those query parameters."""
    paths = of_things(THING)
    example = SHOWN if listed is None else example
    paths["/things"]["get"] = queries(answers(listed or LIST, example=example), **parameters)
    return served(paths)


def ids(client: httpx.Client, query: str) -> list[int]:
    """The keys of the listed things."""
    answer = client.get(f"/things?{query}")
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()]


@pytest.mark.parametrize(
    ("name", "schema", "value", "expected"),
    [
        ("name", TEXT, "a", [2]),
        ("name", TEXT, "a,b", [1, 2, 3]),
        ("size", NUMBER, "2", [1, 3]),
        ("size", TEXT, "1.5", [2]),
        ("open", {"type": "boolean"}, "false", [2]),
        ("open", TEXT, "TRUE", [1]),
        ("tags", TEXT, "y", [1]),
        ("name[ne]", TEXT, "a", [1, 3, 4]),
        ("size[gt]", NUMBER, "1.5", [1, 3]),
        ("size__gte", NUMBER, "1.5", [1, 2, 3]),
        ("size.lt", NUMBER, "2", [2]),
        ("name[lte]", TEXT, "a", [2]),
        ("name[gt]", NUMBER, "1", []),
        ("size[eq]", NUMBER, "2", [1, 3]),
        ("place.city", TEXT, "Ulm", [1]),
        ("place", TEXT, "Ulm", [1]),
        ("place[zip][code]", TEXT, "7", [2]),
        ("filter[name]", TEXT, "a", [2]),
        ("colour", TEXT, "red", [1, 2, 3, 4]),
        ("place.colour", TEXT, "red", [1, 2, 3, 4]),
    ],
)
def test_filters(name: str, schema: Any, value: str, expected: list[int]) -> None:
    """Names lead to properties, also inside; what leads nowhere filters nothing."""
    client = listing(**{name: schema})
    assert ids(client, str(httpx.QueryParams({name: value}))) == expected


def test_deep_objects() -> None:
    """`filter[name]=a` and `size[gte]=2` as one documented object."""
    paths = of_things(THING)
    paths["/things"]["get"] = answers(LIST, example=SHOWN) | {
        "parameters": [
            {"name": name, "in": "query", "style": "deepObject", "schema": schema}
            for name, schema in (
                ("filter", object_of(name=TEXT, colour=TEXT)),
                ("size", object_of(gte=NUMBER)),
            )
        ]
    }
    client = served(paths)
    assert ids(client, "filter[name]=a&filter[colour]=red") == [2]
    assert ids(client, "size[gte]=2") == [1, 3]
    assert ids(client, "") == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=name", [4, 2, 3, 1]),
        ("sort=-name", [1, 3, 2, 4]),
        ("sort=name:desc", [1, 3, 2, 4]),
        ("sort=name%20DESC", [1, 3, 2, 4]),
        ("sort=name,desc", [1, 3, 2, 4]),
        ("sort=name,asc", [4, 2, 3, 1]),
        ("sort=-size,name", [3, 1, 2, 4]),
        ("sort=name&order=desc", [1, 3, 2, 4]),
        ("sort=colour", [1, 2, 3, 4]),
    ],
)
def test_sorting(query: str, expected: list[int]) -> None:
    """All ways to say by what and which way; what leads nowhere sorts nothing."""
    assert ids(listing(sort=TEXT, order=TEXT), query) == expected


def test_sorting_by_an_object_or_a_list() -> None:
    """As in `sort[name]=-1`, and with each property as a parameter of its own."""
    paths = of_things(THING)
    sort = {"name": "sort", "in": "query", "style": "deepObject", "schema": object_of(name=TEXT)}
    paths["/things"]["get"] = answers(LIST, example=SHOWN) | {"parameters": [sort]}
    client = served(paths)
    assert ids(client, "sort[name]=-1") == [1, 3, 2, 4]
    assert ids(client, "sort[name]=1") == [4, 2, 3, 1]
    assert ids(listing(sort=list_of(TEXT)), "sort=-size&sort=name") == [3, 1, 2, 4]


@pytest.mark.parametrize(
    ("parameters", "query", "expected"),
    [
        ({"limit": WHOLE}, "limit=0", []),
        ({"limit": WHOLE}, "limit=-3", []),
        ({"limit": WHOLE | {"default": 3}}, "", [1, 2, 3]),
        ({"$limit": WHOLE, "$skip": WHOLE}, "$limit=1&$skip=2", [3]),
        ({"limit": TEXT, "offset": TEXT}, "limit=1&offset=1", [2]),
        ({"limit": TEXT}, "limit=some", [1, 2, 3, 4]),
        ({"limit": WHOLE, "offset": WHOLE}, "offset=9", []),
        ({"limit": WHOLE, "offset": WHOLE}, f"offset={10**30}", []),
        ({"limit": WHOLE, "offset": WHOLE}, "offset=-1", [1, 2, 3, 4]),
        ({"size": WHOLE, "page": WHOLE | {"default": 0}}, "size=3&page=1", [4]),
        ({"size": WHOLE, "page": WHOLE | {"minimum": 0}}, "size=3&page=1", [4]),
        ({"size": WHOLE, "page": WHOLE}, "size=3&page=2", [4]),
        ({"size": WHOLE, "page": WHOLE}, "size=3&page=0", [1, 2, 3]),
        ({"limit": WHOLE, "starting_after": TEXT}, "starting_after=2", [3, 4]),
        ({"limit": WHOLE, "starting_after": TEXT, "name": TEXT}, "starting_after=1&name=b,a", [2]),
        ({"limit": WHOLE, "cursor": TEXT}, "cursor=unknown", [1, 2, 3, 4]),
        ({"since": TEXT, "page": WHOLE}, "since=2", [1, 2, 3, 4]),
    ],
)
def test_pages(parameters: Any, query: str, expected: list[int]) -> None:
    """Windows, page numbers and keys as cursors, also with values that nobody means."""
    assert ids(listing(**parameters), query) == expected


def envelope(properties: dict[str, Any], required: list[str]) -> Any:
    """The schema of a list with more around it."""
    return object_of(items=LIST, **properties) | {"required": ["items", *required]}


FIRST = "http://mock.test/things?per_page=2&page=1"
LAST = "http://mock.test/things?per_page=2&page=2"
AROUND: list[tuple[str, Any, Any, Any]] = [
    ("total", WHOLE, 4, 4),
    ("count", WHOLE, 4, 4),
    ("numberOfElements", WHOLE, 2, 2),
    ("total_pages", WHOLE, 2, 2),
    ("limit", WHOLE, 2, 2),
    ("skip", WHOLE, 0, 2),
    ("currentPage", WHOLE, 1, 2),
    ("next_page", WHOLE | {"type": ["integer", "null"]}, 2, None),
    ("prev_page", WHOLE | {"type": ["integer", "null"]}, None, 1),
    ("hasMore", {"type": "boolean"}, True, False),
    ("hasPrevious", {"type": "boolean"}, False, True),
    ("next", TEXT, "http://mock.test/things?per_page=2&page=2", ""),
    (
        "previous_url",
        {"type": ["string", "null"]},
        None,
        "http://mock.test/things?per_page=2&page=1",
    ),
    ("first", TEXT, FIRST, FIRST),
    ("last_page_url", TEXT, LAST, LAST),
    ("_links", object_of(self=object_of(href=TEXT)), None, None),
]


@pytest.mark.parametrize(
    ("name", "schema", "first", "last"), AROUND, ids=[row[0] for row in AROUND]
)
def test_what_stands_around(name: str, schema: Any, first: Any, last: Any) -> None:
    """Each is told by its name, for the first of two pages and for the last."""
    example = {"items": SHOWN}
    listed = envelope({name: schema}, [name])
    client = listing(listed, example, per_page=WHOLE, page=WHOLE)
    for query, expected in (("per_page=2", first), ("per_page=2&page=2", last)):
        body = client.get(f"/things?{query}").json()
        assert len(body["items"]) == 2
        if name == "_links":
            assert body[name] == {"self": {"href": f"http://mock.test/things?{query}"}}
        else:
            assert body[name] == expected


def test_what_may_be_left_out() -> None:
    """Where there is nothing to tell, an optional property is not there."""
    listed = envelope({"next": TEXT, "meta": object_of(next_cursor=TEXT)}, [])
    client = listing(
        listed, {"items": SHOWN, "meta": {"next_cursor": "x"}}, limit=WHOLE, cursor=TEXT
    )
    first = client.get("/things?limit=3").json()
    assert first["next"] == first["meta"]["next_cursor"]
    last = client.get("/things", params={"limit": 3, "cursor": first["next"]}).json()
    assert last == {"items": SHOWN[3:], "meta": {}}


def test_an_item_that_does_not_fit_its_list() -> None:
    """What the list asks for and the item lacks is made up, and the rest is the item's."""
    strict = object_of(id=WHOLE, name=TEXT, kind={"const": "thing"}) | {"required": ["id", "kind"]}
    paths = of_things(THING)
    paths["/things"]["get"] = answers(list_of(strict))
    client = served(paths)
    client.post("/things", json={"name": "it"})
    assert client.get("/things").json() == [{"id": 1, "name": "it", "kind": "thing"}]


def test_a_list_that_no_item_fits() -> None:
    """The example is sent: state never makes an invalid answer."""
    two = list_of(THING) | {"minItems": 2}
    paths = of_things(THING)
    paths["/things"] = {
        "get": answers(two, example=[{"id": 8}, {"id": "no number"}]),
        "post": takes(THING, answers(THING, 201)),
    }
    client = served(paths)
    client.delete("/things/8")
    body = client.get("/things").json()
    assert len(body) >= 2


def test_the_page_before_a_crooked_one() -> None:
    """It begins at the beginning, and not before."""
    listed = envelope({"previous": TEXT}, ["previous"])
    client = listing(listed, {"items": SHOWN}, limit=WHOLE, offset=WHOLE)
    before = client.get("/things?limit=3&offset=2").json()["previous"]
    assert before == "http://mock.test/things?limit=3&offset=0"
