"""A description: what is read of a document, and what is said of one that cannot be read."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from openapi.description import Description, Operation, read
from openapi.loading import UnusableDescription, built_in_names, find
from openapi.schemas import resolved

HEAD: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "Own", "version": "1"}}
ANSWERED: dict[str, Any] = {"responses": {"200": {"description": "Done."}}}


def written(folder: Path, document: dict[str, Any] | str) -> Path:
    """A file with that document, and a head where it has none."""
    path = folder / "own.yaml"
    if isinstance(document, str):
        path.write_text(document, encoding="utf-8")
    else:
        path.write_text(yaml.safe_dump(HEAD | document, sort_keys=False), encoding="utf-8")
    return path


def described(folder: Path, document: dict[str, Any] | str) -> Description:
    """The description in a file with that document."""
    return read(written(folder, document))


def operation(folder: Path, raw: dict[str, Any], **document: Any) -> Operation:
    """An operation as it is read: `GET /` of a document with that much else in it."""
    return described(folder, document | {"paths": {"/": {"get": ANSWERED | raw}}}).operations[0]


def refusal(folder: Path, document: dict[str, Any] | str) -> tuple[str, str]:
    """Where and why a document is refused."""
    with pytest.raises(UnusableDescription) as caught:
        described(folder, document)
    assert caught.value.file == str(folder / "own.yaml")
    return caught.value.pointer, caught.value.problem


@pytest.mark.parametrize("name", ["Accept", "content-type", "Authorization"])
def test_headers_that_are_described_otherwise(name: str, tmp_path: Path) -> None:
    """They are no parameters (OpenAPI 3.1 section 4.8.12.2), also where they are required."""
    named = {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
    operation = ANSWERED | {"parameters": [named, named | {"in": "query"}]}
    [left] = described(tmp_path, {"paths": {"/pens": {"get": operation}}}).operations[0].parameters
    assert left.place == "query"


def test_choices_beside_an_array_are_those_of_its_items(tmp_path: Path) -> None:
    """Where they are no arrays: else nothing would be allowed."""
    choices = {"type": "array", "items": {"type": "string"}, "enum": ["a", "b"]}
    arrays = {"type": "array", "items": {"type": "string"}, "enum": [["a"], ["b"]]}
    parameters = [
        {"name": name, "in": "query", "schema": schema}
        for name, schema in (("of_items", choices), ("of_arrays", arrays))
    ]
    operation = {"parameters": parameters, "responses": {"200": {"description": "Done"}}}
    description = described(tmp_path, {"paths": {"/pens": {"get": operation}}})
    of_items, of_arrays = description.operations[0].parameters
    assert (of_items.schema, of_arrays.schema) == (
        {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
        arrays,
    )


def test_operations_come_in_order(tmp_path: Path) -> None:
    """Each method of each path is an operation, named by its id or by method and path."""
    paths = {
        "/b": {"post": ANSWERED | {"operationId": "make"}, "summary": "No method."},
        "/a/{id}": {"get": ANSWERED, "trace": ANSWERED, "query": ANSWERED, "find": ANSWERED},
        "x-more": "No path.",
    }
    found = described(tmp_path, {"paths": paths})
    assert [o.name for o in found.operations] == [
        "make",
        "GET /a/{id}",
        "TRACE /a/{id}",
        "QUERY /a/{id}",
    ]
    assert [o.pointer for o in found.operations][1] == "/paths/~1a~1{id}/get"
    assert list(found.by_id) == ["make"]


def test_own_parameters_replace_those_of_the_path(tmp_path: Path) -> None:
    """A parameter of the operation replaces the path's of the same name and place, no other."""

    def parameter(name: str, place: str, **more: Any) -> dict[str, Any]:
        return {"name": name, "in": place, "schema": {"type": "string"}} | more

    item = {
        "parameters": [
            parameter("id", "path"),
            parameter("id", "query"),
            {"$ref": "#/components/parameters/page"},
        ],
        "get": ANSWERED
        | {"parameters": [parameter("id", "query", required=True), parameter("page", "header")]},
    }
    components = {"parameters": {"page": parameter("page", "query", schema={"type": "integer"})}}
    found = described(tmp_path, {"paths": {"/{id}": item}, "components": components})
    assert [(p.name, p.place, p.required, p.schema) for p in found.operations[0].parameters] == [
        ("id", "path", True, {"type": "string"}),
        ("id", "query", True, {"type": "string"}),
        ("page", "query", False, {"type": "integer"}),
        ("page", "header", False, {"type": "string"}),
    ]


@pytest.mark.parametrize(
    ("place", "style", "explode"),
    [
        ("query", "form", True),
        ("cookie", "form", True),
        ("path", "simple", False),
        ("header", "simple", False),
    ],
)
def test_styles_have_defaults(tmp_path: Path, place: str, style: str, explode: bool) -> None:
    """Without a style, a parameter has that of its place, and explodes where that is `form`."""
    parameter = {"name": "x", "in": place, "schema": {}}
    (found,) = operation(tmp_path, {"parameters": [parameter]}).parameters
    assert (found.style, found.explode) == (style, explode)


def test_explode_follows_the_style(tmp_path: Path) -> None:
    """A query parameter of another style than `form` does not explode unless it says so."""
    parameters = [
        {"name": "a", "in": "query", "style": "pipeDelimited", "schema": {}},
        {"name": "b", "in": "query", "style": "pipeDelimited", "explode": True, "schema": {}},
        {"name": "c", "in": "query", "explode": False, "schema": {}},
    ]
    found = operation(tmp_path, {"parameters": parameters}).parameters
    assert [p.explode for p in found] == [False, True, False]


def test_a_parameter_may_have_a_media_type(tmp_path: Path) -> None:
    """A parameter that `content` describes has its media type and its schema."""
    content = {"application/json": {"schema": {"type": "object"}}}
    (found,) = operation(
        tmp_path, {"parameters": [{"name": "x", "in": "query", "content": content}]}
    ).parameters
    assert (found.media_type, found.schema) == ("application/json", {"type": "object"})


def test_references_are_followed_everywhere(tmp_path: Path) -> None:
    """Path items, bodies, responses, headers, examples and schemes may be references."""
    components = {
        "pathItems": {
            "item": {
                "post": {
                    "requestBody": {"$ref": "#/components/requestBodies/body"},
                    "responses": {"2XX": {"$ref": "#/components/responses/again"}},
                }
            }
        },
        "requestBodies": {"body": {"required": True, "content": {"Text/Plain": {}}}},
        "headers": {"mark": {"required": True, "schema": {"type": "integer"}}},
        "examples": {"one": {"value": {"$ref": "is data"}}},
        "responses": {
            "again": {"$ref": "#/components/responses/done"},
            "done": {
                "description": "Done.",
                "headers": {
                    "X-Mark": {"$ref": "#/components/headers/mark"},
                    "Content-Type": {"schema": {"type": "string"}},
                },
                "content": {
                    "application/json": {"examples": {"a": {"$ref": "#/components/examples/one"}}}
                },
            },
        },
        "securitySchemes": {
            "key": {"$ref": "#/components/securitySchemes/other"},
            "other": {"type": "http", "scheme": "basic"},
        },
    }
    found = described(
        tmp_path,
        {"paths": {"/": {"$ref": "#/components/pathItems/item"}}, "components": components},
    )
    (post,) = found.operations
    assert post.body is not None
    assert post.body.required
    assert post.body.content["text/plain"].schema is None
    (response,) = post.responses
    assert [(h.name, h.required, h.schema) for h in response.headers] == [
        ("X-Mark", True, {"type": "integer"})
    ]
    assert response.content["application/json"].examples == ({"$ref": "is data"},)
    assert found.security_schemes["key"] == {"type": "http", "scheme": "basic"}


def test_a_response_is_found_by_code_range_or_default(tmp_path: Path) -> None:
    """A status is documented by its code, else by its range, else by `default`."""
    responses = {status: {"description": status} for status in ("4XX", "404", "default", "2xx")}
    found = operation(tmp_path, {"responses": responses | {"x-more": 1}})
    documented = {status: found.response(status) for status in (404, 400, 200, 500)}
    assert {s: r.status if r else None for s, r in documented.items()} == {
        404: "404",
        400: "4XX",
        200: "2xx",
        500: "default",
    }


def test_a_status_may_be_a_number(tmp_path: Path) -> None:
    """A status that is written without quotes is found as one in quotes."""
    text = "openapi: 3.1.0\npaths:\n  /:\n    get:\n      responses:\n        204: {}\n"
    found = described(tmp_path, text).operations[0].response(204)
    assert found is not None
    assert found.content == {}


def test_an_undocumented_status_has_no_response(tmp_path: Path) -> None:
    """Without its code, its range and `default`, a status is not documented."""
    assert operation(tmp_path, {}).response(201) is None


def test_own_security_replaces_that_of_the_document(tmp_path: Path) -> None:
    """An operation's `security`, also an empty one, replaces the document's."""
    everywhere: dict[str, Any] = {"security": [{"key": []}]}
    assert operation(tmp_path, {}, **everywhere).security == ({"key": []},)
    assert operation(tmp_path, {"security": []}, **everywhere).security == ()
    assert operation(tmp_path, {"security": [{}]}, **everywhere).security == ({},)
    assert operation(tmp_path, {}).security == ()


def test_hosts_and_base_paths_come_from_the_servers(tmp_path: Path) -> None:
    """Hosts are in lower case with their port; base paths have no last slash, the longest first."""
    servers = [
        {"url": "https://API.example.com/v1/"},
        {"url": "http://127.0.0.1:9000"},
        {"url": "/v1/deep"},
        {
            "url": "https://{tenant}.example.com/{version}",
            "variables": {"tenant": {"default": "acme"}, "version": {"default": "v2"}},
        },
        {"url": "/"},
    ]
    found = described(tmp_path, {"paths": {}, "servers": servers})
    assert found.hosts == {"api.example.com", "127.0.0.1:9000", "acme.example.com"}
    assert found.base_paths == ("/v1/deep", "/v1", "/v2")


@pytest.mark.parametrize(
    ("url", "hosts", "base_paths"),
    [
        ("https://x.test:443/v1", {"x.test:443", "x.test"}, ("/v1",)),
        ("http://x.test:80", {"x.test:80", "x.test"}, ()),
        ("http://x.test:443", {"x.test:443"}, ()),
        ("https://x.test:4443", {"x.test:4443"}, ()),
        ("//x.test/v1", {"x.test"}, ("/v1",)),
        ("http://[::1]:80/v1", {"[::1]:80", "[::1]"}, ("/v1",)),
        ("v1", set(), ("/v1",)),
        ("./v1/", set(), ("/v1",)),
        ("", set(), ()),
        ("/a/b/", set(), ("/a/b",)),
        ("https://x.test/v1?a=b#c", {"x.test"}, ("/v1",)),
    ],
)
def test_servers_may_be_relative_and_name_plain_ports(
    tmp_path: Path, url: str, hosts: set[str], base_paths: tuple[str, ...]
) -> None:
    """A relative server is one below the root, and a port that goes without saying may go."""
    found = described(tmp_path, {"paths": {}, "servers": [{"url": url}]})
    assert set(found.hosts) == hosts
    assert found.base_paths == base_paths


def test_without_servers_there_are_no_hosts(tmp_path: Path) -> None:
    """A document without servers has neither hosts nor base paths."""
    found = described(tmp_path, {"paths": {}})
    assert (found.hosts, found.base_paths) == (frozenset(), ())


def test_refusing_statuses_are_read(tmp_path: Path) -> None:
    """`x-refuses` lists the statuses that may refuse valid data."""
    assert operation(tmp_path, {"x-refuses": [400, 410]}).refuses == (400, 410)
    assert operation(tmp_path, {}).refuses == ()


def test_a_careless_document_is_read(tmp_path: Path) -> None:
    """A document without `info`, with empty objects and numbers for keys, is understood."""
    text = """
openapi: 3.1.0
servers:
components:
security:
paths:
  /:
    parameters:
    get:
      parameters:
      requestBody:
      responses:
        200:
          description: Done.
          headers:
          content:
            application/json:
        404:
    put: {}
"""
    found = described(tmp_path, text)
    get, put = found.operations
    assert (found.title, found.security_schemes, found.hosts) == ("own", {}, frozenset())
    assert (get.parameters, get.body, get.security) == ((), None, ())
    assert [r.status for r in get.responses] == ["200", "404"]
    assert get.responses[0].content["application/json"].schema is None
    assert put.responses == ()


@pytest.mark.parametrize(
    "title", [{"info": {"title": "Mine"}}, {"info": {"title": 12}}, {"info": {}}]
)
def test_a_title_is_text(tmp_path: Path, title: dict[str, Any]) -> None:
    """The title is that of the document, else the file's stem."""
    found = described(tmp_path, {"paths": {}} | title)
    assert found.title == str(title["info"].get("title", "own"))


@pytest.mark.parametrize(
    ("document", "pointer", "problem"),
    [
        ({"openapi": "4.0.0", "paths": {}}, "/openapi", "4.0.0"),
        ({"openapi": "200", "paths": {}}, "/openapi", "200"),
        ({"openapi": "3.10", "paths": {}}, "/openapi", "3.10"),
        ({"openapi": None, "paths": {}}, "/openapi", "2.0 to 3.2"),
        ({}, "/paths", "Add an object `paths`"),
        ({"paths": None}, "/paths", "Add an object `paths`"),
        ({"paths": []}, "/paths", "object"),
        ({"paths": {"users": {}, "/users": {}}}, "/paths/users", "means the same"),
        ({"paths": {"/a/b~c": []}}, "/paths/~1a~1b~0c", "object"),
        ({"paths": {"/": {"get": "x"}}}, "/paths/~1/get", "object"),
        ({"paths": {"/": {"get": {"responses": [1]}}}}, "/paths/~1/get/responses", "object"),
        (
            {"paths": {"/": {"get": {"responses": {"200": "OK"}}}}},
            "/paths/~1/get/responses/200",
            "object",
        ),
        (
            {"paths": {"/": {"get": {"parameters": [{"name": "a"}]}}}},
            "/paths/~1/get/parameters/0",
            "`in`",
        ),
        (
            {"paths": {"/": {"get": {"parameters": [{"in": "query"}]}}}},
            "/paths/~1/get/parameters/0",
            "`name`",
        ),
        (
            {"paths": {"/": {"parameters": [{"name": "a", "in": "body"}]}}},
            "/paths/~1/parameters/0",
            "query, path, header, cookie",
        ),
        ({"paths": {"/": {"parameters": ["a"]}}}, "/paths/~1/parameters/0", "object"),
        ({"paths": {}, "servers": ["http://x"]}, "/servers/0", "object"),
        ({"paths": {}, "servers": [{}, {"url": "http://[x"}]}, "/servers/1/url", "no URL"),
        ({"openapi": "2.0", "paths": {}, "host": "[x"}, "/host", "no URL"),
        ({"paths": {}, "security": [{"key": "a"}]}, "/security/0/key", "list"),
    ],
)
def test_a_broken_document_is_refused_with_its_place(
    tmp_path: Path, document: dict[str, Any], pointer: str, problem: str
) -> None:
    """What cannot be understood is refused with a JSON pointer and what is wrong there."""
    found = refusal(tmp_path, document)
    assert found[0] == pointer
    assert problem in found[1]


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        ("#/components/schemas/Nobody", "There is nothing at #/components/schemas/Nobody"),
        ("#/components/schemas/Pet/nothing", "There is nothing"),
        ("#/components/schemas/Pet/enum/9", "There is nothing"),
        ("#/components/schemas/Pet/enum/²", "There is nothing"),
        ("#/components/schemas/Pet/type/0", "There is nothing"),
        ("#Pet", "There is nothing at #Pet"),
        ("other.yaml", "There is no file other.yaml"),
        ("../other.yaml#/components/schemas/Pet", "leads out of the description's folder"),
        ("https://example.com/pet.json", "is remote"),
        ("#/components/schemas/Ring", "leads back to itself"),
    ],
)
def test_a_broken_reference_is_refused_with_its_place(
    tmp_path: Path, reference: str, problem: str
) -> None:
    """A reference that leads nowhere, out of the file or in a circle is refused where it stands."""
    schemas: dict[str, Any] = {"Pet": {"type": "string", "enum": ["a"]}}
    if reference.endswith("Ring"):
        schemas["Ring"] = {"$ref": "#/components/schemas/Ring"}
    schemas["Old"] = {"properties": {"a/b": {"items": {"$ref": reference}}}}
    pointer, message = refusal(tmp_path, {"paths": {}, "components": {"schemas": schemas}})
    assert problem in message
    if not reference.endswith("Ring"):
        assert pointer == "/components/schemas/Old/properties/a~1b/items/$ref"


@pytest.mark.parametrize(
    "place",
    [
        {"responses": {"default": {"$ref": "#/nowhere"}}},
        {"schemas": {"example": {"$ref": "#/nowhere"}}},
        {"schemas": {"A": {"properties": {"default": {"$ref": "#/nowhere"}}}}},
        {"schemas": {"A": {"properties": {"properties": {"$ref": "#/nowhere"}}}}},
        {"schemas": {"A": {"properties": {"x-b": {"allOf": [{"$ref": "#/nowhere"}]}}}}},
        {"examples": {"value": {"$ref": "#/nowhere"}}},
        {"schemas": {"A": {"properties": {"$ref": {"$ref": "#/nowhere"}}}}},
        {"schemas": {"A": {"$ref": "#/components/x-b"}}, "x-b": {"items": {"$ref": "#/nowhere"}}},
        {
            "schemas": {
                "A": {"$ref": "#/components/schemas/B/example"},
                "B": {"example": {"items": {"$ref": "#/nowhere"}}},
            }
        },
    ],
)
def test_names_do_not_hide_references(tmp_path: Path, place: dict[str, Any]) -> None:
    """A reference is checked below a name that looks like a keyword, and where others lead to."""
    assert refusal(tmp_path, {"paths": {}, "components": place})[0].endswith("/$ref")


def test_a_reference_to_what_is_left_out_is_refused(tmp_path: Path) -> None:
    """Nothing leads to what was left out for its carelessness."""
    schema = {"$ref": "#/paths/~1/get/responses/OK/content/application~1json/schema"}
    listed = {
        "OK": {"content": {"application/json": {"schema": {"type": "string"}}}},
        "200": {"content": {"application/json": {"schema": schema}}},
    }
    pointer, problem = refusal(tmp_path, {"paths": {"/": {"get": {"responses": listed}}}})
    assert pointer == "/paths/~1/get/responses/200/content/application~1json/schema/$ref"
    assert "There is nothing" in problem


@pytest.mark.parametrize(
    "place",
    [
        {"schemas": {"A": {"example": {"$ref": "#/nowhere"}}}},
        {"schemas": {"A": {"examples": [{"$ref": "#/nowhere"}]}}},
        {"schemas": {"A": {"default": {"a": {"$ref": "other.yaml"}}}}},
        {"schemas": {"A": {"enum": [{"$ref": "#/nowhere"}], "const": {"$ref": "#/nowhere"}}}},
        {"schemas": {"A": {"x-mine": {"$ref": "#/nowhere"}}}},
        {"schemas": {"A": {"properties": {"$ref": {"type": "string"}}}}},
        {"examples": {"a": {"value": {"$ref": "#/nowhere"}}}},
    ],
)
def test_data_may_look_like_a_reference(tmp_path: Path, place: dict[str, Any]) -> None:
    """What looks like a reference within an example or other data is left alone."""
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}
    document = {"paths": {}, "components": {"schemas": {"A": {}}} | place}
    assert described(tmp_path, document).operations == ()
    paths = {"/": {"put": ANSWERED | {"requestBody": body}}}
    read_body = described(tmp_path, document | {"paths": paths}).operations[0].body
    assert read_body is not None


@pytest.mark.parametrize("line", ["x-{n}: &a{n} [{aliases}]", "x-{n}: &a{n} {{k: [{aliases}]}}"])
def test_alias_bombs_are_refused(tmp_path: Path, line: str) -> None:
    """A document of aliases that would unfold to billions of objects is refused at once."""
    lines = ["openapi: 3.1.0", "paths: {}", "x-0: &a0 [[], []]"]
    lines += [line.format(n=n, aliases=", ".join([f"*a{n - 1}"] * 10)) for n in range(1, 12)]
    pointer, problem = refusal(tmp_path, "\n".join(lines))
    assert "aliases" in problem
    assert pointer == ""


def test_merge_keys_that_bring_in_too_much_are_refused(tmp_path: Path) -> None:
    """Merge keys that bring in what others brought in, again and again, come to an end."""
    lines = ["openapi: 3.1.0", "paths: {}", "x-0: &a0 {a: 1, b: 2}"]
    lines += [f"x-{n}: &a{n} {{<<: *a{n - 1}, k{n}: 1}}" for n in range(1, 2000)]
    assert "merge keys" in refusal(tmp_path, "\n".join(lines))[1]
    lines = ["openapi: 3.1.0", "paths: {}", "x-0: &a0 {a: 1, b: 2}"]
    lines += [f"x-{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 30)]
    assert described(tmp_path, "\n".join(lines)).source["x-29"] == {"a": 1, "b": 2}


def test_few_aliases_are_welcome(tmp_path: Path) -> None:
    """Aliases that stand for little are read as what they stand for."""
    text = "openapi: 3.1.0\npaths:\n  /a: &a {get: {operationId: a, responses: {'200': {}}}}\n"
    found = described(tmp_path, text + "  /b: *a\n")
    assert [each.path for each in found.operations] == ["/a", "/b"]


@pytest.mark.parametrize("name", built_in_names())
def test_built_in_descriptions_are_read_whole(name: str) -> None:
    """Every operation of a built-in description has an id, a success and readable parts."""
    found = read(find(name))
    assert len(found.by_id) == len(found.operations)
    for each in found.operations:
        assert any(response.status[0] in "23" for response in each.responses)
        assert all(p.place != "path" or f"{{{p.name}}}" in each.path for p in each.parameters)
        assert each.body is None or each.body.content


@pytest.mark.parametrize("name", built_in_names())
def test_links_lead_to_operations(name: str) -> None:
    """Each link of a built-in description names an operation of it, and that one's parameters."""
    found = read(find(name))
    links = [
        resolved(found.document, link)
        for each in found.operations
        for response in each.raw["responses"].values()
        for link in resolved(found.document, response).get("links", {}).values()
    ]
    assert links
    for link in links:
        target = found.by_id[link["operationId"]]
        named = {(p.name, f"{p.place}.{p.name}") for p in target.parameters}
        known = {name for pair in named for name in pair}
        assert set(link.get("parameters", {})) <= known
        needed = {p.name for p in target.parameters if p.place == "path"}
        assert needed <= {key.rpartition(".")[2] for key in link.get("parameters", {})}
