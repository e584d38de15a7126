"""Answers: status, media type and headers, and the proof that they fit the description."""

import logging
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.mock_server.gateway.own import journal, own_api, refused

DESCRIPTION = """
paths:
  /try:
    post:
      operationId: attempt
      requestBody: {content: {application/json: {}}}
      responses:
        "201":
          headers:
            X-Needed: {required: true, schema: {type: string}}
            X-Fixed: {required: true, schema: {type: integer, const: 7}}
            X-Example: {example: shown, schema: {type: string}}
            X-Optional: {schema: {type: string}}
          content:
            application/json:
              schema: {type: object, required: [a], properties: {a: {type: integer}}}
            text/plain: {schema: {type: string}}
        "204": {description: Nothing to say.}
        3XX: {description: Elsewhere.}
        "400": {content: {application/problem+json: {}}}
  /kept:
    get: {operationId: kept, responses: {"200": {content: {application/json: {}}}}}
"""
BEHAVIOUR = """
from mock_server.answer import Answer
from mock_server.refusals import BadRequest, Gone

NEEDED = {"X-Needed": "yes"}

def attempt(sandbox, *, body=None):
    sandbox.table("kept").put(sandbox.uuid(), {})
    sandbox.outbox.webhook(url="http://x.test", body=None)
    sandbox.schedule(sandbox.now(), when_later)
    return eval(body)

def kept(sandbox):
    return sandbox.table("kept").count()

def when_later(sandbox):
    sandbox.table("kept").put("late", {})

def throw(error):
    raise error
"""


@pytest.fixture
def api(tmp_path: Path) -> httpx.Client:
    """A client of an API that answers what the request's body says, as a Python expression."""
    return own_api(tmp_path, DESCRIPTION, BEHAVIOUR.replace("def throw", "def _throw"))


def attempt(api: httpx.Client, expression: str, accept: str = "*/*") -> httpx.Response:
    """What the operation answers when its function returns that expression."""
    answer = api.post(
        "/try", json=expression.replace("throw", "_throw"), headers={"Accept": accept}
    )
    assert journal(api)[-1]["response"]["status"] == answer.status_code
    return answer


def changed(api: httpx.Client) -> bool:
    """True where anything was remembered, sent or scheduled."""
    count = api.get("/kept").json()
    outbox = api.get("/_understudy/outbox").json()["entries"]
    return bool(count or outbox)


GOOD = "Answer({'a': 1}, headers=NEEDED)"


def test_a_good_answer_is_rendered(api: httpx.Client) -> None:
    """Status, media type and described headers come from the description, and it is kept."""
    answer = attempt(api, GOOD)
    assert (answer.status_code, answer.content) == (201, b'{"a":1}')
    expected = {
        "x-needed": "yes",
        "x-fixed": "7",
        "x-example": "shown",
        "content-type": "application/json",
        "content-length": "7",
    }
    assert dict(answer.headers) == expected
    assert changed(api)


@pytest.mark.parametrize(
    ("expression", "status", "content"),
    [
        ("Answer(status=204)", 204, b""),
        ("(None, 204)", 204, b""),
        ("Answer(status=302, headers={'Location': '/a'})", 302, b""),
        (
            "Answer('hä', media_type='text/plain', headers=NEEDED)",
            201,
            "hä".encode(),
        ),
        ("Answer({'a': 1, 'b': 'ü'}, 201, NEEDED)", 201, '{"a":1,"b":"ü"}'.encode()),
    ],
)
def test_a_behaviour_may_choose(
    api: httpx.Client, expression: str, status: int, content: bytes
) -> None:
    """A behaviour chooses among the documented statuses and media types."""
    answer = attempt(api, expression)
    assert (answer.status_code, answer.content) == (status, content)


def test_own_headers_win(api: httpx.Client) -> None:
    """A header of the behaviour goes before the one that the description shows, in any case."""
    answer = attempt(api, "Answer({'a': 1}, headers=NEEDED | {'x-EXAMPLE': 'mine'})")
    assert answer.headers.get_list("x-example") == ["mine"]


def test_text_says_its_charset(api: httpx.Client) -> None:
    """A text body is UTF-8, and says so."""
    answer = attempt(api, "Answer('hä', media_type='text/plain', headers=NEEDED)")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == "hä"


@pytest.mark.parametrize(
    ("expression", "detail"),
    [
        ("({'a': 1}, 418)", "attempt answered 418, which is not documented."),
        ("Answer({'a': 'x'}, headers=NEEDED)", "breaks its description at /a: "),
        ("Answer({}, headers=NEEDED)", "breaks its description at /a: The required property"),
        ("Answer(None, headers=NEEDED)", "breaks its description at /: "),
        ("{'a': 1}", "lacks: x-needed."),
        ("({'a': 1}, 204)", "answered a body; none is documented."),
        ("Answer('x', media_type='text/csv', headers=NEEDED)", "undocumented text/csv"),
        ("Answer(b'x', media_type='image/png', headers=NEEDED)", "undocumented image/png"),
        ("throw(KeyError('lost'))", "attempt failed: KeyError: 'lost'"),
        ("throw(RecursionError('deep'))", "attempt failed: RecursionError"),
        ("1 / 0", "attempt failed: ZeroDivisionError: division by zero"),
        ("({'a': 1}, 201, 'more')", "attempt failed: ValueError"),
        ("Answer({'a': {1, 2}}, headers=NEEDED)", "attempt failed: "),
        ("Answer({'a': 1, 'b': float('nan')}, headers=NEEDED)", "attempt failed: ValueError"),
        ("Answer({'a': 1, 'b': object()}, headers=NEEDED)", "attempt failed: "),
        ("Answer({'a': 1}, headers={'X-Needed': 'zł'})", "attempt failed: UnicodeEncodeError"),
        ("Answer({'a': 1}, headers={'X-Needed': None})", "attempt failed: AttributeError"),
    ],
)
def test_a_bad_answer_is_a_server_error_and_leaves_nothing(
    api: httpx.Client, expression: str, detail: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What breaks the description, or raises, becomes a 500 that says why, and is rolled back."""
    caplog.set_level(logging.CRITICAL, "understudy")
    answer = attempt(api, expression)
    assert detail in refused(answer, 500)["detail"]
    assert not changed(api)


def test_a_failure_is_logged(api: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    """The traceback of a behaviour that raises is in the log."""
    attempt(api, "1 / 0")
    (record,) = caplog.records
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


def test_the_faults_of_an_answer_are_listed(
    api: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    """A bad answer says where it breaks the description, also in the journal."""
    caplog.set_level(logging.CRITICAL, "understudy")
    answer = attempt(api, "Answer({'a': 'x'}, headers=NEEDED)")
    assert [(e["in"], e["pointer"]) for e in answer.json()["errors"]] == [("response", "/a")]
    problems = journal(api)[-1]["problems"]
    assert [(p["in"], p["pointer"]) for p in problems] == [("response", "/a")]


def test_a_refusal_that_is_raised_leaves_nothing(api: httpx.Client) -> None:
    """A refusal that the behaviour raises rolls back what it did before."""
    answer = attempt(api, "throw(BadRequest('No.', headers={'X-Why': 'because'}))")
    assert (answer.status_code, answer.json()["detail"]) == (400, "No.")
    assert answer.headers["x-why"] == "because"
    assert not changed(api)


def test_a_refusal_that_is_returned_keeps_everything(api: httpx.Client) -> None:
    """A refusal that the behaviour returns looks the same, and keeps what it did before."""
    answer = attempt(api, "Answer(refusal=BadRequest('No.'))")
    assert (answer.status_code, answer.json()["detail"]) == (400, "No.")
    assert changed(api)


def test_an_undocumented_refusal_is_a_problem(api: httpx.Client) -> None:
    """A refusal whose status the description does not have is told as problem details."""
    assert refused(attempt(api, "throw(Gone('Late.'))"), 410) == {
        "type": "about:blank",
        "title": "Gone",
        "status": 410,
        "detail": "Late.",
    }


@pytest.mark.parametrize("text", ["a\\r\\nX-Evil: 1", "a\\nb", "a\\0b"])
def test_a_header_holds_no_line_break(
    api: httpx.Client, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A header value that would break the answer apart is a server error."""
    caplog.set_level(logging.CRITICAL, "understudy")
    expression = f"Answer({{'a': 1}}, headers={{'X-Needed': '{text}'}})"
    assert attempt(api, expression).status_code == 500


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 201),
        ("text/html, application/*;q=0.1", 201),
        ("image/png", 201),
        ("application/json;q=0, text/plain;q=0", 201),
    ],
)
def test_an_answer_without_content_leaves_accept_alone(
    api: httpx.Client, accept: str, status: int
) -> None:
    """An operation that may succeed without a body is never unacceptable beforehand."""
    assert attempt(api, GOOD, accept).status_code == status


OFFERS = """
paths:
  /one:
    post:
      operationId: one
      responses: {"200": {content: {application/json: {}}}, "406": {description: No.}}
  /two:
    post:
      operationId: two
      responses:
        "200": {content: {application/json: {}, text/plain: {}, text/html: {}}}
        "202": {content: {text/csv: {}}}
  /any:
    post: {operationId: anything, responses: {"200": {content: {"*/*": {}}}}}
"""
OFFERING = """
def one(sandbox):
    sandbox.table("kept").put("1", {})
    return 1

def two(sandbox):
    return "two"

def anything(sandbox):
    return {"a": 1}
"""


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("text/*", "text/plain; charset=utf-8"),
        ("text/html;q=0.9, text/plain;q=0.8, */*;q=0.1", "text/html; charset=utf-8"),
        ("application/json;q=0, */*", "text/plain; charset=utf-8"),
        ("text/csv", "application/json"),
    ],
)
def test_accept_chooses_the_media_type(tmp_path: Path, accept: str, media_type: str) -> None:
    """The best liked media type answers; one of another success falls back to the first."""
    answer = own_api(tmp_path, OFFERS, OFFERING).post("/two", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.content == (b'"two"' if media_type == "application/json" else b"two")


@pytest.mark.parametrize("accept", ["image/png", "text/html", "*/*;q=0", "application/json;q=0"])
def test_what_cannot_be_accepted_is_refused_before_anything_happens(
    tmp_path: Path, accept: str
) -> None:
    """Where no success would be acceptable it is 406, with what there is, and nothing is done."""
    api = own_api(tmp_path, OFFERS, OFFERING)
    answer = api.post("/one", headers={"Accept": accept})
    assert "application/json" in refused(answer, 406)["detail"]
    assert api.get("/_understudy/state").json()["tables"] == {}
    refused(api.post("/two", headers={"Accept": "image/png"}), 406)


def test_a_documented_range_offers_what_is_asked_for(tmp_path: Path) -> None:
    """A success that is documented as `*/*` can be had as JSON."""
    answer = own_api(tmp_path, OFFERS, OFFERING).post(
        "/any", headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


REFUSING = """
paths:
  /{id}:
    get:
      operationId: read
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        "200": {content: {application/json: {}}}
        "404": {content: {application/vnd.own+json: {schema: {required: [code]}}, text/html: {}}}
        "410": {content: {text/html: {}}}
        4XX: {content: {application/vnd.own+json: {schema: {required: [code]}}}}
"""
REFUSAL = """
from mock_server.refusals import Gone, NotFound

def read(sandbox, *, id):
    raise (Gone if id == 1 else NotFound)("There is no <b>thing</b>.")

def refusal(sandbox, refusal):
    return {"code": refusal.status, "text": refusal.detail}
"""
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.fixture
def refusing(tmp_path: Path) -> httpx.Client:
    """A client of an API with refusals of its own shape."""
    return own_api(tmp_path, REFUSING, REFUSAL)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/2", 404),
        ("GET", "/x", 400),
        ("GET", "/2/3", 404),
        ("DELETE", "/2", 405),
        ("GET", "/", 404),
    ],
)
def test_every_refusal_has_the_shape_of_the_api(
    refusing: httpx.Client, method: str, path: str, status: int
) -> None:
    """Refusals of the behaviour and of the gateway have the API's own body and media type."""
    answer = refusing.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, status)
    assert answer.headers["content-type"] == "application/vnd.own+json"


def test_a_browser_gets_a_page(refusing: httpx.Client) -> None:
    """Where HTML is documented, a browser gets the refusal as a page with everything escaped."""
    answer = refusing.get("/2", headers={"Accept": BROWSER})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>Not Found</h1>" in answer.text
    assert "There is no &lt;b&gt;thing&lt;/b&gt;." in answer.text


def test_a_browser_gets_what_there_is(refusing: httpx.Client) -> None:
    """Where HTML is not documented, a browser gets the API's own shape; else a page always."""
    assert refusing.get("/x", headers={"Accept": BROWSER}).json()["code"] == 400
    only_html = refusing.get("/1", headers={"Accept": "application/json"})
    assert (only_html.status_code, only_html.headers["content-type"]) == (
        410,
        "text/html; charset=utf-8",
    )


def test_a_refusal_is_not_refused_for_its_media_type(refusing: httpx.Client) -> None:
    """A refusal that the client does not accept is still told, as the description has it."""
    answer = refusing.get("/2", headers={"Accept": "image/png;q=0.5, application/json"})
    assert (answer.status_code, answer.json()["code"]) == (404, 404)


def test_a_refusal_that_does_not_fit_is_told_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A refusal whose body breaks the description is still told, with a warning in the log."""
    api = own_api(tmp_path, REFUSING, REFUSAL.replace('"code"', '"number"'))
    assert api.get("/2").json() == {"number": 404, "text": "There is no <b>thing</b>."}
    assert [record.message for record in caplog.records] == [
        "The refusal of read does not fit its description."
    ]


def test_a_refusal_hook_that_raises_is_a_server_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A behaviour that cannot word its refusals does not take the server down."""
    caplog.set_level(logging.CRITICAL, "understudy")
    api = own_api(tmp_path, REFUSING, REFUSAL.replace("return {", "return {}[refusal.status] or {"))
    for path in ("/2", "/nowhere/at/all"):
        assert api.get(path).status_code == 500


@pytest.mark.parametrize(
    ("responses", "status"),
    [
        ('{"201": {}}', 201),
        ('{"404": {}, "202": {}, "200": {}}', 202),
        ("{2XX: {}}", 200),
        ("{2xx: {}}", 200),
        ('{"301": {}, "204": {}}', 204),
        ('{"302": {}}', 302),
        ("{default: {}}", 200),
    ],
)
def test_the_first_documented_success_is_the_status(
    tmp_path: Path, responses: str, status: int
) -> None:
    """A behaviour that names no status gets the first documented success."""
    api = own_api(
        tmp_path,
        f"paths: {{/: {{get: {{operationId: nothing, responses: {responses}}}}}}}",
        "def nothing(sandbox):\n    return None\n",
    )
    answer = api.get("/")
    assert (answer.status_code, answer.content) == (status, b"")
    assert "content-type" not in answer.headers


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("{schema: {type: integer, const: 5}}", "5"),
        ("{schema: {type: string, default: d}}", "d"),
        ("{schema: {type: string, example: e}}", "e"),
        ("{schema: {type: string, examples: [f, g]}}", "f"),
        ("{example: h, schema: {const: i}}", "h"),
        ("{examples: {one: {value: j}}, schema: {}}", "j"),
        ("{schema: {$ref: '#/components/schemas/K'}}", "k"),
        ("{schema: {type: string}}", None),
        (
            "{schema: {type: boolean, example: true}}",
            "true",
        ),
        (
            "{schema: {type: array, example: [a, b]}}",
            "a,b",
        ),
    ],
)
def test_described_headers_have_the_described_value(
    tmp_path: Path, header: str, value: str | None
) -> None:
    """A header for which the description shows a value is sent with it, others are not."""
    api = own_api(
        tmp_path,
        f"""
        components: {{schemas: {{K: {{const: k}}}}}}
        paths:
          /:
            get:
              operationId: nothing
              responses: {{"200": {{headers: {{X-H: {header}}}}}}}
        """,
        "def nothing(sandbox):\n    return None\n",
    )
    assert api.get("/").headers.get("x-h") == value


def test_a_refusal_needs_no_described_header(tmp_path: Path) -> None:
    """A refusal whose description requires a header without a value is told all the same."""
    api = own_api(
        tmp_path,
        """
        paths:
          /:
            get:
              operationId: nothing
              parameters: [{name: q, in: query, required: true, schema: {}}]
              responses:
                "204": {}
                "400": {headers: {X-Trace: {required: true, schema: {type: string}}}}
        """,
        "def nothing(sandbox, *, q):\n    return None\n",
    )
    assert api.get("/").status_code == 400


def test_a_refusal_is_recorded_with_its_faults(refusing: httpx.Client) -> None:
    """The journal tells where a refused request was wrong, and who answered it."""
    refusing.get("/x")
    entry = journal(refusing)[-1]
    expected: list[dict[str, Any]] = [
        {"in": "path", "pointer": "/id", "message": entry["problems"][0]["message"]}
    ]
    assert entry["problems"] == expected
    assert (entry["operation"], entry["api"]) == ("read", "own")
