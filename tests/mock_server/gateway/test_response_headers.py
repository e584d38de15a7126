"""Documented response headers: made up where nobody gives them, and deprecation."""

import re
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from mock_server.api import Serving
from mock_server.app import Settings, create_app
from tests.mock_server.gateway.own import HEAD, client_of, own_api

DESCRIPTION = """
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      responses:
        "200":
          headers:
            X-Count: {required: true, schema: {type: integer, minimum: 5, maximum: 9}}
            X-Kind: {schema: {type: string, enum: [a]}}
            X-List: {schema: {type: array, minItems: 2, maxItems: 2, items: {enum: [1]}}}
            X-Pairs: {schema: {$ref: '#/components/schemas/Pairs'}}
            X-Exploded: {explode: true, schema: {$ref: '#/components/schemas/Pairs'}}
            X-Json: {content: {application/json: {schema: {$ref: '#/components/schemas/Pairs'}}}}
            X-Shown: {example: shown, schema: {type: string}}
            X-Odd: {schema: {const: "h\\u00e4\\n\\u2603"}}
            Location: {schema: {type: string, format: uri-reference}}
            ETag: {schema: {type: string}}
            Last-Modified: {schema: {type: string}}
            Set-Cookie: {schema: {type: string}}
            Access-Control-Allow-Origin: {schema: {type: string}}
            Content-Type: {example: text/odd, schema: {type: string}}
            Content-Length: {example: 99, schema: {type: integer}}
            Transfer-Encoding: {example: chunked, schema: {type: string}}
          content: {application/json: {example: {}}}
        "404":
          headers: {X-Reason: {required: true, schema: {enum: [gone]}}}
          content: {application/json: {example: {}}}
    delete:
      deprecated: true
      responses: {"204": {description: Deleted.}}
    put:
      deprecated: true
      x-deprecated-at: "2024-01-01"
      x-sunset: "2030-06-30T12:00:00+02:00"
      parameters: [{name: n, in: query, schema: {type: integer}}]
      responses: {"204": {description: Replaced.}}
    patch:
      deprecated: true
      x-sunset: soon
      responses: {"204": {headers: {Deprecation: {example: "@7"}}}}
components:
  schemas:
    Pairs:
      type: object
      required: [r, g]
      properties: {r: {const: 1}, g: {const: true}}
"""


def served(folder: Path, **serving: bool) -> httpx.Client:
    """A client of a server of the description."""
    (folder / "own.yaml").write_text(HEAD + DESCRIPTION)
    app = create_app(Settings(apis=[str(folder / "own.yaml")], serving=Serving(**serving)))
    return client_of(app)


def test_headers_are_made_of_their_schema(tmp_path: Path) -> None:
    """Numbers, choices, lists, objects and JSON are written in style `simple`, examples kept."""
    headers = served(tmp_path).get("/things/1").headers
    assert 5 <= int(headers["x-count"]) <= 9
    assert headers["x-kind"] == "a"
    assert headers["x-list"] == "1,1"
    assert headers["x-pairs"] in {"r,1,g,true", "g,true,r,1"}
    assert headers["x-exploded"] in {"r=1,g=true", "g=true,r=1"}
    assert httpx.Response(200, text=headers["x-json"]).json() == {"r": 1, "g": True}
    assert headers["x-shown"] == "shown"
    assert headers["x-odd"] == "h%C3%A4%0A%E2%98%83"


def test_headers_with_a_form_of_their_own_have_it(tmp_path: Path) -> None:
    """A location is a URL, a tag is quoted, a date is one of HTTP's, a cookie has a name."""
    headers = served(tmp_path).get("/things/1?x=2").headers
    assert headers["location"] == "http://mock.test/things/1?x=2"
    assert re.fullmatch(r'"[!-~]+"', headers["etag"])
    assert parsedate_to_datetime(headers["last-modified"]).year >= 2024
    assert re.fullmatch(r"[^=;, ]+=.+", headers["set-cookie"])


def test_headers_of_the_message_are_not_the_descriptions(tmp_path: Path) -> None:
    """What says how the answer is sent, or which page may read it, is never made up."""
    answer = served(tmp_path).get("/things/1", headers={"Origin": "http://page.test"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == "2"
    assert "transfer-encoding" not in answer.headers
    assert answer.headers.get_list("access-control-allow-origin") == ["http://page.test"]


def test_headers_are_the_same_until_they_are_dynamic(tmp_path: Path) -> None:
    """Like bodies, headers stay, and change with `dynamic` or the seed."""
    client = served(tmp_path)

    def cookies(prefer: str) -> set[str]:
        headers = {"Prefer": prefer}
        return {client.get("/things/1", headers=headers).headers["set-cookie"] for _ in range(4)}

    assert len(cookies("")) == len(cookies("seed=1")) == 1
    assert len(cookies("dynamic=true")) > 1
    assert cookies("seed=1") != cookies("seed=2")


def test_refusals_have_their_headers(tmp_path: Path) -> None:
    """A documented refusal has the documented headers as well."""
    answer = served(tmp_path).get("/things/1", headers={"Prefer": "code=404"})
    assert answer.headers["x-reason"] == "gone"


def test_a_written_answer_sets_its_own_headers(tmp_path: Path) -> None:
    """Nothing is made up where a behaviour answers: a `Location` that leads astray is worse."""
    api = """
        paths:
          /:
            get:
              operationId: root
              responses:
                "200":
                  headers: {X-Made: {schema: {type: string}}}
                  content: {application/json: {example: 1}}
    """
    client = own_api(tmp_path, api, "def root(sandbox):\n    return 2\n")
    assert "x-made" not in client.get("/").headers
    assert "x-made" in client.get("/", headers={"Prefer": "code=200"}).headers


def test_a_remembered_answer_has_what_it_must_have(tmp_path: Path) -> None:
    """Beside state that is inferred, only required headers are made up."""
    (tmp_path / "own.yaml").write_text(
        HEAD
        + """
paths:
  /pets:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        "201":
          headers:
            X-Must: {required: true, schema: {type: string}}
            X-May: {schema: {type: string}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
  /pets/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
components:
  schemas:
    Pet: {type: object, properties: {id: {type: string}, name: {type: string}}}
"""
    )
    client = client_of(create_app(Settings(apis=[str(tmp_path / "own.yaml")])))
    answer = client.post("/pets", json={"name": "Tom"})
    assert answer.json()["name"] == "Tom"
    assert "x-must" in answer.headers
    assert "x-may" not in answer.headers


@pytest.mark.parametrize(
    ("method", "deprecation", "sunset"),
    [
        ("GET", None, None),
        ("DELETE", "@0", None),
        ("PUT", "@1704067200", "Sun, 30 Jun 2030 10:00:00 GMT"),
        ("PATCH", "@7", None),
    ],
)
def test_a_deprecated_operation_says_so(
    tmp_path: Path, method: str, deprecation: str | None, sunset: str | None
) -> None:
    """`Deprecation` is a structured date (RFC 9745), and `Sunset` one of HTTP's (RFC 8594)."""
    headers = served(tmp_path).request(method, "/things/1").headers
    assert headers.get("deprecation") == deprecation
    assert headers.get("sunset") == sunset


def test_a_refusal_says_that_its_operation_is_deprecated(tmp_path: Path) -> None:
    """Who sends it wrongly learns it too."""
    answer = served(tmp_path).put("/things/1?n=x")
    assert answer.status_code == 422
    assert answer.headers["deprecation"] == "@1704067200"
