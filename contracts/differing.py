"""Values of one property that differ, for items that a list has to tell apart."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.api import Api, about
from contracts.stage import Stage
from contracts.steps import Fresh
from contracts.views import settable
from openapi import shapes
from openapi.resources import Resource, Role, sent_schema
from openapi.schemas import Schema

_NUMBERS = (10, 9, 100, 11, 8, 2, 1, 0, 3, 5, 20, 25, 50, 200, 1000)
"""The first of them come in another order as texts than as numbers."""
_MOST = 3
_BEGINNING = datetime(2031, 3, 1, 10, tzinfo=UTC)
_LETTERS = "bca"
_FORMS = {None: "*{}", "email": "*{}@example.com", "uri": "https://example.com/*{}"}
"""Texts by their format; the letter tells them apart."""
_NOVELTY = "0badcafe"


def differing(stage: Stage, resource: Resource, name: str) -> list[Any]:
    """Values for a property of new items; none where a client cannot set it, or they are too few.

    Raises Impossible where they are other items, and these cannot be created.
    """
    schema = offered(stage.api, resource).get(name)
    if schema is None:
        return []
    others = [one for one in stage.api.resources_with(Role.CREATE) if one is not resource]
    named = about(name, others)
    if named is not None and "array" not in shapes.types(schema):
        return [stage.create(named).key for _ in range(2)]
    several = "array" in shapes.types(schema)
    plain = shapes.items(schema) if several else schema
    values = list(_values(stage.api, f"{name}-{len(stage.steps)}", plain))[:_MOST]
    if len(values) < 2:  # noqa: PLR2004 - one value differs from nothing
        return []
    return [[one] for one in values] if several else values


def differing_objects(stage: Stage, name: str, schema: Schema) -> list[dict[str, Any]]:
    """Two values for a property that is an object; none where nothing in it can differ."""
    members = {
        member: values
        for member, part in settable(schema).items()
        if len(values := list(_values(stage.api, f"{name}-{member}", part))[:2]) > 1
    }
    if not members or set(shapes.required(schema)) - members.keys():
        return []
    return [{member: values[number] for member, values in members.items()} for number in range(2)]


def offered(api: Api, resource: Resource) -> dict[str, Schema]:
    """The properties that a client may set of a new item."""
    create = api.operation(Role.CREATE, resource)
    return settable(sent_schema(create)) if create is not None else {}


def _values(api: Api, name: str, schema: Schema) -> Iterator[Any]:
    valid = api.validator(schema).is_valid
    kinds, told = shapes.types(schema) - {"null"}, shapes.keyword(schema, "format")
    choices = shapes.keyword(schema, "enum")
    if isinstance(choices, list):
        yield from (one for one in choices if one is not None)
    elif "boolean" in kinds:
        yield from (True, False)
    elif kinds & {"integer", "number"}:
        yield from filter(valid, _NUMBERS)
    elif told in {"date", "date-time"}:
        for number in (1, 2, 0):
            moment = _BEGINNING + timedelta(days=40 * number)
            text = moment.isoformat().replace("+00:00", "Z")
            yield text[:10] if told == "date" else text
    elif "string" in kinds and told in _FORMS:
        forms = [_FORMS[told].replace("*", letter) for letter in _LETTERS]
        if all(valid(form.format(_NOVELTY)) for form in forms):
            yield from (Fresh(f"{name}-{form}", form) for form in forms)
