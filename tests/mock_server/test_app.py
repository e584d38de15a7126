"""The server as a whole: descriptions and viewers beside the APIs, and what cannot be served."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server.app import Settings, create_app
from mock_server.behaviour import BehaviourMismatch
from mock_server.gateway.gateway import Options
from openapi.loading import UnusableDescription, built_in_names, find, load
from tests.mock_server.gateway.own import HEAD, client_of, refused
from understudy.pytest_plugin import Understudy

DESCRIPTION = (
    HEAD
    + """
servers: [{url: "https://real.example.com/v1"}]
paths:
  /ping:
    get:
      operationId: ping
      responses:
        200: {description: Fine., content: {application/json: {example: pong}}}
"""
)


def described(folder: Path, name: str, text: str = DESCRIPTION) -> str:
    """The path of a description of that name."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture
def one(tmp_path: Path) -> httpx.Client:
    """A client of a server with one API."""
    return client_of(create_app(Settings(apis=[described(tmp_path, "one")])))


@pytest.fixture
def two(tmp_path: Path) -> httpx.Client:
    """A client of a server with two APIs."""
    apis = [described(tmp_path, "one"), described(tmp_path, "two")]
    return client_of(create_app(Settings(apis=apis)))


def servers(answer: httpx.Response) -> list[str]:
    """The servers that a served description names."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    document: dict[str, Any] = answer.json()
    assert list(document["paths"]) == ["/ping"]
    assert list(document["paths"]["/ping"]["get"]["responses"]) == ["200"]
    return [server["url"] for server in document["servers"]]


def test_one_api_answers_at_the_root(one: httpx.Client) -> None:
    """A single API has its operations at the root, and its description below its name."""
    assert one.get("/ping").json() == "pong"
    assert servers(one.get("/one/openapi.json")) == [
        "http://mock.test",
        "https://real.example.com/v1",
    ]


def test_several_apis_answer_below_their_names(two: httpx.Client) -> None:
    """Each of several APIs has its operations and its description below its name."""
    assert two.get("/one/ping").json() == "pong"
    refused(two.get("/ping"), 404)
    for name in ("one", "two"):
        assert servers(two.get(f"/{name}/openapi.json"))[0] == f"http://mock.test/{name}"


def test_a_description_leads_back_to_where_it_was_read(two: httpx.Client) -> None:
    """The first server of a served description is the host, mount and sandbox of the request."""
    assert servers(two.get("/~mine/two/openapi.json"))[0] == "http://mock.test/~mine/two"
    elsewhere = two.get("/two/openapi.json", headers={"Host": "127.0.0.1:81"})
    assert servers(elsewhere)[0] == "http://127.0.0.1:81/two"


def test_a_public_url_goes_before_the_host(tmp_path: Path) -> None:
    """Behind a proxy, links and descriptions begin with the public URL."""
    options = Options(public_url="https://mock.example.com/base")
    api = client_of(create_app(Settings(apis=[described(tmp_path, "one")], options=options)))
    assert servers(api.get("/~a/one/openapi.json"))[0] == "https://mock.example.com/base/~a"


def test_only_reading_a_description_is_possible(one: httpx.Client) -> None:
    """A description can be read with GET and HEAD, and nothing else."""
    head = one.head("/one/openapi.json")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(one.get("/one/openapi.json").content)
    assert one.post("/one/openapi.json").status_code in {404, 405}


def test_a_description_may_be_read_by_a_page(one: httpx.Client) -> None:
    """A viewer on another origin may read the description."""
    answer = one.get("/one/openapi.json", headers={"Origin": "http://viewer.test"})
    assert answer.headers["access-control-allow-origin"] == "http://viewer.test"


@pytest.mark.parametrize("prefix", ["", "/~mine"])
def test_the_viewer_shows_the_description(two: httpx.Client, prefix: str) -> None:
    """Below `/NAME/ui/` is a page, with scripts of this server, that reads the description."""
    page = two.get(f"{prefix}/two/ui/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "../openapi.json" in page.text
    script = two.get(f"{prefix}/two/ui/swagger-ui-bundle.js")
    assert script.status_code == 200
    assert "javascript" in script.headers["content-type"]
    assert two.get(f"{prefix}/two/ui/nothing.js").status_code == 404


def test_the_viewer_needs_no_other_host(one: httpx.Client) -> None:
    """The viewer works offline: nothing on its page comes from elsewhere."""
    page = one.get("/one/ui/").text
    assert 'src="http' not in page
    assert 'href="http' not in page


def test_the_viewer_is_found_without_the_last_slash(one: httpx.Client) -> None:
    """`/NAME/ui` leads to `/NAME/ui/`: links of the page are relative to that."""
    answer = one.get("/one/ui")
    assert (answer.status_code // 100, answer.headers.get("location", "")[-4:]) == (3, "/ui/")


def test_viewers_are_only_where_they_belong(two: httpx.Client) -> None:
    """What only looks like a viewer's path is an API's."""
    for path in ("/ui/", "/three/ui/", "/onex/ui/", "/one/uix", "/one/ping/ui/"):
        refused(two.get(path), 404)


def test_built_in_descriptions_are_served_whole(understudy: Understudy) -> None:
    """What is served of a built-in API is its file, with this server before its own."""
    for name in built_in_names():
        found = httpx.get(f"{understudy.url(name)}/openapi.json").json()
        file = load(find(name))
        assert found["servers"] == [{"url": understudy.url(name)}, *file["servers"]]
        del found["servers"], file["servers"]
        assert {key: found[key] for key in found if not key.startswith("x-understudy")} == file


def test_without_arguments_the_built_in_apis_are_served() -> None:
    """A server without arguments has the three built-in APIs."""
    apis = client_of(create_app()).get("/_understudy/apis").json()["entries"]
    assert [api["name"] for api in apis] == built_in_names()


@pytest.mark.parametrize(
    "name",
    [
        "petstore.v1",
        "a+b",
        "100%",
        "my api",
        "größe",
    ],
)
def test_a_description_may_have_any_file_name(tmp_path: Path, name: str) -> None:
    """A file's name may hold dots, spaces and letters beyond ASCII."""
    apis = [described(tmp_path, name), described(tmp_path, "two")]
    api = client_of(create_app(Settings(apis=apis)))
    assert api.get(httpx.URL("http://mock.test").join(f"/{name}/ping")).json() == "pong"


def test_a_challenge_can_be_sent_for_any_file_name(tmp_path: Path) -> None:
    """The name of a file in any script does not stand in the way of a refusal for credentials."""
    text = DESCRIPTION + "components: {securitySchemes: {k: {type: http, scheme: bearer}}}\n"
    text += "security: [{k: []}]\n"
    api = client_of(create_app(Settings(apis=[described(tmp_path, "日本")])))
    assert api.get("/ping").status_code == 200
    (tmp_path / "more").mkdir()
    closed = client_of(create_app(Settings(apis=[described(tmp_path / "more", "日本", text)])))
    answer = closed.get("/ping")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_two_apis_of_one_name_are_refused(tmp_path: Path) -> None:
    """Two files with the same stem cannot both be served: their mounts would be the same."""
    (tmp_path / "v2").mkdir()
    apis = [described(tmp_path, "one"), described(tmp_path / "v2", "one")]
    with pytest.raises(UnusableDescription, match="one"):
        create_app(Settings(apis=apis))


@pytest.mark.parametrize("text", ["openapi: 3.1.0", "a: [", "openapi: 1.0\npaths: {}"])
def test_a_description_that_cannot_be_read_is_refused_at_start(tmp_path: Path, text: str) -> None:
    """No server is made of a description that cannot be read."""
    with pytest.raises(UnusableDescription, match=r"one\.yaml"):
        create_app(Settings(apis=[described(tmp_path, "one", text)]))


@pytest.mark.parametrize(
    ("behaviour", "problem"),
    [
        ("def pong(sandbox):\n    return 1\n", "`pong` matches no operationId of one"),
        ("def ping(sandbox, *, id):\n    return 1\n", "`id`"),
    ],
)
def test_a_behaviour_that_does_not_fit_is_refused_at_start(
    tmp_path: Path, behaviour: str, problem: str
) -> None:
    """No server is made of a description and a behaviour that disagree."""
    (tmp_path / "mine.py").write_text(behaviour)
    settings = Settings(apis=[described(tmp_path, "one")], behaviours=str(tmp_path / "mine.py"))
    with pytest.raises(BehaviourMismatch, match=r"mine\.py:1: ") as caught:
        create_app(settings)
    assert problem in str(caught.value)


def test_null_servers_are_no_servers(tmp_path: Path) -> None:
    """A description with an empty `servers` is served with this server."""
    text = (
        "openapi: 3.1.0\nservers:\npaths:\n  /ping:\n    get:\n      responses:\n        200: {}\n"
    )
    api = client_of(create_app(Settings(apis=[described(tmp_path, "one", text)])))
    assert servers(api.get("/one/openapi.json")) == ["http://mock.test"]


def test_a_templated_api_does_not_hide_its_description(tmp_path: Path) -> None:
    """An API of which every segment is a placeholder still shows its description."""
    parameters = "[{name: a, in: path, required: true}, {name: b, in: path, required: true}]"
    text = f"""
openapi: 3.1.0
paths:
  /{{a}}/{{b}}:
    get: {{parameters: {parameters}, responses: {{"200": {{}}}}}}
"""
    api = client_of(create_app(Settings(apis=[described(tmp_path, "one", text)])))
    assert list(api.get("/one/openapi.json").json()["paths"]) == ["/{a}/{b}"]
