"""What a description asks of requests, for servers that check them by it.

It shares nothing with `openapi/` on purpose: a mistake there must not hide itself here.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs
import yaml

METHODS = ("get", "put", "post", "patch", "delete")
Pairs = Iterable[tuple[str, str]]


class Invalid(ValueError):  # noqa: N818 - the request is what fails
    """A request that the description does not allow; the message says where."""


class UnsupportedType(Invalid):
    """A body of a media type that the operation does not take."""


class Check:
    """A schema of a description, ready to judge values."""

    def __init__(self, document: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
        named = {key: document[key] for key in ("components", "definitions") if key in document}
        self.schema = resolved(document, schema)
        self._validator = jsonschema_rs.Draft202012Validator(
            {**schema, **named}, validate_formats=True
        )

    def demand(self, value: Any, where: str) -> None:
        """Raise Invalid where the value does not fit."""
        error = next(self._validator.iter_errors(value), None)
        if error is not None:
            raise Invalid(f"{where}: {error.message}")


@dataclass(frozen=True)
class Parameter:
    """One parameter outside the body."""

    name: str
    where: str
    required: bool
    check: Check

    def read(self, texts: list[str]) -> Any:
        """The value that was sent, or the default, or None. Raises Invalid."""
        schema = self.check.schema
        if not texts:
            if self.required:
                raise Invalid(f"{self.name} is missing.")
            return schema.get("default")
        if len(texts) > 1:
            raise Invalid(f"{self.name} is there more than once.")
        value = typed(texts[0], schema.get("type"))
        self.check.demand(value, self.name)
        return value


@dataclass(frozen=True)
class Operation:
    """One operation as its server needs it."""

    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    bodies: Mapping[str, Check]
    body_required: bool

    def matches(self, path: str) -> dict[str, str] | None:
        """The texts of the path's placeholders, or None where the path is another one."""
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.path))
        match = re.fullmatch(pattern, path)
        return match.groupdict() if match else None

    def read(
        self, path: Mapping[str, str], query: Pairs, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """The parameters by name, absent ones as their default or None. Raises Invalid."""
        sent: dict[tuple[str, str], list[str]] = {("path", k): [v] for k, v in path.items()}
        for name, text in query:
            sent.setdefault(("query", name), []).append(text)
        for name, text in headers.items():
            sent.setdefault(("header", name.lower()), []).append(text)
        return {
            one.name: one.read(
                sent.get((one.where, one.name.lower() if one.where == "header" else one.name), [])
            )
            for one in self.parameters
        }

    def read_body(self, content_type: str, raw: bytes) -> Any:
        """The body: an object of JSON or a form, or the bytes of other types. Raises Invalid."""
        if not self.bodies:
            return None
        if not raw and not content_type and not self.body_required:
            return None
        media_type = content_type.partition(";")[0].strip().lower()
        check = self.bodies.get(media_type)
        if check is None:
            raise UnsupportedType(f"{media_type or 'No media type'} is not taken here.")
        if media_type.endswith("json"):
            value = parsed(raw)
        elif media_type == "application/x-www-form-urlencoded":
            value = _form(raw, check.schema)
        else:
            return raw
        check.demand(value, "body")
        return value


@cache
def document_of(file: Path) -> dict[str, Any]:
    """The description of a file."""
    document: dict[str, Any] = yaml.safe_load(file.read_text())
    return document


def base_path(document: Mapping[str, Any]) -> str:
    """What all paths begin with, such as `/api`, or nothing."""
    servers = document.get("servers", [{"url": ""}])
    url: str = document.get("basePath", "") or servers[0]["url"]
    return re.sub(r"^https?://[^/]*", "", url).rstrip("/")


@cache
def operations_of(file: Path) -> dict[str, Operation]:
    """The operations of a description by operationId."""
    document = document_of(file)
    found = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                told = item[method]
                listed = [*item.get("parameters", []), *told.get("parameters", [])]
                parameters = [resolved(document, one) for one in listed]
                bodies, required = _bodies(document, told, parameters)
                found[told["operationId"]] = Operation(
                    told["operationId"],
                    method.upper(),
                    base_path(document) + path,
                    tuple(_parameter(document, one) for one in parameters if one["in"] != "body"),
                    bodies,
                    required,
                )
    return found


def resolved(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference leads to within the document; any other node is itself."""
    while "$ref" in node:
        target: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def typed(text: str, kind: Any) -> Any:
    """A text as a value of a JSON type. Raises Invalid."""
    if kind == "integer":
        if not re.fullmatch(r"-?[0-9]{1,4000}", text):
            raise Invalid(f"{text[:40]!r} is no integer.")
        return int(text)
    if kind == "number":
        if not re.fullmatch(r"-?[0-9]{1,300}(\.[0-9]{1,300})?([eE][-+]?[0-9]{1,3})?", text):
            raise Invalid(f"{text[:40]!r} is no number.")
        return _number(text)
    if kind == "boolean":
        if text not in {"true", "false"}:
            raise Invalid(f"{text[:40]!r} is neither true nor false.")
        return text == "true"
    return text


def parsed(raw: bytes) -> Any:
    """JSON text as a value. Raises Invalid."""
    try:
        value = json.loads(raw, parse_constant=_no_number, parse_float=_number)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The body is no JSON: {error}") from error
    return value


def _parameter(document: Mapping[str, Any], told: Mapping[str, Any]) -> Parameter:
    schema = told.get("schema") or {
        key: value
        for key, value in told.items()
        if key not in {"name", "in", "required", "description"}
    }
    return Parameter(told["name"], told["in"], told.get("required", False), Check(document, schema))


def _bodies(
    document: Mapping[str, Any], told: Mapping[str, Any], parameters: list[Mapping[str, Any]]
) -> tuple[dict[str, Check], bool]:
    """The bodies by media type, and whether one is needed: of 2.0, or of 3.x."""
    for one in parameters:
        if one["in"] == "body":
            sent = for_requests(document)
            return {"application/json": Check(sent, one["schema"])}, one.get("required", False)
    body = resolved(document, told.get("requestBody", {}))
    content = body.get("content", {})
    sent = for_requests(document)
    checks = {
        kind: Check(sent, for_requests(media.get("schema", {}))) for kind, media in content.items()
    }
    return checks, body.get("required", False)


def for_requests(node: Any) -> Any:
    """A schema, or all of a document, that requires nothing readOnly (OpenAPI 3.0.3, 4.7.24.2)."""
    if isinstance(node, list):
        return [for_requests(one) for one in node]
    if not isinstance(node, dict):
        return node
    copy = {key: for_requests(value) for key, value in node.items()}
    if isinstance(copy.get("required"), list) and isinstance(copy.get("properties"), dict):
        known = copy["properties"]
        copy["required"] = [
            name for name in copy["required"] if not known.get(name, {}).get("readOnly")
        ]
    return copy


def _form(raw: bytes, schema: Mapping[str, Any]) -> dict[str, Any]:
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise Invalid(f"The body is no form: {error}") from error
    known = schema.get("properties", {})
    value: dict[str, Any] = {}
    for name, text in pairs:
        if known.get(name, {}).get("type") == "array":
            value.setdefault(name, []).append(text)
        elif name in value and name in known:
            raise Invalid(f"{name} is there more than once.")
        else:
            value[name] = typed(text, known.get(name, {}).get("type"))
    return value


def _number(text: str) -> int | float:
    """A number of JSON; 3.0 is the integer 3."""
    number = float(text)
    if not math.isfinite(number):
        raise Invalid(f"{text[:40]} is too large.")
    return int(number) if number.is_integer() else number


def _no_number(text: str) -> float:
    raise Invalid(f"{text} is no JSON.")
