"""The seed of namirial, field by field, against the description rebuilt from it.

The expectations are written from the seed document, not from the description.
"""

from typing import Any

import pytest

from tests.openapi.seed_rows import example, field, load, operations, resolve

DOCUMENT = load("namirial")
OPERATION = DOCUMENT["paths"]["/request/{id}/links"]["post"]

# (name, type, required, example); an example of None means that the seed gives none.
Row = tuple[str, str, bool, Any]

REQUEST: list[Row] = [
    ("onlyForActors", "array", False, ["customer"]),
]
ANSWER: list[Row] = [
    ("links", "array", False, None),
    ("links.actor", "string", False, "customer"),
    ("links.link", "string", False, "https://onboarding.example/res/3949?ts=49943"),
    # "object" in the seed, beside this very example: an artefact, as issue and facts agree.
    ("links.expiresAfter", "string", False, "2024-10-22T12:19:12.269594Z"),
]
REFUSAL: list[Row] = [
    ("errors", "array", False, None),
    (
        "errors.detail",
        "string",
        True,
        (
            "Property 'dummyField' is not defined in the schema and the schema does not allow "
            "additional properties."
        ),
    ),
    ("errors.pointer", "string", False, "/parameters/dummyField"),
    ("errors.field", "string", False, "dummyField"),
    ("errors.reason", "string", False, "additionalProperties"),
    ("type", "string", False, "about:blank"),
    ("status", "integer", True, 400),
    ("title", "string", False, "Request validation error"),
    (
        "instance",
        "string",
        False,
        "urn:uuid:123e4567-e89b-12d3-a456-426614174000?ts=1729667463",
    ),
    ("retryable", "boolean", False, None),
]


def check(schema: dict[str, Any], row: Row) -> None:
    """Compare one row of the seed with the property of that name."""
    name, type_name, required, given = row
    found, is_required = field(DOCUMENT, schema, name)
    assert found["type"] == type_name
    assert is_required is required
    assert found["x-source"] == "seed"
    assert example(found) == given


def content(status: str, media_type: str) -> dict[str, Any]:
    """The schema of one answer of the seed's operation."""
    answer = resolve(DOCUMENT, OPERATION["responses"][status])
    assert list(answer["content"]) == [media_type]
    schema: dict[str, Any] = answer["content"][media_type]["schema"]
    return schema


def test_operation_is_the_seeds() -> None:
    """The seed's operation is there, and says that it comes from the seed."""
    assert OPERATION["operationId"] == "requestIdLinksPost"
    assert OPERATION["x-source"] == "seed"


def test_version_is_the_seeds() -> None:
    """The seed names version 2.0.0."""
    assert DOCUMENT["info"]["version"] == "2.0.0"


def test_security_is_the_seeds() -> None:
    """The seed's operation is secured by ApiKeyAuth, a key in the X-Api-Key header."""
    assert OPERATION.get("security", DOCUMENT["security"]) == [{"ApiKeyAuth": []}]
    scheme = DOCUMENT["components"]["securitySchemes"]["ApiKeyAuth"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "X-Api-Key")


def test_path_parameter_is_the_seeds() -> None:
    """The path parameter `id` is a required string without a format."""
    [parameter] = DOCUMENT["paths"]["/request/{id}/links"]["parameters"]
    assert (parameter["name"], parameter["in"], parameter["required"]) == ("id", "path", True)
    assert parameter["schema"] == {"type": "string"}
    assert parameter["x-source"] == "seed"


def test_body_is_optional_json() -> None:
    """The seed gives the operation a JSON body and does not require it."""
    assert OPERATION["requestBody"].get("required", False) is False
    assert list(OPERATION["requestBody"]["content"]) == ["application/json"]


def test_body_is_closed() -> None:
    """The seed's example of a fault says that the schema allows no additional properties."""
    schema = resolve(DOCUMENT, OPERATION["requestBody"]["content"]["application/json"]["schema"])
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == {name for name, *_ in REQUEST}


@pytest.mark.parametrize("row", REQUEST, ids=lambda row: row[0])
def test_request_field(row: Row) -> None:
    """Each field of the seed's request is described as the seed states it."""
    check(OPERATION["requestBody"]["content"]["application/json"]["schema"], row)


@pytest.mark.parametrize("row", ANSWER, ids=lambda row: row[0])
def test_answer_field(row: Row) -> None:
    """Each field of the seed's answer 200 is described as the seed states it."""
    check(content("200", "application/json"), row)


@pytest.mark.parametrize("row", REFUSAL, ids=lambda row: row[0])
def test_refusal_field(row: Row) -> None:
    """Each field of the seed's answer 400 is described as the seed states it."""
    check(content("400", "application/problem+json"), row)


def test_actors_are_strings() -> None:
    """The seed's example shows that `onlyForActors` lists strings."""
    schema = OPERATION["requestBody"]["content"]["application/json"]["schema"]
    found, _ = field(DOCUMENT, schema, "onlyForActors")
    assert found["items"]["type"] == "string"


def test_expiry_is_a_date_time() -> None:
    """The seed's example shows that `links.expiresAfter` is a date-time."""
    found, _ = field(DOCUMENT, content("200", "application/json"), "links.expiresAfter")
    assert found["format"] == "date-time"


def test_operations_are_those_of_the_issue() -> None:
    """Nothing else is served, and nothing less."""
    assert {operation["operationId"] for _, operation in operations(DOCUMENT)} == {
        "requestsPost",
        "requestsGet",
        "requestIdGet",
        "requestIdCreationPost",
        "requestIdLinksPost",
        "requestTypeIdWebhookConfigurationsPost",
        "requestTypeIdWebhookConfigurationsGet",
        "resTokenGet",
        "resTokenPost",
    }


def test_no_other_document_is_needed() -> None:
    """Every `$ref` stays inside the file and leads somewhere."""

    def follow(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                assert node["$ref"].startswith("#/")
                resolve(DOCUMENT, node)
            for child in node.values():
                follow(child)
        if isinstance(node, list):
            for child in node:
                follow(child)

    follow(DOCUMENT)


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
                assert set(target["parameters"]) <= {parameter["name"] for parameter in named}
