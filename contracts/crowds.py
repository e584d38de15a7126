"""Several items in one list, the query that shows these alone, and the pages of a list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from contracts.api import Api, about
from contracts.pages import NEXT
from contracts.stage import Handle, Impossible, Stage
from contracts.steps import Fresh, Ref
from contracts.views import settable
from openapi import shapes
from openapi.description import Operation
from openapi.moments import instant
from openapi.pointers import escaped
from openapi.resources import Resource, Role, sent_schema
from openapi.schemas import Schema
from openapi.shapes import spelling

_APART = timedelta(days=37)
"""Dates of the items lie so far apart that none stands in another's way."""
_URLS = {"uri", "url", "uri-reference"}
_URL_NAMES = {"next", "nextlink", "nexturl", "href"}
_COMMON = "crowd"
_SAMPLE = "crowd-0badcafe"


@dataclass(frozen=True)
class Crowd:
    """Items that were created one after another, and the query that finds no others."""

    handles: tuple[Handle, ...]
    own: Mapping[str, Any] | None
    """None: no filter finds these alone."""
    common: Mapping[str, Any]
    """The values that all of them have."""

    @property
    def parents(self) -> tuple[Any, ...]:
        """The keys of the items that they are below."""
        return self.handles[0].parents


def creatable_lists(api: Api) -> Iterator[tuple[Resource, Operation]]:
    """The lists of resources whose items can be created."""
    for resource in api.resources_with(Role.CREATE, Role.LIST):
        for operation in api.operations(Role.LIST, resource):
            yield resource, operation


def crowd(
    stage: Stage,
    resource: Resource,
    listing: Operation,
    count: int,
    changes: list[dict[str, Any]] | None = None,
) -> Crowd:
    """Create items with something in common that no others have. `changes` are those of each.

    Raises Impossible.
    """
    operation = stage.api.operation(Role.CREATE, resource)
    if operation is None:
        raise Impossible(f"Nothing creates an item of {resource.name}.")
    common, own = _common(stage, operation, listing)
    made = Crowd((), own, common)
    for number in range(count):
        more = changes[number % len(changes)] if changes else {}
        handle = another(stage, resource, made, more)
        made = Crowd((*made.handles, handle), own, common)
    return made


def another(
    stage: Stage, resource: Resource, made: Crowd, changes: Mapping[str, Any] | None = None
) -> Handle:
    """Create one more of a crowd. Raises Impossible."""
    operation = stage.api.operation(Role.CREATE, resource)
    body = stage.body(operation) if operation is not None else None
    if operation is None or not isinstance(body, Mapping):
        raise Impossible(f"No object creates an item of {resource.name}.")
    body = shifted(body, len(made.handles), sent_schema(operation))
    under = made.parents if made.handles else None
    return stage.create(resource, body={**body, **made.common, **(changes or {})}, under=under)


def _common(
    stage: Stage, create: Operation, listing: Operation
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Values that only these items have, and the query that asks for them."""
    part = stage.api.part(listing)
    if part.parents:
        # What is above them was created for them.
        return {}, {}
    offered = settable(sent_schema(create))
    sample = stage.body(create)
    alone = {
        name
        for name, value in (sample.items() if isinstance(sample, Mapping) else ())
        if isinstance(value, Fresh) and " " not in value.form
    }
    resources = stage.api.resources_with(Role.CREATE)
    own = stage.api.part(create).resource
    for parameter, meant in stage.api.listing(listing).filters.named:
        name = meant.path[0] if meant.operator == "in" and len(meant.path) == 1 else ""
        if name not in offered.keys() - alone:
            continue
        schema = offered[name]
        named = about(name, [one for one in resources if one is not own])
        if named is not None and "array" not in shapes.types(schema):
            key = stage.one(named).key
            return {name: key}, {parameter.name: key}
        several = "array" in shapes.types(schema)
        plain = shapes.items(schema) if several else schema
        if _takes_any_text(stage.api, plain) and _takes_any_text(stage.api, parameter.schema):
            text = Fresh(f"{_COMMON}-{len(stage.steps)}", f"{_COMMON}-{{}}")
            return {name: [text] if several else text}, {parameter.name: text}
    return {}, None


def _takes_any_text(api: Api, schema: Schema) -> bool:
    kinds = shapes.types(schema)
    return (
        (kinds & {"string"} == {"string"})
        and shapes.keyword(schema, "format") is None
        and api.validator(schema).is_valid(_SAMPLE)
    )


def shifted(body: Any, number: int, schema: Schema = True) -> Any:
    """The body with its dates moved on, so that it is not in the way of others like it."""
    if isinstance(body, list):
        return [shifted(one, number, shapes.items(schema)) for one in body]
    if isinstance(body, Mapping):
        described = shapes.properties(schema)
        return {name: shifted(one, number, described.get(name, True)) for name, one in body.items()}
    told = shapes.keyword(schema, "format")
    moment = instant(body) if told in {"date", "date-time"} else None
    if moment is None or not number:
        return body
    if told == "date":
        return (date.fromisoformat(body) + number * _APART).isoformat()
    moved = datetime.fromisoformat(body.upper()) + number * _APART
    return moved.isoformat().replace("+00:00", "Z")


# Turning pages


def small_size(stage: Stage, listing: Operation) -> int | None:
    """A size of which few items fill several pages; None where it cannot be asked for."""
    parameter = stage.api.listing(listing).paging.size
    if parameter is None:
        return None
    valid = stage.api.validator(parameter.schema).is_valid
    least = shapes.keyword(parameter.schema, "minimum")
    sizes = [2, 3, 5, *([least] if isinstance(least, int) else []), 10]
    return next(filter(valid, sizes), None)


def by_numbers(api: Api, listing: Operation) -> bool:
    """Whether pages can be asked for by a number or an offset."""
    paging = api.listing(listing).paging
    return paging.page is not None or (paging.offset is not None and paging.size is not None)


def by_links(api: Api, listing: Operation) -> bool:
    """Whether a page is likely to tell of the next one."""
    known = api.listing(listing)
    headers = {one.name.lower() for each in listing.responses for one in each.headers}
    told = _place_of_next(known.schema)
    follows = told[1] or known.paging.cursor is not None
    return "link" in headers or (told[0] is not None and follows) or known.paging.cursor is not None


def pages(
    stage: Stage,
    resource: Resource,
    listing: Operation,
    count: int,
    *,
    size: int | None,
    query: Mapping[str, Any] | None = None,
    parents: tuple[Any, ...] = (),
    by_links: bool = False,
) -> list[int]:
    """Ask for the first pages of a list, by their numbers, or as each tells of the next one."""
    paging = stage.api.listing(listing).paging
    asked = dict(query or {})
    if size is not None and paging.size is not None:
        asked[paging.size.name] = size
    path = stage.path_of_list(listing, parents)
    steps = [stage.call(listing, path=path, query=asked)]
    for number in range(1, count):
        if by_links or (paging.offset is None and paging.page is None):
            steps.append(next_page(stage, resource, listing, steps[-1], path, asked))
        elif paging.offset is not None and size is not None:
            more = {**asked, paging.offset.name: number * size}
            steps.append(stage.call(listing, path=path, query=more))
        elif paging.page is not None:
            more = {**asked, paging.page.name: paging.first_page + number}
            steps.append(stage.call(listing, path=path, query=more))
    return steps


def next_page(
    stage: Stage,
    resource: Resource,
    listing: Operation,
    step: int,
    path: Mapping[str, Any],
    query: Mapping[str, Any],
) -> int:
    """Ask for the page behind that of a step. Raises Impossible where nothing leads there."""
    known = stage.api.listing(listing)
    pointer, is_url = _place_of_next(known.schema)
    cursor = known.paging.cursor
    if pointer is not None and cursor is not None:
        ref = Ref(step, f"$response.body#{pointer}", parameter=cursor.name)
        return stage.call(listing, path=path, query={**query, cursor.name: ref})
    if pointer is not None and is_url:
        return stage.open(listing, Ref(step, f"$response.body#{pointer}"))
    if any(one.name.lower() == "link" for each in listing.responses for one in each.headers):
        return stage.open(listing, Ref(step, "$response.header.Link", relation="next"))
    size = query.get(known.paging.size.name) if known.paging.size is not None else None
    if cursor is None or resource.key is None or known.place is None or not isinstance(size, int):
        raise Impossible(f"Nothing tells of the next page of {listing.key}.")
    place = "".join(f"/{escaped(name)}" for name in known.place)
    ref = Ref(step, f"$response.body#{place}/{size - 1}/{escaped(resource.key)}")
    return stage.call(listing, path=path, query={**query, cursor.name: ref})


def _place_of_next(schema: Schema) -> tuple[str | None, bool]:
    """Where an answer tells of the next page, as a JSON pointer, and whether it does by a URL."""
    described = shapes.properties(schema)
    places: list[tuple[tuple[str, ...], Schema]] = [
        ((name,), part) for name, part in described.items()
    ]
    for name, part in described.items():
        places += [((name, below), one) for below, one in shapes.properties(part).items()]
    for path, part in places:
        if spelling(path[-1]) not in NEXT:
            continue
        inner = shapes.properties(part)
        whole = (*path, "href") if "href" in inner else path
        told = shapes.keyword(inner.get("href", part), "format")
        is_url = told in _URLS or spelling(whole[-1]) in _URL_NAMES
        return "".join(f"/{escaped(name)}" for name in whole), is_url
    return None, False
