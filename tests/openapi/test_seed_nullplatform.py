"""The seed of nullplatform, field by field, against the description rebuilt from it.

The expectations are written from the seed document, not from the description.
"""

from typing import Any

import pytest

from tests.openapi.seed_rows import field, load, operations, resolve

DOCUMENT = load("nullplatform")
OPERATION = DOCUMENT["paths"]["/link/{linkId}/action"]["post"]

LEVELS = ["debug", "info", "information", "warn", "warning", "error", "fatal"]
STATUSES = ["pending_create", "pending", "in_progress", "success", "failed"]

NULLABLE = ["string", "null"]
"""The type of `desired_specification_id`, for which the seed gives none."""

# (name, type, required, what else the seed states about the value)
Row = tuple[str, str | list[str], bool, dict[str, Any]]

REQUEST: list[Row] = [
    ("name", "string", False, {"minLength": 1}),
    ("specification_id", "string", True, {"format": "uuid"}),
    ("desired_specification_id", NULLABLE, False, {}),
    ("messages", "array", False, {}),
    ("messages.level", "string", False, {"enum": LEVELS, "default": "info"}),
    ("messages.message", "string", True, {}),
    ("parameters", "object", False, {}),
    ("results", "object", False, {}),
    ("status", "string", False, {"enum": STATUSES}),
    ("service_id", "string", False, {"format": "uuid"}),
    ("link_id", "string", False, {"format": "uuid"}),
]
ANSWER: list[Row] = [
    ("id", "string", False, {"format": "uuid"}),
    ("name", "string", False, {"minLength": 1}),
    ("slug", "string", False, {"minLength": 1}),
    ("specification_id", "string", False, {"format": "uuid"}),
    ("desired_specification_id", NULLABLE, False, {}),
    ("messages", "array", False, {}),
    ("messages.level", "string", False, {"enum": LEVELS, "default": "info"}),
    ("messages.message", "string", True, {}),
    # "date" in the seed, with a time on the wire, as issue and facts agree.
    ("created_at", "string", False, {"format": "date-time"}),
    ("updated_at", "string", False, {"format": "date-time"}),
    ("status", "string", False, {"enum": STATUSES}),
    ("parameters", "object", False, {}),
    ("results", "object", False, {}),
    ("service_id", "string", False, {"format": "uuid"}),
    ("link_id", "string", False, {"format": "uuid"}),
]
REFUSAL: list[Row] = [
    ("statusCode", "number", True, {}),
    ("code", "string", False, {}),
    ("error", "string", True, {}),
    ("message", "string", True, {}),
]

LIMITS = ("minLength", "maxLength", "minimum", "maximum", "pattern", "minItems", "maxItems")
STATED = ("format", "enum", "default", "const", "example", "examples", *LIMITS)


def body() -> dict[str, Any]:
    """The schema of what the seed's operation takes."""
    taken = OPERATION["requestBody"]
    assert list(taken["content"]) == ["application/json"]
    schema: dict[str, Any] = taken["content"]["application/json"]["schema"]
    return schema


def answer(status: str) -> dict[str, Any]:
    """The schema of one answer of the seed's operation."""
    response = resolve(DOCUMENT, OPERATION["responses"][status])
    assert list(response["content"]) == ["application/json"]
    schema: dict[str, Any] = response["content"]["application/json"]["schema"]
    return schema


def check(schema: dict[str, Any], row: Row) -> None:
    """Compare one row of the seed with the property of that name."""
    name, type_name, required, stated = row
    found, is_required = field(DOCUMENT, schema, name)
    assert found["type"] == type_name
    assert is_required is required
    if type_name is NULLABLE:
        assert found["format"] == "uuid"
        assert found["x-source"] == "inferred"
        return
    assert found["x-source"] == "seed"
    assert {key: found[key] for key in STATED if key in found} == stated


def test_operation_is_the_seeds() -> None:
    """The seed's operation is there under its title, and says that it comes from the seed."""
    assert OPERATION["operationId"] == "createLinkAction"
    assert OPERATION["summary"] == "Create a link action"
    assert OPERATION["x-source"] == "seed"


def test_path_parameter_is_the_seeds() -> None:
    """The path takes `linkId`, a required string without a format."""
    (parameter,) = [resolve(DOCUMENT, node) for node in OPERATION["parameters"]]
    assert (parameter["name"], parameter["in"], parameter["required"]) == ("linkId", "path", True)
    assert parameter["schema"] == {"type": "string"}
    assert parameter["x-source"] == "seed"


def test_body_is_required() -> None:
    """The request body is required."""
    assert OPERATION["requestBody"]["required"] is True


@pytest.mark.parametrize("row", REQUEST, ids=lambda row: row[0])
def test_request_field(row: Row) -> None:
    """Each field of the request body is as the seed states it."""
    check(body(), row)


@pytest.mark.parametrize("row", ANSWER, ids=lambda row: row[0])
def test_answer_field(row: Row) -> None:
    """Each field of the successful answer is as the seed states it, and optional."""
    check(answer("2XX"), row)


@pytest.mark.parametrize("row", REFUSAL, ids=lambda row: row[0])
@pytest.mark.parametrize("status", ["4XX", "5XX"])
def test_refusal_field(status: str, row: Row) -> None:
    """Each field of a refusal is as the seed states it, for both classes."""
    check(answer(status), row)


def test_answers_are_the_seeds() -> None:
    """The seed names three classes of answers and no single status."""
    assert list(OPERATION["responses"]) == ["2XX", "4XX", "5XX"]


@pytest.mark.parametrize(
    ("schema", "rows"), [(body(), REQUEST), (answer("2XX"), ANSWER), (answer("4XX"), REFUSAL)]
)
def test_nothing_is_added(schema: dict[str, Any], rows: list[Row]) -> None:
    """The seed's objects hold the seed's fields, in its order, and no others."""
    names = [name for name, *_ in rows if "." not in name]
    assert list(resolve(DOCUMENT, schema)["properties"]) == names


def test_only_timestamps_are_added_to_messages() -> None:
    """A message has the seed's two fields; where it is read it also has its time, as docs say."""
    request, _ = field(DOCUMENT, body(), "messages")
    read, _ = field(DOCUMENT, answer("2XX"), "messages")
    assert list(resolve(DOCUMENT, request["items"])["properties"]) == ["level", "message"]
    added = resolve(DOCUMENT, read["items"])["properties"]
    assert list(added) == ["level", "message", "timestamp"]
    assert added["timestamp"]["x-source"] == "docs"


def test_objects_stay_open() -> None:
    """The seed closes no object, so the description closes none."""
    assert "additionalProperties" not in str(DOCUMENT["components"]["schemas"])


def test_every_refusal_has_the_seeds_shape() -> None:
    """All operations refuse in the one shape that the seed describes."""
    for response in DOCUMENT["components"]["responses"].values():
        schema = response["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/Error"}


def test_operations_are_those_of_the_issue() -> None:
    """Nothing else is served, and nothing less."""
    assert {operation["operationId"] for _, operation in operations(DOCUMENT)} == {
        "createToken",
        "createLink",
        "listLinks",
        "readLink",
        "updateLink",
        "deleteLink",
        "listLinkSpecifications",
        "readLinkSpecification",
        "listLinkActionSpecifications",
        "listActionSpecifications",
        "readActionSpecification",
        "createLinkAction",
        "listLinkActions",
        "readLinkAction",
        "updateLinkAction",
        "deleteLinkAction",
    }


def test_only_the_token_is_free() -> None:
    """Every operation needs the bearer token, but for the one that gives it."""
    assert DOCUMENT["security"] == [{"bearerAuth": []}]
    free = [
        operation["operationId"]
        for _, operation in operations(DOCUMENT)
        if operation.get("security") == []
    ]
    assert free == ["createToken"]


def test_refusing_valid_data_is_documented() -> None:
    """What `x-refuses` names is among the operation's documented statuses."""
    for _, operation in operations(DOCUMENT):
        for status in operation.get("x-refuses", []):
            assert {str(status), f"{status // 100}XX"} & set(operation["responses"])


def test_links_lead_to_operations() -> None:
    """Every OpenAPI link names an operation that is there and parameters that it has."""
    by_id = {operation["operationId"]: operation for _, operation in operations(DOCUMENT)}
    for operation in by_id.values():
        for node in operation["responses"].values():
            for link in resolve(DOCUMENT, node).get("links", {}).values():
                target = by_id[link["operationId"]]
                known = {
                    resolve(DOCUMENT, parameter)["name"]
                    for parameter in target.get("parameters", [])
                }
                names = {name.rpartition(".")[2] for name in link.get("parameters", {})}
                assert names <= known
                assert "requestBody" not in link or "requestBody" in target
