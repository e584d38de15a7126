"""Routing: which operation of which API, in which sandbox, a request is for."""

import re
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.app import Settings, create_app
from mock_server.gateway.route import Routes, sandbox_of
from tests.mock_server.gateway.own import ECHO, HEAD, client_of, journal, own_api, refused


def routes(*templates: str) -> Routes[str]:
    """Routes that answer GET on each template with the template itself."""
    made: Routes[str] = Routes()
    for template in templates:
        made.add("GET", template, template)
    return made


def matched(made: Routes[str], path: str) -> tuple[str, dict[str, str]] | None:
    """The template that answers GET on a path, and the path's values."""
    found = made.match(path)
    if found is None:
        return None
    template = found[0]["GET"]
    return template, dict(zip(re.findall(r"{(.+?)}", template), found[1], strict=True))


@pytest.mark.parametrize(
    ("templates", "path", "template", "values"),
    [
        (["/"], "/", "/", {}),
        (["/a/{id}", "/a/me"], "/a/me", "/a/me", {}),
        (["/a/me", "/a/{id}"], "/a/you", "/a/{id}", {"id": "you"}),
        (["/{x}/b", "/a/{y}/c"], "/a/b", "/{x}/b", {"x": "a"}),
        (["/a/{x}/c", "/{y}/b/d"], "/a/b/d", "/{y}/b/d", {"y": "a"}),
        (["/a/{x}/{z}/e", "/{y}/b/{w}/d"], "/a/b/c/d", "/{y}/b/{w}/d", {"y": "a", "w": "c"}),
        (["/{id}", "/{id}.json"], "/7.json", "/{id}.json", {"id": "7"}),
        (["/{id}.json", "/{id}"], "/7.xml", "/{id}", {"id": "7.xml"}),
        (["/{a}-{b}"], "/x-y-z", "/{a}-{b}", {"a": "x", "b": "y-z"}),
        (["/{a}..{b}"], "/x..y", "/{a}..{b}", {"a": "x", "b": "y"}),
        (["/v{n}/{id}"], "/v1/x", "/v{n}/{id}", {"n": "1", "id": "x"}),
        (["/{id}:cancel", "/{id}"], "/7:cancel", "/{id}:cancel", {"id": "7"}),
        (["/users('{id}')"], "/users('7')", "/users('{id}')", {"id": "7"}),
        (["/a.c"], "/a.c", "/a.c", {}),
        (["/{id}"], "/a%2Fb", "/{id}", {"id": "a%2Fb"}),
        (["/a/", "/a"], "/a/", "/a/", {}),
        (["/{a b}/{c-d}"], "/1/2", "/{a b}/{c-d}", {"a b": "1", "c-d": "2"}),
    ],
)
def test_the_most_literal_template_answers(
    templates: list[str], path: str, template: str, values: dict[str, str]
) -> None:
    """A literal segment goes before a mixed one, that before a templated one; dead ends go back."""
    assert matched(routes(*templates), path) == (template, values)
    assert matched(routes(*reversed(templates)), path) == (template, values)


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("/a", "/a/"),
        ("/a/", "/a"),
        ("/a", "/A"),
        ("/a", "/"),
        ("/a", ""),
        ("/a/{id}", "/a/"),
        ("/a/{id}", "/a"),
        ("/a/{id}", "/a/b/c"),
        ("/{id}", "/"),
        ("/{id}.json", "/.json"),
        ("/{id}.json", "/7xjson"),
        ("/a.c", "/abc"),
        ("/{a}-{b}", "/-"),
        ("/a", "//a"),
    ],
)
def test_what_no_template_fits_is_not_found(template: str, path: str) -> None:
    """A path value is never empty, and case, slashes and dots count."""
    assert matched(routes(template), path) is None


def test_methods_of_a_path_are_found_together() -> None:
    """All methods of a path are found at once, also when their templates come apart."""
    made: Routes[int] = Routes()
    for number, (method, template) in enumerate(
        [("GET", "/a/{id}"), ("GET", "/b"), ("PUT", "/a/{id}"), ("PUT", "/a/{id}")]
    ):
        made.add(method, template, number)
    found = made.match("/a/1")
    assert found is not None
    assert found[0] == {"GET": 0, "PUT": 2}


SEGMENTS = {"a": 0, "b": 0, "p{}": 1, "{}": 2}
"""Kinds of template segments, by how far they are from literal."""


def fits(segments: tuple[str, ...], path: tuple[str, ...]) -> list[str] | None:
    """The model's idea of a fit: the values of the placeholders."""
    pattern = "/".join(re.escape(s).replace(r"\{\}", "([^/]+)") for s in segments)
    found = re.fullmatch(pattern, "/".join(path))
    return None if found is None else list(found.groups())


@given(
    st.sets(
        st.lists(st.sampled_from(sorted(SEGMENTS)), min_size=1, max_size=4).map(tuple), max_size=8
    ),
    st.lists(st.sampled_from(["a", "b", "p", "pa", "c"]), min_size=1, max_size=4).map(tuple),
)
@settings(max_examples=100, deadline=None)
def test_routes_agree_with_a_search_of_all_templates(
    templates: set[tuple[str, ...]], path: tuple[str, ...]
) -> None:
    """The tree finds what a search of all templates finds: the first literal segment decides."""
    made: Routes[tuple[str, ...]] = Routes()
    for template in templates:
        named = [s.replace("{}", f"{{v{place}}}") for place, s in enumerate(template)]
        made.add("GET", "/" + "/".join(named), template)
    fitting = [template for template in templates if fits(template, path) is not None]
    found = made.match("/" + "/".join(path))
    if not fitting:
        assert found is None
        return
    assert found is not None
    best = min(fitting, key=lambda template: [SEGMENTS[s] for s in template])
    assert found[0]["GET"] == best
    assert list(found[1]) == fits(best, path)


ITEMS = """
paths:
  /items/{id}:
    get:
      operationId: echo
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {content: {application/json: {}}}}
    delete: {responses: {"204": {}}}
  /items/{id}/parts/{part}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: part, in: path, required: true, schema: {type: integer}}
    get: {operationId: part, responses: {"200": {content: {application/json: {}}}}}
"""
ITEMS_ECHO = ECHO + "def part(sandbox, **arguments):\n    return arguments\n"


@pytest.fixture
def items(tmp_path: Path) -> httpx.Client:
    """A client of an API alone at the root."""
    return own_api(tmp_path, ITEMS, ITEMS_ECHO)


@pytest.mark.parametrize(
    ("path", "id"),
    [
        ("/items/7", "7"),
        ("/items/a%2Fb", "a/b"),
        ("/items/%2F", "/"),
        ("/items/a%20b+c", "a b+c"),
        ("/items/%C3%BC", "ü"),
        ("/items/%25", "%"),
        ("/items/%252F", "%2F"),
        ("/items/a;b=1,2", "a;b=1,2"),
        ("/items/%E2%82%AC%F0%9F%98%80", "€😀"),
        ("/items/.hidden", ".hidden"),
        ("/items/%00", "\0"),
        ("/items/%zz", "%zz"),
    ],
)
def test_path_values_are_decoded_once(items: httpx.Client, path: str, id: str) -> None:
    """A path value is decoded after the path was cut, so an encoded slash belongs to it."""
    answer = items.send(
        items.build_request("GET", httpx.URL("http://mock.test").copy_with(raw_path=path.encode()))
    )
    assert (answer.status_code, answer.json()) == (200, {"id": id})


def test_several_values_arrive_by_name(items: httpx.Client) -> None:
    """Each placeholder becomes the argument of its name, in the type that is described."""
    assert items.get("/items/7/parts/3").json() == {"id": "7", "part": 3}


def test_a_path_that_is_not_there_is_not_found(items: httpx.Client) -> None:
    """A path that no operation has is refused with 404, and says so."""
    problem = refused(items.get("/nothing/7"), 404)
    assert problem["detail"] == "No operation of own has a path like /nothing/7."


def test_literal_segments_match_in_encoded_form(tmp_path: Path) -> None:
    """A path of the description that a client must encode is found in its encoded form."""
    client = own_api(
        tmp_path,
        """
        paths:
          /straße/größe:
            get: {operationId: echo, responses: {"200": {content: {application/json: {}}}}}
          /two words:
            get: {operationId: again, responses: {"200": {content: {application/json: {}}}}}
        """,
        ECHO + "def again(sandbox, **arguments):\n    return arguments\n",
    )
    assert client.get("/straße/größe").status_code == 200
    assert client.get("/two words").status_code == 200


def two_apis(folder: Path) -> httpx.Client:
    """A client of a server with two APIs that share paths, hosts and base paths in part."""
    for name, host in (("red", "red.example.com"), ("blue", "Blue.example.com:8443")):
        (folder / f"{name}.yaml").write_text(
            HEAD
            + f"""
servers: [{{url: "https://{host}/api/v2/"}}, {{url: "/api"}}]
paths:
  /who:
    get:
      responses:
        "200": {{content: {{application/json: {{example: {name}}}}}}}
  /{{any}}/who:
    parameters: [{{name: any, in: path, required: true, schema: {{type: string}}}}]
    get:
      responses:
        "200": {{content: {{application/json: {{example: any {name}}}}}}}
"""
        )
    return client_of(
        create_app(Settings(apis=[str(folder / "red.yaml"), str(folder / "blue.yaml")]))
    )


@pytest.mark.parametrize(
    ("path", "host", "answer"),
    [
        ("/red/who", "mock.test", "red"),
        ("/blue/who", "mock.test", "blue"),
        ("/red/api/v2/who", "mock.test", "red"),
        ("/red/x/who", "mock.test", "any red"),
        ("/who", "red.example.com", "red"),
        ("/who", "RED.example.com", "red"),
        ("/who", "red.example.com:8080", "red"),
        ("/api/v2/who", "red.example.com", "red"),
        ("/who", "blue.example.com:8443", "blue"),
        ("/api/v2/who", "blue.example.com:8443", "blue"),
        ("/blue/api/v2/who", "red.example.com", "blue"),
        ("/~mine/red/who", "mock.test", "red"),
        ("/~mine/who", "red.example.com", "red"),
    ],
)
def test_mount_and_host_choose_the_api(tmp_path: Path, path: str, host: str, answer: str) -> None:
    """Of several APIs, the first segment or a `Host` of its servers' chooses one."""
    found = two_apis(tmp_path).get(path, headers={"Host": host})
    assert (found.status_code, found.json()) == (200, answer)


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/who", "mock.test"),
        ("/", "mock.test:80"),
        ("/green/who", "mock.test"),
        ("/redwho", "mock.test"),
        ("/who", "blue.example.com:1"),
        ("/who", "red.example.com.evil.test"),
    ],
)
def test_without_mount_or_host_no_api_is_chosen(tmp_path: Path, path: str, host: str) -> None:
    """A request that chooses no API is refused with where they are, or led to the dashboard."""
    found = two_apis(tmp_path).get(path, headers={"Host": host})
    if path == "/":
        assert (found.status_code, found.headers["location"]) == (302, "/_understudy/")
    else:
        assert "/red/, /blue/" in refused(found, 404)["detail"]


@pytest.mark.parametrize("base", ["", "/api/v2", "/api"])
@pytest.mark.parametrize("sandbox", ["", "/~mine"])
def test_paths_answer_with_and_without_a_base_path(tmp_path: Path, base: str, sandbox: str) -> None:
    """An API answers below the paths of its servers and without, in a sandbox or not."""
    description = "servers: [{url: 'https://x.test/api/v2/'}, {url: /api}]\n" + ITEMS
    client = own_api(tmp_path, description, ITEMS_ECHO)
    assert client.get(f"{sandbox}{base}/items/7").json() == {"id": "7"}


def test_the_base_path_alone_is_the_root(tmp_path: Path) -> None:
    """A base path without the slash at its end leads to the operation at the root."""
    api = own_api(
        tmp_path,
        """
        servers: [{url: /v1}]
        paths:
          /:
            get: {operationId: echo, responses: {"200": {content: {application/json: {}}}}}
        """,
        ECHO,
    )
    assert api.get("/v1/").status_code == 200
    assert api.get("/v1").status_code == 200


def test_methods_of_a_path_may_name_its_values_differently(tmp_path: Path) -> None:
    """Templates that differ in their names only are one path, and each method has its names."""
    parameter = "{in: path, required: true, schema: {type: integer}, name: "
    api = own_api(
        tmp_path,
        f"""
        paths:
          /items/{{id}}:
            get:
              operationId: echo
              parameters: [{parameter}id}}]
              responses: {{"200": {{content: {{application/json: {{}}}}}}}}
          /items/{{number}}:
            put:
              operationId: again
              parameters: [{parameter}number}}]
              responses: {{"200": {{content: {{application/json: {{}}}}}}}}
        """,
        ECHO + "def again(sandbox, **arguments):\n    return arguments\n",
    )
    assert api.get("/items/1").json() == {"id": 1}
    assert api.put("/items/2").json() == {"number": 2}


def test_a_base_path_is_whole_segments(tmp_path: Path) -> None:
    """What only begins like the base path does not lead below it."""
    client = own_api(tmp_path, "servers: [{url: /api}]\n" + ITEMS, ITEMS_ECHO)
    refused(client.get("/apis/items/7"), 404)
    refused(client.get("/api/api/items/7"), 404)


def test_the_controls_are_not_hidden_by_a_templated_path(tmp_path: Path) -> None:
    """An API whose first segment is a placeholder leaves the controls in reach."""
    client = own_api(
        tmp_path,
        """
        paths:
          /{a}/{b}:
            parameters:
              - {name: a, in: path, required: true, schema: {}}
              - {name: b, in: path, required: true, schema: {}}
            get: {operationId: echo, responses: {"200": {content: {application/json: {}}}}}
        """,
        ECHO,
    )
    assert client.get("/_understudy/health").json()["status"] == "ok"
    assert client.get("/x/health").json() == {"a": "x", "b": "health"}


@pytest.mark.parametrize(
    ("path", "headers", "sandbox", "rest"),
    [
        ("/a", {}, None, "/a"),
        ("/~mine/a/b", {}, "mine", "/a/b"),
        ("/~mine/", {}, "mine", "/"),
        ("/~mine", {}, "mine", "/"),
        ("/~/a", {}, "", "/a"),
        ("/a/~mine", {}, None, "/a/~mine"),
        ("/a", {"understudy-sandbox": " mine "}, "mine", "/a"),
        ("/a", {"understudy-sandbox": ""}, None, "/a"),
        ("/a", {"baggage": "understudy-sandbox=mine"}, "mine", "/a"),
        ("/a", {"baggage": "k=v, understudy-sandbox = mine ;p=1,x=y"}, "mine", "/a"),
        ("/a", {"baggage": "not-understudy-sandbox=mine"}, None, "/a"),
        ("/a", {"baggage": "x=understudy-sandbox"}, None, "/a"),
        ("/a", {"baggage": ""}, None, "/a"),
        ("/~p/a", {"understudy-sandbox": "h", "baggage": "understudy-sandbox=b"}, "p", "/a"),
        ("/a", {"understudy-sandbox": "h", "baggage": "understudy-sandbox=b"}, "h", "/a"),
    ],
)
def test_a_sandbox_is_chosen_by_prefix_header_or_baggage(
    path: str, headers: dict[str, str], sandbox: str | None, rest: str
) -> None:
    """The path's prefix goes before the header, that before the baggage."""
    assert sandbox_of(path, headers) == (sandbox, rest)


REMEMBER = """
paths:
  /notes:
    get: {operationId: notes, responses: {"200": {content: {application/json: {}}}}}
    post: {operationId: add, responses: {"200": {content: {application/json: {}}}}}
"""
REMEMBERING = """
def notes(sandbox):
    return sandbox.table("notes").count()

def add(sandbox):
    sandbox.table("notes").put(sandbox.uuid(), {})
    return sandbox.link("notes")
"""


def test_sandboxes_do_not_see_each_other(tmp_path: Path) -> None:
    """What a request does in the sandbox of its choice stays there, whichever way it chose."""
    client = own_api(tmp_path, REMEMBER, REMEMBERING)
    for _ in range(2):
        client.post("/~one/notes")
    client.post("/notes", headers={"Understudy-Sandbox": "one"})
    client.post("/notes", headers={"baggage": "a=b,understudy-sandbox=one"})
    client.post("/notes", headers={"Understudy-Sandbox": "two"})
    assert client.get("/~one/notes").json() == 4
    assert client.get("/~two/notes").json() == 1
    assert client.get("/notes").json() == 0


def test_links_keep_host_mount_and_sandbox(tmp_path: Path) -> None:
    """A link leads to the host, API and sandbox of the request that it was made in."""
    client = own_api(tmp_path, REMEMBER, REMEMBERING)
    assert client.post("/notes").json() == "http://mock.test/notes"
    assert client.post("/~one/notes").json() == "http://mock.test/~one/notes"
    headers = {"Understudy-Sandbox": "one", "Host": "other.test:81"}
    assert client.post("/notes", headers=headers).json() == "http://other.test:81/~one/notes"


@pytest.mark.parametrize("name", ["a/b", "-a", "a b", "ü", "a" * 101, "..", "%41"])
def test_a_sandbox_has_a_plain_name(tmp_path: Path, name: str) -> None:
    """A name that no sandbox can have is refused, and opens none."""
    client = own_api(tmp_path, REMEMBER, REMEMBERING)
    answer = client.get("/notes", headers=[(b"Understudy-Sandbox", name.encode())])
    assert "cannot name a sandbox" in refused(answer, 400)["detail"]
    names = [entry["name"] for entry in client.get("/_understudy/sandboxes").json()["entries"]]
    assert names == ["default"]
    assert [entry["response"]["status"] for entry in journal(client)] == [400]


def test_baggage_may_come_in_several_fields(tmp_path: Path) -> None:
    """A `baggage` header that was sent as several fields is read as one list."""
    client = own_api(tmp_path, REMEMBER, REMEMBERING)
    client.post("/notes", headers=[("baggage", "a=b"), ("baggage", "understudy-sandbox=one,c=d")])
    assert client.get("/~one/notes").json() == 1
