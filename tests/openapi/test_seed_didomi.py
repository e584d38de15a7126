"""The seed of didomi, field by field, against the description rebuilt from it.

The expectations are written from the seed document, not from the description.
"""

from typing import Any

import jsonschema_rs
import pytest

from tests.openapi.seed_rows import example, field, load, operations, resolve

DOCUMENT = load("didomi")
ITEM = DOCUMENT["paths"]["/dsar/links"]
OPERATION = ITEM["post"]
BODY = OPERATION["requestBody"]["content"]["application/json"]["schema"]
FOLLOWED = [resolve(DOCUMENT, parameter) for parameter in OPERATION["parameters"]]

# (name, type, required, example); the seed's "String" stands for a type, it is no example.
Row = tuple[str, str, bool, Any]

REQUEST: list[Row] = [
    ("action", "string", True, "request.update"),
    ("event", "object", True, None),
    ("event.status", "string", True, "verified"),
    ("event.request_id", "string", True, None),
    ("redirect_url", "string", True, None),
    ("lifetime", "integer", False, 900),
]


def test_operation_is_the_seeds() -> None:
    """The seed's operation is there, and says that it comes from the seed."""
    assert OPERATION["operationId"] == "createLink"
    assert OPERATION["x-source"] == "seed"


def test_address_is_the_seeds() -> None:
    """The seed's address is one of the servers' with the operation's path."""
    addresses = {server["url"] + "/dsar/links" for server in DOCUMENT["servers"]}
    assert "https://api.didomi.io/dsar/links" in addresses


def test_organization_is_a_required_query_parameter() -> None:
    """The seed's address carries `organization_id` in its query."""
    [parameter] = FOLLOWED
    assert (parameter["name"], parameter["in"]) == ("organization_id", "query")
    assert parameter["required"] is True
    assert parameter["schema"]["type"] == "string"
    assert parameter["x-source"] == "seed"


def test_body_is_required_json() -> None:
    """The seed's example sends a JSON object, and properties that need to be there."""
    assert OPERATION["requestBody"]["required"] is True
    assert list(OPERATION["requestBody"]["content"]) == ["application/json"]
    assert resolve(DOCUMENT, BODY)["type"] == "object"


def test_body_has_the_seeds_fields_and_no_others() -> None:
    """The description adds no field to the seed's body, and leaves both of its objects open."""
    link, (event, _) = resolve(DOCUMENT, BODY), field(DOCUMENT, BODY, "event")
    found = {*link["properties"], *(f"event.{name}" for name in event["properties"])}
    assert found == {name for name, *_ in REQUEST}
    assert "additionalProperties" not in link | event


@pytest.mark.parametrize("row", REQUEST, ids=lambda row: row[0])
def test_request_field(row: Row) -> None:
    """Each field of the seed's body is described as the seed states it."""
    name, type_name, required, given = row
    found, is_required = field(DOCUMENT, BODY, name)
    assert found["type"] == type_name
    assert is_required is required
    assert found["x-source"] == "seed"
    if given is not None:
        assert example(found) == given


def test_action_is_always_the_same() -> None:
    """The seed supports the action `request.update` alone."""
    found, _ = field(DOCUMENT, BODY, "action")
    assert found["const"] == "request.update"


def test_lifetime_is_a_quarter_of_an_hour_unless_given() -> None:
    """The seed's default lifetime is 900 seconds."""
    found, _ = field(DOCUMENT, BODY, "lifetime")
    assert found["default"] == 900


def test_status_has_those_that_the_seed_names() -> None:
    """The seed names `unverified` and `verified`; public pages complete them to six."""
    found, _ = field(DOCUMENT, BODY, "event.status")
    assert {"unverified", "verified"} <= set(found["enum"])
    assert len(found["enum"]) == 6


def test_seeds_body_is_valid_once_its_placeholders_are_filled() -> None:
    """The seed's own example fits the description with a URL in place of "String"."""
    body = {
        "action": "request.update",
        "event": {"status": "verified", "request_id": "String"},
        "redirect_url": "https://shop.example/thanks",
        "lifetime": 900,
    }
    assert _validator("LinkCreate").is_valid(body)


@pytest.mark.parametrize("lifetime", [0, -1, 1.5, "900", None, True, 315_360_001], ids=repr)
def test_lifetime_is_a_positive_whole_number_with_a_ceiling(lifetime: object) -> None:
    """The issue wants a positive whole number of seconds that no date overflows."""
    assert not _valid_with(lifetime=lifetime)


@pytest.mark.parametrize("lifetime", [1, 900, 315_360_000])
def test_lifetime_may_be_anything_in_between(lifetime: int) -> None:
    """From one second to ten years."""
    assert _valid_with(lifetime=lifetime)


@pytest.mark.parametrize(
    "url",
    [
        "String",
        "",
        "/thanks",
        "//shop.example/thanks",
        "ftp://shop.example/",
        "javascript:alert(1)",
        "http://",
        "https:///thanks",
        "https://shop.example/a b",
        "https://shop.example/\r\nSet-Cookie: a=b",
        " https://shop.example/",
    ],
)
def test_redirect_is_an_absolute_web_address(url: str) -> None:
    """The issue wants an absolute http or https URL, and nothing else is safe in a Location."""
    assert not _valid_with(redirect_url=url)


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example",
        "https://shop.example/thanks?request=1&from=mail#top",
        "http://localhost:3000/",
        "http://[::1]:3000/thanks",
    ],
)
def test_redirect_may_be_any_web_address(url: str) -> None:
    """Hosts, ports, queries and fragments are the organization's own affair."""
    assert _valid_with(redirect_url=url)


def test_success_answers_with_the_url() -> None:
    """The created link says what it was made of, and where to open it."""
    answer = OPERATION["responses"]["200"]["content"]["application/json"]["schema"]
    link = resolve(DOCUMENT, answer)
    assert link["allOf"] == [{"$ref": "#/components/schemas/LinkCreate"}]
    assert {"url", "lifetime"} <= set(link["required"])


def test_patch_body_is_closed() -> None:
    """The documents say that nothing but three properties of a request can be edited."""
    patch = DOCUMENT["components"]["schemas"]["RequestPatch"]
    assert patch["additionalProperties"] is False
    assert set(patch["properties"]) == {"status", "metadata", "extra_message_variables"}


def test_operations_are_those_of_the_issue() -> None:
    """Nothing else is served, and nothing less."""
    assert {operation["operationId"] for _, operation in operations(DOCUMENT)} == {
        "createSession",
        "createRequest",
        "listRequests",
        "readRequest",
        "updateRequest",
        "createNote",
        "listNotes",
        "listUserRights",
        "createLink",
        "executeLink",
        "showVerified",
    }


def test_secured_operations_show_the_rate_limit() -> None:
    """Every success of a secured operation carries both rate-limit headers."""
    for place, operation in operations(DOCUMENT):
        if operation.get("security", DOCUMENT["security"]):
            [success] = [code for code in operation["responses"] if code < "4"]
            headers = operation["responses"][success]["headers"]
            assert set(headers) >= {"RateLimit", "RateLimit-Policy"}, place


def test_bodies_examples_are_valid() -> None:
    """Every example of a request body fits its schema."""
    for place, operation in operations(DOCUMENT):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            validator = _validator(content["schema"]["$ref"].rpartition("/")[2])
            for shown in content["examples"].values():
                assert validator.is_valid(shown["value"]), place


def test_links_lead_to_operations() -> None:
    """Every OpenAPI link names an operation that is there and parameters that it has."""
    by_id = {
        operation["operationId"]: (DOCUMENT["paths"][place.partition(" ")[2]], operation)
        for place, operation in operations(DOCUMENT)
    }
    for _, operation in operations(DOCUMENT):
        for response in operation["responses"].values():
            for link in resolve(DOCUMENT, response).get("links", {}).values():
                target = resolve(DOCUMENT, link)
                item, linked = by_id[target["operationId"]]
                named = [*item.get("parameters", []), *linked.get("parameters", [])]
                names = {resolve(DOCUMENT, parameter)["name"] for parameter in named}
                assert set(target["parameters"]) <= names


def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    """A validator of one of the description's schemas, formats included."""
    root = {"$ref": f"#/components/schemas/{schema}", "components": DOCUMENT["components"]}
    return jsonschema_rs.Draft202012Validator(root, validate_formats=True)


def _valid_with(**changed: object) -> bool:
    body = {
        "action": "request.update",
        "event": {"status": "verified", "request_id": "any"},
        "redirect_url": "https://shop.example/thanks",
    }
    return _validator("LinkCreate").is_valid(body | changed)
