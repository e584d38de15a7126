"""Careless documents: what is plain is mended with a warning that names the place."""

import logging
from pathlib import Path
from typing import Any

import pytest
import yaml

from openapi.description import Description, read
from openapi.loading import UnusableDescription

HEAD: dict[str, Any] = {"openapi": "3.0.3", "info": {"title": "Own", "version": "1"}}
DONE: dict[str, Any] = {"responses": {"200": {"description": "Done."}}}


def told(folder: Path, document: dict[str, Any] | str, log: Any) -> tuple[Description, list[str]]:
    """What a document is read as, and the warnings without the file's name."""
    path = folder / "own.yaml"
    text = document if isinstance(document, str) else yaml.safe_dump(document, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    with log.at_level(logging.WARNING, "understudy"):
        found = read(path)
        for operation in found.operations:
            _ = operation.parameters, operation.body, operation.responses
    messages = [record.getMessage() for record in log.records]
    assert all(message.startswith(f"{path}: /") for message in messages)
    return found, [message.removeprefix(f"{path}: ") for message in messages]


def with_operation(raw: Any, path: str = "/a", **more: Any) -> dict[str, Any]:
    """A document with one operation."""
    return HEAD | {"paths": {path: {"get": raw}}} | more


@pytest.mark.parametrize(
    ("document", "warning"),
    [
        ({"openapi": "3.0.3", "paths": {}}, "/: there is no `info`"),
        (HEAD | {"paths": {}, "info": {"title": 12}}, "/info/title: it is no text"),
        (HEAD | {"paths": {}, "components": None}, "/components: there is nothing"),
        (HEAD | {"paths": {"/a": None}}, "/paths/~1a: there is nothing"),
        (HEAD | {"paths": {"a": {"get": DONE}}}, "/paths/a: it is read as /a"),
        (with_operation({}), "/paths/~1a/get: there are no responses"),
        (with_operation({"responses": None}), "/paths/~1a/get/responses: there is nothing"),
        (with_operation({"responses": {"200": None}}), "/paths/~1a/get/responses/200: there is"),
        (with_operation(DONE | {"responses": {"OK": {}}}), "/paths/~1a/get/responses/OK: it is no"),
        (with_operation(DONE, path="/a/{b}"), "/paths/~1a~1{b}/get: the path parameter `b`"),
        (with_operation(DONE, path="/{b}/{b}"), "/paths/~1{b}~1{b}: it is read as /{b}/{b_2}"),
        (with_operation(DONE | {"parameters": None}), "/paths/~1a/get/parameters: there is"),
        (with_operation(DONE | {"security": [{"key": []}]}), "/paths/~1a/get/security/0/key"),
        (
            with_operation({"responses": {"200": {"content": {"description": "Done."}}}}),
            "/paths/~1a/get/responses/200/content/description: it is not an object; it is left",
        ),
        (with_operation(DONE | {"tags": "a"}), "/paths/~1a/get/tags: it is not a list"),
        (
            with_operation(
                DONE | {"parameters": [{"name": "a", "in": "query", "required": "true"}]}
            ),
            "/paths/~1a/get/parameters/0/required: it is a text; it is read as true",
        ),
        (
            with_operation(DONE, components={"securitySchemes": {"key": {"type": "apiKey"}}}),
            "/components/securitySchemes/key: an API key needs",
        ),
        (
            HEAD | {"paths": {"/a": {m: DONE | {"operationId": "x"} for m in ("get", "put")}}},
            "/paths/~1a/put/operationId: x is taken",
        ),
        (
            with_operation({"responses": {"200": {"headers": {"x-a": None}}}}),
            "/paths/~1a/get/responses/200/headers/x-a: there is nothing; it is read as an empty ob",
        ),
        (
            with_operation(DONE, components={"securitySchemes": {"x-key": None}}),
            "/components/securitySchemes/x-key: there is nothing; it is read as an empty object",
        ),
        (
            with_operation(DONE, servers=[{"url": "/{x-a}", "variables": {"x-a": None}}]),
            "/servers/0/variables/x-a: there is nothing; it is read as an empty object",
        ),
        (
            "openapi: 3.1.0\ninfo: {}\npaths: {/a: {get: {responses: {200: {}}}}}",
            "/paths/~1a/get/responses/200: the status is a number",
        ),
        (
            {"swagger": "2.0", "info": {}, "paths": {"/a": {"get": {"responses": None}}}},
            "/paths/~1a/get/responses: there is nothing",
        ),
    ],
)
def test_what_is_plain_is_mended_with_a_warning(
    tmp_path: Path, document: dict[str, Any] | str, warning: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A careless document is read, and a warning names the file, the place and what is assumed."""
    _, messages = told(tmp_path, document, caplog)
    assert any(message.startswith(warning) for message in messages), messages


def test_a_scheme_without_a_list_is_asked_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """`key:` with nothing behind it asks for the key: that it asks for nothing is not plain."""
    schemes = {"key": {"type": "http", "scheme": "basic"}}
    document = with_operation(
        DONE, security=[{"key": None}], components={"securitySchemes": schemes}
    )
    found, messages = told(tmp_path, document, caplog)
    assert found.operations[0].security == ({"key": []},)
    assert messages == ["/security/0/key: there is nothing; it is read as an empty list."]


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"properties": {"a": {"type": "string", "required": True}}}, "/properties/a/required"),
        ({"type": "objekt"}, "/type"),
        ({"properties": None}, "/properties"),
        ({"properties": {"a": None}}, "/properties/a"),
        ({"minLength": -1}, "/minLength"),
        ({"pattern": "^[a-z"}, "/pattern"),
        ({"pattern": "[\\w-.]"}, "/pattern"),
        ({"items": {"required": ["a", 1]}}, "/items/required/1"),
    ],
)
def test_keywords_without_sense_are_left_out_with_a_warning(
    tmp_path: Path, schema: dict[str, Any], pointer: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What no validator takes is left out of a schema, with a warning at the operation's use."""
    answered = {"200": {"content": {"application/json": {"schema": {"$ref": "#/x-schemas/A"}}}}}
    document = with_operation({"responses": answered}) | {"x-schemas": {"A": schema}}
    _, messages = told(tmp_path, document, caplog)
    assert [message for message in messages if message.startswith(f"/x-schemas/A{pointer}: ")]


def test_clean_documents_are_read_in_silence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A document without a fault gives no warning."""
    assert told(tmp_path, with_operation(DONE), caplog)[1] == []


def test_many_faults_are_not_all_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Of many faults the first are told, and how many there are beyond them."""
    paths: dict[str, Any] = {f"/{number}": {"get": {}} for number in range(50)}
    messages = told(tmp_path, HEAD | {"paths": paths}, caplog)[1]
    assert len(messages) == 21
    assert messages[-1] == "/: and 30 more notes like these."


def test_what_is_not_plain_is_refused(tmp_path: Path) -> None:
    """A list in the place of an object has no plain meaning, whatever leads there."""
    paths = {"/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/A"}}}}}
    document = HEAD | {"paths": paths, "components": {"responses": {"A": ["x"]}}}
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(document))
    with pytest.raises(UnusableDescription) as caught:
        read(path)
    assert caught.value.pointer == "/components/responses/A"
    assert "An object is needed" in caught.value.problem


def test_a_place_in_another_file_is_named_there(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A warning about what another file says names that file."""
    (tmp_path / "more.yaml").write_text("a: {get: {tags: x, responses: {'200': {}}}}")
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(HEAD | {"paths": {"/a": {"$ref": "more.yaml#/a"}}}))
    with caplog.at_level(logging.WARNING, "understudy"):
        read(path)
    (message,) = [record.getMessage() for record in caplog.records]
    assert message.startswith(f"{tmp_path / 'more.yaml'}: /a/get/tags: ")
