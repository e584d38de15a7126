"""What checks of Schemathesis find, in the words of laws, without what is not so."""

import json
from dataclasses import replace
from typing import Any

import pytest

from contracts.api import Api
from contracts.exchange import Request, Response
from contracts.findings import Finding, Kind, Told
from contracts.plainly import plainly
from tests.contracts.histories import URL, api_of

ETAG = '^"([0-9]+)"$|\\*'
API = api_of(
    {
        "openapi": "3.1.0",
        "info": {"title": "Pens", "version": "1"},
        "paths": {
            "/pens": {
                "get": {
                    "parameters": [
                        {
                            "name": "If-Match",
                            "in": "header",
                            "schema": {"type": "string", "pattern": ETAG},
                        },
                        {
                            "name": "limit",
                            "in": "query",
                            "schema": {"type": "integer", "minimum": 1},
                        },
                    ],
                    "responses": {
                        "200": {
                            "description": "All",
                            "content": {
                                "application/json": {
                                    "schema": {
                                        "type": "object",
                                        "required": ["total"],
                                        "properties": {"total": {"type": "integer"}},
                                    }
                                }
                            },
                        }
                    },
                }
            },
            "/stop": {"post": {"responses": {"200": {"description": "Stopped"}}}},
            "/about": {
                "get": {
                    "responses": {
                        "200": {
                            "description": "It",
                            "content": {"text/x-yaml": {"schema": {"type": "string"}}},
                        }
                    }
                }
            },
        },
    }
)


def _plain(
    check: str,
    key: str,
    status: int,
    answer: Any = None,
    sent: dict[tuple[str, str], str] | None = None,
    api: Api = API,
    **more: Any,
) -> list[Finding]:
    method, _, path = key.partition(" ")
    told = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    kind = "text/x-yaml" if isinstance(answer, bytes) else "application/json"
    response = Response(status, (("Content-Type", kind),), told)
    finding = Finding(
        name=check,
        sentence="",
        problem="As Schemathesis has it: parameter 'x', Received: 1",
        operations=(key,),
        history=(Told(key, Request(method, f"{URL}{path}"), response),),
        subject=key,
        is_law=False,
    )
    return plainly(replace(finding, **more), api, api.by_key[key], sent or {})


def test_an_answer_that_does_not_fit_is_told_as_the_law_tells_it() -> None:
    """Property by property, of the resource."""
    told = _plain("response_schema_conformance", "GET /pens", 200, {"total": "7"})
    problem = 'The answer 200 breaks its schema (type "integer").'
    assert [(one.problem, one.place) for one in told] == [(problem, "/total")]


def test_a_status_is_told_as_the_law_tells_it() -> None:
    """What is documented beside it is no part of it."""
    told = _plain("status_code_conformance", "GET /pens", 302)
    problem = "The status 302 is not described."
    assert [(one.problem, one.cause) for one in told] == [(problem, problem)]


def test_methods_are_told_of_once_for_each_status() -> None:
    """Not for each method; only where they are a gap."""
    told = _plain("unsupported_method", "GET /pens", 404, kind=Kind.GAP)
    problem = "Methods that are not described are answered with 404, not with 405."
    assert [one.problem for one in told] == [problem]
    allow = _plain("unsupported_method", "GET /pens", 405, kind=Kind.GAP)
    assert [one.problem.partition(", ")[2] for one in allow] == ["without `Allow`."]
    assert _plain("unsupported_method", "GET /pens", 200)[0].problem.startswith("As Schem")


def test_valid_data_has_to_be_there_and_valid() -> None:
    """What holds no data is refused for something else; what no pattern matches is invalid."""
    check = "positive_data_acceptance"
    assert _plain(check, "POST /stop", 400) == []
    assert _plain(check, "GET /pens", 400, sent={("header", "if-match"): "0"}) == []
    assert len(_plain(check, "GET /pens", 400, sent={("header", "if-match"): '"0"'})) == 1
    assert len(_plain(check, "GET /pens", 400)) == 1


def test_what_is_not_there_is_not_refused_for_its_data() -> None:
    """410 is about the item; and whoever is turned down by any status was not accepted."""
    assert _plain("positive_data_acceptance", "GET /pens", 410) == []
    assert len(_plain("positive_data_acceptance", "GET /pens", 422)) == 1
    assert _plain("negative_data_rejection", "GET /pens", 410) == []
    assert len(_plain("negative_data_rejection", "GET /pens", 200)) == 1


def test_a_text_is_not_judged_by_what_can_be_read_in_it() -> None:
    """YAML that is described as a text is one."""
    assert _plain("response_schema_conformance", "GET /about", 200, b"a: 1") == []


def test_other_methods_in_allow_are_one_cause() -> None:
    """Whatever it names where."""
    told = _plain("allow_header_conformance", "GET /pens", 405)
    assert [one.cause for one in told] == [one.problem for one in told]
    assert "`Allow`" in told[0].cause


def test_what_has_no_content_needs_no_type() -> None:
    """As an answer 204, whatever an operation produces."""
    assert _plain("content_type_conformance", "POST /stop", 204, b"") == []
    assert len(_plain("content_type_conformance", "POST /stop", 200, b"a: 1")) == 1


def test_a_parameter_that_many_operations_share_is_one_cause() -> None:
    """The message names it; that of a body is the operation's own."""
    message = "Invalid data. Invalid component: parameter `limit` in query - Must be above 0"
    told = _plain("negative_data_rejection", "GET /pens", 200, problem=message, **_asked("limit=0"))
    assert [one.cause for one in told] == ["parameter `limit` in query - Must be above 0"]
    message = "Invalid data. Invalid component: in body - title: Incorrect type"
    told = _plain("negative_data_rejection", "GET /pens", 200, problem=message)
    assert [one.cause for one in told] == [""]


def _asked(query: str) -> dict[str, Any]:
    request = Request("GET", f"{URL}/pens?{query}")
    return {"history": (Told("GET /pens", request, Response(200)),)}


@pytest.mark.parametrize(
    ("query", "is_told"),
    [("limit=", False), ("", False), ("limit=7", False), ("limit=x", True), ("limit=0", True)],
)
def test_a_query_is_judged_as_it_arrives(query: str, *, is_told: bool) -> None:
    """An empty list or object is written as nothing."""
    message = "Invalid data. Invalid component: parameter `limit` in query - violates `type`"
    told = _plain("negative_data_rejection", "GET /pens", 200, problem=message, **_asked(query))
    assert bool(told) is is_told


def test_properties_that_are_not_described_are_one_cause() -> None:
    """Who takes them in one operation does so in all."""
    for said in (
        "in body - object with unexpected properties",
        "in body - violates `additionalProperties`",
    ):
        told = _plain(
            "negative_data_rejection", "GET /pens", 200, problem=f"Invalid component: {said}"
        )
        assert [one.cause for one in told] == ["properties that are not described"]


@pytest.mark.parametrize(
    ("check", "problem", "is_told"),
    [
        ("missing_required_header", "Got 200 when missing required 'Accept' header", False),
        ("missing_required_header", "Got 200 when missing required 'X-Pen' header", True),
        ("negative_data_rejection", "Invalid component: Missing `Accept` at header", False),
        (
            "negative_data_rejection",
            "Invalid component: parameter `Accept` in header - violates `required` (was Accept)",
            False,
        ),
        (
            "negative_data_rejection",
            "- query: violates `additionalProperties` - header: violates `required` (was Accept)",
            False,
        ),
        ("negative_data_rejection", "Invalid component: Missing `X-Pen` at header", True),
    ],
)
def test_headers_of_media_types_are_no_parameters(
    check: str, problem: str, *, is_told: bool
) -> None:
    """Whatever a description says of `Accept`."""
    assert bool(_plain(check, "GET /pens", 200, problem=problem)) is is_told


def test_a_body_may_be_missing_where_none_is_required() -> None:
    """Whatever Schemathesis takes for required."""
    message = "Invalid data. Invalid component: Missing request body"
    assert _plain("negative_data_rejection", "POST /stop", 200, problem=message) == []


@pytest.mark.parametrize(
    ("check", "status", "form", "is_told"),
    [
        ("negative_data_rejection", 200, b"tags=AAA", False),
        ("negative_data_rejection", 200, b"size=AAA&tags=A", True),
        ("positive_data_acceptance", 422, b"size=7", False),
        ("positive_data_acceptance", 422, b"size=7&tags=A", True),
    ],
)
def test_a_form_is_judged_as_it_arrives(
    check: str, status: int, form: bytes, *, is_told: bool
) -> None:
    """One text is a list of one, and a list of none is not there."""
    kind = "application/x-www-form-urlencoded"
    schema = {
        "type": "object",
        "required": ["tags"],
        "properties": {
            "size": {"type": "integer"},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
    }
    api = api_of(
        {
            "openapi": "3.1.0",
            "info": {"title": "Pens", "version": "1"},
            "paths": {
                "/pens": {
                    "post": {
                        "requestBody": {"required": True, "content": {kind: {"schema": schema}}},
                        "responses": {"200": {"description": "Made"}},
                    }
                }
            },
        }
    )
    request = Request("POST", f"{URL}/pens", (("Content-Type", kind),), form)
    history = (Told("POST /pens", request, Response(status)),)
    problem = "Invalid data. Invalid component: in body - size: Incorrect type"
    told = _plain(check, "POST /pens", status, api=api, history=history, problem=problem)
    assert bool(told) is is_told


def test_a_change_that_names_no_item_may_be_refused() -> None:
    """Where nothing but the body says which item is meant."""
    pen = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
    content = {"application/json": {"schema": pen}}
    done = {"200": {"description": "Done", "content": content}}
    api = api_of(
        {
            "openapi": "3.1.0",
            "info": {"title": "Pens", "version": "1"},
            "paths": {
                "/pens": {"put": {"requestBody": {"content": content}, "responses": done}},
                "/pens/{id}": {
                    "parameters": [
                        {
                            "name": "id",
                            "in": "path",
                            "required": True,
                            "schema": {"type": "integer"},
                        }
                    ],
                    "get": {"responses": done},
                },
            },
        }
    )
    for body, is_told in ((b'{"name": "ink"}', False), (b"[]", False), (b'{"id": 7}', True)):
        request = Request("PUT", f"{URL}/pens", (("Content-Type", "application/json"),), body)
        history = (Told("PUT /pens", request, Response(422)),)
        told = _plain("positive_data_acceptance", "PUT /pens", 422, api=api, history=history)
        assert bool(told) is is_told


def _list_api() -> Api:
    """Pens in pages found by a cursor, created with a key against doing it twice, with photos."""
    text = {"schema": {"type": "string"}}
    number = {**text, "name": "id", "in": "path", "required": True}
    pen = {"type": "object", "properties": {"id": {"type": "string"}}}
    pens = {"application/json": {"schema": {"type": "array", "items": pen}}}
    several = {"200": {"description": "All", "content": pens}}
    one = {"200": {"description": "It", "content": {"application/json": {"schema": pen}}}}
    key = {**text, "name": "Idempotency-Key", "in": "header"}
    return api_of(
        {
            "openapi": "3.1.0",
            "info": {"title": "Pens", "version": "1"},
            "paths": {
                "/pens": {
                    "get": {
                        "parameters": [{**text, "name": "cursor", "in": "query"}],
                        "responses": several,
                    },
                    "post": {"parameters": [key], "responses": one},
                },
                "/pens/{id}": {"get": {"parameters": [number], "responses": one}},
                "/pens/{id}/photo": {"get": {"parameters": [number], "responses": one}},
            },
        }
    )


@pytest.mark.parametrize(
    ("check", "key", "sent", "is_told"),
    [
        ("positive_data_acceptance", "GET /pens", {}, True),
        ("positive_data_acceptance", "GET /pens", {("query", "cursor"): "0"}, False),
        ("positive_data_acceptance", "POST /pens", {("header", "idempotency-key"): "0"}, False),
        ("ensure_resource_availability", "GET /pens/{id}", {}, True),
        ("ensure_resource_availability", "GET /pens/{id}/photo", {}, False),
    ],
)
def test_what_a_first_request_has_to_tell_is_no_data(
    check: str, key: str, sent: dict[tuple[str, str], str], *, is_told: bool
) -> None:
    """Cursors, keys that were used before, and files below an item that were not sent yet."""
    assert bool(_plain(check, key, 422, None, sent, _list_api())) == is_told


def _files_api() -> Api:
    file = {"type": "object", "properties": {"name": {"type": "string"}, "folderId": {}}}
    body = {"content": {"application/json": {"schema": file}}}
    number = {"in": "query", "schema": {"type": "integer"}}
    bounds = [{**number, "name": name} for name in ("minSize", "maxSize")]
    told = {one: {"description": "It"} for one in ("200", "400", "422")}
    few = {one: told[one] for one in ("200", "400")}
    return api_of(
        {
            "openapi": "3.1.0",
            "info": {"title": "Files", "version": "1"},
            "paths": {
                "/files": {
                    "get": {"parameters": bounds, "responses": few},
                    "post": {"requestBody": body, "responses": few},
                    "put": {"requestBody": body, "responses": told},
                },
                "/files/purge": {"post": {"responses": few}},
                "/files/{id}": {"get": {"responses": few}, "delete": {"responses": few}},
            },
        }
    )


def _refused(key: str, status: int, body: Any = None, **query: float) -> bool:
    """Whether a refusal of valid data is told of."""
    api = _files_api()
    method, _, path = key.partition(" ")
    written = b"" if body is None else json.dumps(body).encode()
    request = Request(method, f"{URL}{path}", (("Content-Type", "application/json"),), written)
    finding = Finding(
        name="positive_data_acceptance",
        sentence="",
        problem="Refused",
        operations=(key,),
        history=(Told(key, request, Response(status)),),
        subject=key,
        is_law=False,
    )
    sent = {("query", name): value for name, value in query.items()}
    return bool(plainly(finding, api, api.by_key[key], sent))


def test_what_is_refused_for_what_is_not_there_is_no_bad_data() -> None:
    """Names of other items, bounds with nothing between them, and a 422 beside the 400."""
    assert _refused("POST /files", 400, {"name": "a"})
    assert not _refused("POST /files", 400, {"name": "a", "folderId": 7})
    assert _refused("GET /files", 400, minSize=1, maxSize=2)
    assert not _refused("GET /files", 400, minSize=3, maxSize=2)
    assert _refused("PUT /files", 400, {"name": "a"})
    assert not _refused("PUT /files", 422, {"name": "a"})


@pytest.mark.parametrize(
    ("told", "is_broken"),
    [
        ("POST", False),
        ("DELETE, GET, HEAD, OPTIONS, POST", False),
        ("GET", True),
        ("PATCH, POST", True),
    ],
)
def test_a_path_may_be_that_of_a_template_too(told: str, *, is_broken: bool) -> None:
    """`/files/purge` is what `/files/{id}` may be, and has its methods, too."""
    api = _files_api()
    key = "POST /files/purge"
    response = Response(405, (("Allow", told),))
    finding = Finding(
        name="allow_header_conformance",
        sentence="",
        problem="Others",
        operations=(key,),
        history=(Told(key, Request("OPTIONS", f"{URL}/files/purge"), response),),
        subject=key,
        is_law=False,
    )
    assert bool(plainly(finding, api, api.by_key[key], {})) is is_broken
