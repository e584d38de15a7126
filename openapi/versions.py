"""Version differences end here: a document of 2.0 to 3.2 takes the shape of 3.1.

Only what stands above the schemas is rewritten, in time that follows the number of operations.
Schemas stay where they are, so that references into them go on to lead somewhere; what their older
dialect means is made out when they are copied (`openapi.schemas.standing_alone`).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from openapi.dialects import DIALECT, MODERN
from openapi.loading import Document
from openapi.pointers import resolved
from openapi.structure import METHODS

_OLD = re.compile(r"2(\.0(\..+)?)?")
_OF_3_0 = re.compile(r"3(\.0(\..+)?)?")
_MODERN = re.compile(r"3\.[12](\..+)?")

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_SCHEMA_KEYWORDS = {
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "x-nullable",
}
"""What a 2.0 parameter that is not a body, or a header, says of its value."""

_STYLES: dict[str, dict[str, Any]] = {
    "csv": {"explode": False},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
    "tsv": {"style": "tabDelimited", "explode": False},
    "multi": {"style": "form", "explode": True},
}


class UnknownVersion(ValueError):  # noqa: N818 - the version is what is unknown
    """Neither `swagger` nor `openapi` names a version that is known."""


def upgraded(document: Document) -> Document:
    """The document in the shape of OpenAPI 3.1; the original is left as it is.

    Raises UnknownVersion.
    """
    if is_old(document):
        return _from_2(document)
    version = _version(document)
    if _OF_3_0.fullmatch(version):
        return document | {DIALECT: "3.0"}
    if _MODERN.fullmatch(version):
        return document | {DIALECT: MODERN}
    raise UnknownVersion(version)


def is_old(document: Document) -> bool:
    """Whether it is a document of OpenAPI 2.0."""
    return _OLD.fullmatch(_version(document)) is not None


def _version(document: Document) -> str:
    return str(document.get("openapi", document.get("swagger", "")))


def _from_2(document: Document) -> Document:
    paths = document.get("paths")
    return document | {
        DIALECT: "2.0",
        "servers": [{"url": url} for url in old_urls(document)],
        "paths": {
            template: _path_item(document, resolved(document, item))
            for template, item in (paths if isinstance(paths, dict) else {}).items()
        },
        "components": {
            "securitySchemes": {
                name: _scheme(resolved(document, scheme))
                for name, scheme in (document.get("securityDefinitions") or {}).items()
            }
        },
    }


def old_urls(document: Document) -> Iterator[str]:
    """The URLs of the servers of a document of OpenAPI 2.0."""
    host, base = document.get("host"), document.get("basePath") or "/"
    for scheme in document.get("schemes") or ["https"]:
        yield f"{scheme}://{host}{base}" if host else str(base)


def _path_item(document: Document, item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    shared = [resolved(document, node) for node in item.get("parameters") or ()]
    return {
        key: _operation(document, value, shared)
        if key in METHODS and isinstance(value, dict)
        else value
        for key, value in item.items()
        if key != "parameters"
    }


def _operation(
    document: Document, operation: Mapping[str, Any], shared: list[Any]
) -> dict[str, Any]:
    own = [resolved(document, node) for node in operation.get("parameters") or ()]
    replaced = {(node.get("name"), node.get("in")) for node in own}
    parameters = [
        node for node in shared if (node.get("name"), node.get("in")) not in replaced
    ] + own
    consumes = operation.get("consumes", document.get("consumes")) or []
    produces = operation.get("produces", document.get("produces")) or ["application/json"]
    new = dict(operation)
    new["parameters"] = [_parameter(node) for node in parameters if _is_plain(node)]
    body = _body([node for node in parameters if not _is_plain(node)], consumes)
    if body is not None:
        new["requestBody"] = body
    responses = operation.get("responses")
    if isinstance(responses, dict):
        new["responses"] = {
            status: _response(resolved(document, node), produces)
            for status, node in responses.items()
        }
    return new


def _is_plain(node: Mapping[str, Any]) -> bool:
    return node.get("in") not in {"body", "formData"}


def _parameter(node: Mapping[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in node.items() if key not in _SCHEMA_KEYWORDS}
    style = _style(node) if node.get("type") == "array" else {}
    return rest | style | {"schema": _schema(node)}


def _style(node: Mapping[str, Any]) -> dict[str, Any]:
    return _STYLES.get(node.get("collectionFormat", "csv"), _STYLES["csv"])


def _schema(node: Mapping[str, Any]) -> dict[str, Any]:
    schema = {key: value for key, value in node.items() if key in _SCHEMA_KEYWORDS}
    if schema.get("type") == "file":
        schema = {"type": "string", "format": "binary"}
    if node.get("allowEmptyValue") is False and schema.get("type") == "string":
        schema.setdefault("minLength", 1)
    for key in ("example", "x-example"):
        if key in node:
            schema["example"] = node[key]
    return schema


def _body(nodes: list[Mapping[str, Any]], consumes: list[str]) -> dict[str, Any] | None:
    if not nodes:
        return None
    if nodes[0].get("in") == "body":
        media = {"schema": nodes[0].get("schema", {})}
        if "x-examples" in nodes[0]:
            media["examples"] = nodes[0]["x-examples"]
        content = dict.fromkeys(consumes or ["application/json"], media)
        return {"required": bool(nodes[0].get("required")), "content": content}
    schema = {
        "type": "object",
        "properties": {node["name"]: _schema(node) for node in nodes},
        "required": [node["name"] for node in nodes if node.get("required")],
    }
    encoding = {node["name"]: _style(node) for node in nodes if node.get("type") == "array"}
    default = _MULTIPART if any(node.get("type") == "file" for node in nodes) else _FORM
    form = [kind for kind in consumes if kind in {_FORM, _MULTIPART}] or [default]
    return {
        "required": bool(schema["required"]),
        "content": {kind: {"schema": schema, "encoding": encoding} for kind in form},
    }


def _response(node: Any, produces: list[str]) -> Any:
    if not isinstance(node, dict):
        return node
    new = {key: value for key, value in node.items() if key not in {"schema", "examples"}}
    examples = node.get("examples") or {}
    exact = [media_type for media_type in examples if "*" not in media_type]
    media_types = list(dict.fromkeys([*produces, *exact])) if "schema" in node else []
    content: dict[str, Any] = {}
    for media_type in media_types or list(examples):
        content[media_type] = {"schema": node["schema"]} if "schema" in node else {}
        if shown := [key for key in (media_type, "*/*") if key in examples]:
            content[media_type]["example"] = examples[shown[0]]
    if content:
        new["content"] = content
    headers = node.get("headers") or {}
    new["headers"] = {name: {"schema": _schema(header)} for name, header in headers.items()}
    return new


def _scheme(scheme: Mapping[str, Any]) -> dict[str, Any]:
    if scheme.get("type") == "basic":
        return {"type": "http", "scheme": "basic"}
    return dict(scheme)
