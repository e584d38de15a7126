"""Validation: what breaks the description is listed with its place, then defaults go in."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mock_server.gateway.validate import default_filler
from mock_server.validators import MOST_FAULTS, faults, validator
from openapi.schemas import standing_alone
from tests.mock_server.gateway.own import ECHO, own_api, places, refused


@pytest.mark.parametrize(
    ("schema", "value", "pointer", "keyword", "expected"),
    [
        ({"type": "integer"}, "x", "", "type", None),
        ({"type": ["integer", "null"]}, "x", "", "type", None),
        ({"enum": [1, 2]}, 3, "", "enum", [1, 2]),
        ({"const": 1}, 3, "", "const", 1),
        ({"minimum": 2}, 1, "", "minimum", 2),
        ({"maximum": 2}, 3, "", "maximum", 2),
        ({"exclusiveMinimum": 2}, 2, "", "exclusiveMinimum", 2),
        ({"exclusiveMaximum": 2}, 2, "", "exclusiveMaximum", 2),
        ({"multipleOf": 2}, 3, "", "multipleOf", None),
        ({"minLength": 2}, "ü", "", "minLength", 2),
        ({"maxLength": 2}, "abc", "", "maxLength", 2),
        ({"pattern": "^a"}, "b", "", "pattern", "^a"),
        ({"format": "uuid"}, "b", "", "format", "uuid"),
        ({"format": "date-time"}, "2024-02-30T00:00:00Z", "", "format", "date-time"),
        ({"format": "uri"}, "no uri", "", "format", "uri"),
        ({"format": "email"}, "nobody", "", "format", "email"),
        ({"minItems": 2}, [1], "", "minItems", 2),
        ({"maxItems": 1}, [1, 2], "", "maxItems", 1),
        ({"uniqueItems": True}, [1, 1], "", "uniqueItems", None),
        ({"contains": {"const": 1}}, [2], "", "contains", None),
        ({"minProperties": 1}, {}, "", "minProperties", 1),
        ({"maxProperties": 0}, {"a": 1}, "", "maxProperties", 0),
        ({"propertyNames": {"maxLength": 1}}, {"ab": 1}, "", "propertyNames", None),
        ({"required": ["a"]}, {}, "/a", "required", None),
        ({"required": ["a/b"]}, {}, "/a~1b", "required", None),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"a~b": 1},
            "/a~0b",
            "additionalProperties",
            None,
        ),
        (
            {"additionalProperties": False},
            {"a": 1},
            "/a",
            "additionalProperties",
            None,
        ),
        ({"unevaluatedProperties": False}, {"a": 1}, "/a", "unevaluatedProperties", None),
        ({"unevaluatedItems": False}, [1], "", "unevaluatedItems", None),
        ({"prefixItems": [True], "items": False}, [1, 2], "/1", "falseSchema", None),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, "/b", "required", None),
        ({"not": {}}, 1, "", "not", None),
        ({"anyOf": [{"const": 1}, {"const": 2}]}, 3, "", "anyOf", None),
        ({"oneOf": [{"const": 1}, {"const": 2}]}, 3, "", "oneOf", None),
        ({"oneOf": [{}, {}]}, 3, "", "oneOf", None),
        ({"allOf": [{"minimum": 5}]}, 3, "", "minimum", 5),
        ({"if": {}, "then": {"minimum": 5}}, 3, "", "minimum", 5),
        (False, 3, "", "falseSchema", None),
        (
            {"properties": {"a/b": {"items": {"type": "string"}}}},
            {"a/b": ["x", 1]},
            "/a~1b/1",
            "type",
            None,
        ),
    ],
)
def test_each_keyword_becomes_a_fault(
    schema: Any, value: Any, pointer: str, keyword: str, expected: Any
) -> None:
    """A broken keyword is named with the pointer to what breaks it, and what it expects."""
    (fault,) = faults(validator(schema), value, "body", "/root")
    assert (fault.place, fault.pointer, fault.keyword) == ("body", f"/root{pointer}", keyword)
    assert fault.message
    assert fault.field == (f"/root{pointer}").rpartition("/")[2].replace("~1", "/").replace(
        "~0", "~"
    )
    if expected is not None:
        assert fault.expected == expected


@pytest.mark.parametrize(
    ("kind", "fits", "broken"),
    [
        ("int32", [2**31 - 1, -(2**31), "text"], [2**31, -(2**31) - 1]),
        ("int64", [2**63 - 1, -(2**63)], [2**63, -(2**63) - 1]),
        ("byte", ["", "YQ==", 1], ["YQ", "a$b=", "\u00e4\u00e4\u00e4\u00e4"]),
    ],
)
def test_the_formats_of_openapi_are_asserted(kind: str, fits: list[Any], broken: list[Any]) -> None:
    """Whole numbers have their bits, bytes are base64; what is of another type has no format."""
    schema = {"properties": {"it": {"format": kind}}, "default": {"format": kind}}
    checker = validator(schema)
    assert all(checker.is_valid({"it": value}) for value in fits)
    assert [[f.pointer for f in faults(checker, {"it": value}, "body")] for value in broken] == [
        ["/it"] for _ in broken
    ]


def test_a_fault_holds_what_was_given() -> None:
    """A fault has the value that is wrong, and None where one is missing."""
    check = validator(
        {"properties": {"a": {"type": "string"}}, "required": ["b"], "additionalProperties": False}
    )
    given_values = {
        fault.pointer: fault.value for fault in faults(check, {"a": [1], "c": {"d": 2}}, "body")
    }
    assert given_values == {"/a": [1], "/b": None, "/c": {"d": 2}}


def test_messages_stay_short() -> None:
    """The message of a fault does not repeat a huge value."""
    for schema in ({"type": "integer"}, {"enum": ["x" * 1000]}, {"pattern": "y" * 1000}):
        (fault,) = faults(validator(schema), "x" * 100_000, "body")
        assert len(fault.message) <= 300


def test_at_most_some_faults_are_listed() -> None:
    """A body that is wrong in thousands of places gets a list that can be read."""
    check = validator({"items": {"type": "string"}})
    assert len(faults(check, list(range(10_000)), "body")) == MOST_FAULTS


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=6,
)
STRICT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["a"],
    "properties": {
        "a": {"type": ["string", "integer"], "maxLength": 1, "minimum": 0},
        "b": {"items": {"$ref": "#"}, "type": "array"},
        "c": {"anyOf": [{"type": "null"}, {"$ref": "#"}]},
    },
}


@given(VALUES)
@settings(max_examples=100, deadline=None)
def test_faults_are_where_jsonschema_finds_them(value: Any) -> None:
    """Another validator finds faults at the same objects, and none where none are found."""
    check = validator(STRICT)
    found = faults(check, value, "body")
    others = list(Draft202012Validator(STRICT).iter_errors(value))
    assert bool(found) == bool(others)

    def stands_at(pointer: str, keyword: str) -> str:
        below = keyword in {"required", "additionalProperties"}
        return pointer.rpartition("/")[0] if below else pointer

    assert {stands_at(fault.pointer, fault.keyword) for fault in found} == {
        "".join(f"/{part}" for part in error.absolute_path) for error in others
    }


DEFAULTS = """
components:
  schemas:
    Size: {type: string, default: M}
    Named: {type: object, properties: {name: {type: string, default: nobody}}}
    Node:
      type: object
      properties:
        weight: {type: integer, default: 1}
        child: {$ref: '#/components/schemas/Node'}
        children: {type: array, items: {$ref: '#/components/schemas/Node'}}
    Thing:
      allOf: [{$ref: '#/components/schemas/Named'}]
      type: object
      required: [id]
      properties:
        id: {type: integer, default: 7}
        size: {$ref: '#/components/schemas/Size'}
        tags: {type: array, default: [a]}
        maybe: {type: [string, "null"], default: null}
        options: {type: object, default: {}, properties: {deep: {default: {x: 1}}}}
        tree: {$ref: '#/components/schemas/Node'}
paths:
  /thing:
    post: &operation
      operationId: post
      parameters:
        - {name: page, in: query, schema: {type: integer, default: 3}}
        - {name: size, in: query, schema: {$ref: '#/components/schemas/Size'}}
        - {name: sort, in: query, schema: {type: array, items: {type: string}, default: [id]}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {"200": {content: {application/json: {}}}, "400": {}}
    put:
      <<: *operation
      operationId: put
    patch:
      <<: *operation
      operationId: patch
"""
DEFAULTING = """
def post(sandbox, **arguments):
    arguments.get("body", {}).setdefault("tags", []).append("b")
    arguments["sort"].append("name")
    return arguments

def put(sandbox, **arguments):
    return arguments

def patch(sandbox, **arguments):
    return arguments
"""
FILLED = {
    "id": 1,
    "name": "nobody",
    "size": "M",
    "tags": ["a"],
    "maybe": None,
    "options": {"deep": {"x": 1}},
}


@pytest.fixture
def things(tmp_path: Path) -> httpx.Client:
    """A client of an API with defaults everywhere."""
    return own_api(tmp_path, DEFAULTS, DEFAULTING)


def test_defaults_are_filled_into_whole_bodies(things: httpx.Client) -> None:
    """A PUT or POST body gets the defaults of what it leaves out, through references and parts."""
    assert things.put("/thing", json={"id": 1}).json()["body"] == FILLED
    assert things.post("/thing", json={"id": 1}).json()["body"] == FILLED | {"tags": ["a", "b"]}


def test_a_patch_is_left_as_it_is(things: httpx.Client) -> None:
    """A PATCH body names what changes: nothing is filled in."""
    assert things.patch("/thing", json={"id": 1}).json()["body"] == {"id": 1}


def test_parameters_have_defaults_with_every_method(things: httpx.Client) -> None:
    """A parameter that is left out has its default, whatever the method."""
    for method in ("POST", "PUT", "PATCH"):
        answer = things.request(method, "/thing").json()
        assert {name: answer[name] for name in ("page", "size")} == {"page": 3, "size": "M"}


def test_defaults_are_never_shared(things: httpx.Client) -> None:
    """What a behaviour does to a default is not seen by the next request."""
    for _ in range(2):
        answer = things.post("/thing", json={"id": 1}).json()
        assert (answer["body"]["tags"], answer["sort"]) == (["a", "b"], ["id", "name"])


def test_what_is_given_is_kept(things: httpx.Client) -> None:
    """A value that is given, also null or an empty one, stays."""
    given_body = {"id": 0, "name": "", "tags": [], "maybe": None, "options": {"deep": 0}}
    answer = things.put("/thing", json=given_body)
    assert answer.json()["body"] == given_body | {"size": "M"}


def test_defaults_do_not_make_a_body_valid(things: httpx.Client) -> None:
    """What is required must be sent, though a default is described."""
    assert places(things.put("/thing", json={}), 400) == [("body", "/id")]


def test_recursive_schemas_fill_every_level(things: httpx.Client) -> None:
    """A schema that holds itself fills its defaults on every level, and ends."""
    tree: Any = {"child": {"children": [{}, {"child": {}}]}}
    assert things.put("/thing", json={"id": 1, "tree": tree}).json()["body"]["tree"] == {
        "weight": 1,
        "child": {
            "weight": 1,
            "children": [{"weight": 1}, {"weight": 1, "child": {"weight": 1}}],
        },
    }


@pytest.mark.parametrize("schema", [True, {}, {"type": "object"}, {"properties": {"a": {}}}])
def test_without_defaults_there_is_nothing_to_do(schema: Any) -> None:
    """A schema without defaults has no filler."""
    assert default_filler(schema) is None


TREE = {
    "$defs": {
        "T": {
            "properties": {
                "a": {"default": 1},
                "b": {"$ref": "#/$defs/T"},
                "c": {"items": {"$ref": "#/$defs/T"}},
            }
        }
    },
    "$ref": "#/$defs/T",
}


@given(VALUES)
@settings(max_examples=100, deadline=None)
def test_filling_is_done_once_and_keeps_everything(value: Any) -> None:
    """Any value can be filled; a second time changes nothing, and nothing given is lost."""
    fill = default_filler(TREE)
    assert fill is not None
    before = json.loads(json.dumps(value))
    fill(value)
    once = json.loads(json.dumps(value))
    fill(value)
    assert value == once

    def within(small: Any, large: Any) -> bool:
        if isinstance(small, dict):
            return isinstance(large, dict) and all(within(small[k], large[k]) for k in small)
        if isinstance(small, list):
            pairs = zip(small, large, strict=True)
            return isinstance(large, list) and all(within(a, b) for a, b in pairs)
        return bool(small == large)

    assert within(before, once)


def test_a_default_beside_a_reference_counts(tmp_path: Path) -> None:
    """A `default` beside a `$ref` is that of the parameter or property (OpenAPI 3.1)."""
    api = own_api(
        tmp_path,
        """
        components: {schemas: {Size: {type: string}}}
        paths:
          /:
            post:
              operationId: echo
              parameters:
                - name: size
                  in: query
                  schema: {$ref: '#/components/schemas/Size', default: L}
              requestBody:
                content:
                  application/json:
                    schema:
                      properties: {size: {$ref: '#/components/schemas/Size', default: XL}}
              responses: {"200": {content: {application/json: {}}}}
        """,
        ECHO,
    )
    assert api.post("/", json={}).json() == {"size": "L", "body": {"size": "XL"}}


def test_properties_beside_a_reference_are_filled() -> None:
    """The defaults of properties beside a `$ref` are filled in as well as those it leads to."""
    document = {"components": {"schemas": {"Base": {"properties": {"a": {"default": 1}}}}}}
    schema = {"$ref": "#/components/schemas/Base", "properties": {"b": {"default": 2}}}
    fill = default_filler(standing_alone(document, schema))
    assert fill is not None
    value: dict[str, Any] = {}
    fill(value)
    assert value == {"a": 1, "b": 2}


STATUSES = """
paths:
  /{what}:
    parameters: [{name: what, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {content: {application/json: {}}}, "400": {}}}
    put: {responses: {"200": {content: {application/json: {}}}, "4XX": {}}}
    post: {responses: {"200": {content: {application/json: {}}}, "400": {}, "422": {}}}
    delete: {responses: {"204": {}, "404": {}}}
"""


@pytest.mark.parametrize(
    ("method", "status"), [("GET", 400), ("PUT", 400), ("POST", 422), ("DELETE", 422)]
)
def test_the_documented_status_refuses(tmp_path: Path, method: str, status: int) -> None:
    """A broken request gets the documented 422, else 400, and 422 where neither is."""
    assert places(own_api(tmp_path, STATUSES).request(method, "/x"), status) == [("path", "/what")]


def test_faults_of_parameters_and_body_come_together(tmp_path: Path) -> None:
    """One refusal lists what is wrong with the parameters and with the body."""
    api = own_api(
        tmp_path,
        """
        paths:
          /{id}:
            post:
              operationId: echo
              parameters:
                - {name: id, in: path, required: true, schema: {type: integer}}
                - {name: "a/b", in: query, required: true, schema: {type: integer}}
              requestBody:
                required: true
                content:
                  application/json:
                    schema: {type: object, required: [x, y], additionalProperties: false,
                      properties: {x: {type: integer}}}
              responses: {"200": {content: {application/json: {}}}}
        """,
        ECHO,
    )
    answer = api.post("/z", json={"x": "1", "zz": 1})
    assert sorted(places(answer)) == [
        ("body", "/x"),
        ("body", "/y"),
        ("body", "/zz"),
        ("path", "/id"),
        ("query", "/a/b"),
    ]
    problem = refused(answer, 422)
    assert problem["detail"] == problem["errors"][0]["detail"]
    assert problem["type"] == "about:blank"
    assert problem["title"] == "Unprocessable Content"


def test_one_or_many_are_typed(tmp_path: Path) -> None:
    """A parameter that is a number or a list of numbers is read as such."""
    api = own_api(
        tmp_path,
        """
        components: {schemas: {Ids: {type: array, items: {type: integer}}}}
        paths:
          /:
            get:
              operationId: echo
              parameters:
                - name: v
                  in: query
                  schema: {anyOf: [{type: integer}, {$ref: '#/components/schemas/Ids'}]}
              responses: {"200": {content: {application/json: {}}}}
        """,
        ECHO,
    )
    assert api.get("/?v=1").json() in ({"v": 1}, {"v": [1]})
    assert api.get("/?v=1&v=2").json() == {"v": [1, 2]}


def test_a_schema_that_is_an_alternative_of_itself_is_compiled(tmp_path: Path) -> None:
    """A parameter whose schema names itself as an alternative is understood."""
    api = own_api(
        tmp_path,
        """
        components: {schemas: {Odd: {anyOf: [{type: integer}, {$ref: '#/components/schemas/Odd'}]}}}
        paths:
          /:
            get:
              operationId: echo
              parameters: [{name: v, in: query, schema: {$ref: '#/components/schemas/Odd'}}]
              responses: {"200": {content: {application/json: {}}}}
        """,
        ECHO,
    )
    assert api.get("/?v=1").json() == {"v": 1}
