"""Fourth stage: JSON Schema decides whether parameters and body are valid, then defaults go in."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from jsonschema_rs import Draft202012Validator

from mock_server.behaviour import arguments_of
from mock_server.gateway.call import NOTHING, Call, Stage
from mock_server.refusals import BadRequest, Fault, Refusal, Unprocessable
from mock_server.validators import faults, validator
from openapi.description import Operation, Parameter
from openapi.schemas import Schema, at, resolved


@dataclass(frozen=True, slots=True)
class _Check:
    key: tuple[str, str]
    argument: str
    required: bool
    checker: Draft202012Validator
    default: Any
    deprecated: bool
    may_be_empty: bool


def refusal_class(operation: Operation) -> type[Refusal]:
    """What a broken request gets: the documented 422 or 400, and 422 where neither is."""
    documented = {response.status.upper() for response in operation.responses}
    if "422" not in documented and documented & {"400", "4XX"}:
        return BadRequest
    return Unprocessable


def compiled(operation: Operation) -> Stage:
    """The stage for an operation; it raises a refusal that lists every fault."""
    arguments = arguments_of(operation)
    checks = [_check(p, arguments[p.place, p.name]) for p in operation.parameters]
    body_checks = _body_checkers(operation)
    invalid = refusal_class(operation)

    def validate(call: Call) -> None:
        found: list[Fault] = []
        for check in checks:
            value = call.values.get(check.key, NOTHING)
            if value is not NOTHING:
                if not check.checker.is_valid(value) and not (check.may_be_empty and value == ""):
                    place, name = check.key
                    found.extend(faults(check.checker, value, place, f"/{name}"))
                else:
                    call.arguments[check.argument] = value
                    if check.deprecated:
                        call.warnings.append(_deprecated(*check.key))
            elif check.required:
                found.append(_missing(*check.key))
            elif check.default is not NOTHING:
                call.arguments[check.argument] = deepcopy(check.default)
        if body_checks is not None:
            found.extend(body_checks(call))
        if found:
            raise invalid(found[0].message, faults=found)

    return validate


def _missing(place: str, name: str) -> Fault:
    message = f"The required {place} parameter `{name}` is missing."
    return Fault(place, f"/{name}", "required", message)


def _deprecated(place: str, name: str) -> Fault:
    message = f"The {place} parameter `{name}` is deprecated."
    return Fault(place, f"/{name}", "deprecated", message)


def _check(parameter: Parameter, argument: str) -> _Check:
    schema = parameter.schema
    return _Check(
        key=(parameter.place, parameter.name),
        argument=argument,
        required=parameter.required,
        checker=validator(schema),
        default=_default_of(schema, schema),
        deprecated=parameter.deprecated,
        may_be_empty=parameter.may_be_empty,
    )


def _body_checkers(operation: Operation) -> Callable[[Call], tuple[Fault, ...]] | None:
    body = operation.body
    if body is None:
        return None
    checkers = {
        media_type: validator(content.schema)
        for media_type, content in body.content.items()
        if content.schema is not None
    }
    fillers = {
        media_type: default_filler(content.schema)
        for media_type, content in body.content.items()
        # A PATCH names what changes: what it leaves out stays as it is.
        if content.schema is not None and operation.method != "PATCH"
    }
    missing = (Fault("body", "", "required", "The request needs a body; none was sent."),)

    def check(call: Call) -> tuple[Fault, ...]:
        if call.body is NOTHING:
            return missing if body.required else ()
        media_type = call.media_type or ""
        checker = checkers.get(media_type)
        if checker is not None and not checker.is_valid(call.body):
            return faults(checker, call.body, "body")
        if (fill := fillers.get(media_type)) is not None:
            fill(call.body)
        call.arguments["body"] = call.body
        return ()

    return check


_Filler = Callable[[Any], None]


def default_filler(schema: Schema) -> _Filler | None:
    """Puts the `default`s of missing properties into a valid value; None where there are none."""
    if not isinstance(schema, dict) or '"default"' not in json.dumps(schema, default=str):
        return None
    return _filler(schema, schema, {})


def _default_of(node: Any, root: Schema) -> Any:
    """The default of a schema, or of what its reference leads to; NOTHING where there is none."""
    if isinstance(node, dict) and "default" in node:
        return node["default"]
    meant = resolved(root, node)
    return meant.get("default", NOTHING) if isinstance(meant, dict) else NOTHING


def _filler(node: Any, root: Schema, known: dict[str, list[_Filler]]) -> _Filler:
    """Fillers of recursive schemas find themselves in `known`, by their reference."""
    if not isinstance(node, dict):
        return lambda _: None
    parts = [_filler(part, root, known) for part in node.get("allOf", ())]
    if isinstance(node.get("$ref"), str):
        parts.append(_referred_filler(node["$ref"], root, known))
    if "properties" in node:
        parts.append(_object_filler(node["properties"], root, known))
    if "items" in node:
        parts.append(_array_filler(_filler(node["items"], root, known)))

    def fill(value: Any) -> None:
        for part in parts:
            part(value)

    return fill


def _referred_filler(pointer: str, root: Schema, known: dict[str, list[_Filler]]) -> _Filler:
    if pointer not in known:
        known[pointer] = []
        known[pointer].append(_filler(at(root, pointer), root, known))
    found = known[pointer]
    return lambda value: found[0](value)  # noqa: PLW0108 - it may not be there yet


def _object_filler(
    properties: dict[str, Any], root: Schema, known: dict[str, list[_Filler]]
) -> _Filler:
    defaults = [
        (name, default)
        for name, child in properties.items()
        if (default := _default_of(child, root)) is not NOTHING
    ]
    children = [(name, _filler(child, root, known)) for name, child in properties.items()]

    def fill(value: Any) -> None:
        if isinstance(value, dict):
            for name, default in defaults:
                if name not in value:
                    value[name] = deepcopy(default)
            for name, fill_child in children:
                if name in value:
                    fill_child(value[name])

    return fill


def _array_filler(fill_item: _Filler) -> _Filler:
    def fill(value: Any) -> None:
        if isinstance(value, list):
            for item in value:
                fill_item(item)

    return fill
