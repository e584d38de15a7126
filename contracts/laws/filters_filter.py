"""A list that is asked for some of its items shows these, all of them, and no others."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.api import Api
from contracts.chains import Chain, chains, made_before, query_of
from contracts.crowds import Crowd, another, creatable_lists
from contracts.differing import differing, offered
from contracts.history import Address, Exchange, History
from contracts.law import Chance, broken, kept
from contracts.matching import matches
from contracts.names import is_owner, may_hide
from contracts.samples import FULL, Recipe
from contracts.stage import Stage
from contracts.steps import Fresh
from contracts.views import views
from openapi import shapes
from openapi.description import Operation, Parameter
from openapi.filters import Filter
from openapi.resources import Resource, Role
from openapi.shapes import spelling

LIKELY = "The parameter is not looked at, or its condition is one too narrow or too wide."
_LATER = 202
_NAMES = {"name", "title", "label", "displayname", "subject"}
_NOVELTY = "0badcafe"


@dataclass(frozen=True, eq=False)
class Subject:
    """One filter of a list."""

    resource: Resource
    listing: Operation
    parameter: Parameter
    meant: Filter


def subjects(api: Api) -> Iterable[Subject]:
    """Filters of lists whose items can be created."""
    for resource, listing in creatable_lists(api):
        for parameter, meant in api.listing(listing).filters.named:
            yield Subject(resource, listing, parameter, meant)


def provoke(stage: Stage, subject: Subject) -> None:
    """Create items that differ in what is filtered by, and ask for each value and for none."""
    resource, api = subject.resource, stage.api
    name = _property(api, subject)
    values = differing(stage, resource, name) if name is not None else []
    values = _at_the_end(api, subject, name, values)
    made = Crowd((), None, {})
    for value in values or [None, None]:
        schema = offered(api, resource).get(name or "", True)
        body = stage.body(_create(api, resource))
        is_date = shapes.keyword(schema, "format") in {"date", "date-time"}
        # Dates that differ already may stand beside others that have to fit.
        is_fine = is_date and isinstance(body, Mapping) and name in body
        changes = {} if value is None or is_fine or name is None else {name: value}
        handle = another(stage, resource, made, changes)
        made = Crowd((*made.handles, handle), None, {})
    if not values:
        for operation in list(api.operations(Role.ACT, resource))[:2]:
            stage.do(operation, made.handles[-1])
    _ask(stage, subject, made, name)


def _at_the_end(api: Api, subject: Subject, name: str | None, values: list[Any]) -> list[Any]:
    """Other numbers for a bound: few items of a long list lie beyond them."""
    valid = api.validator(offered(api, subject.resource).get(name or "", True)).is_valid
    numbers = all(isinstance(one, int) and not isinstance(one, bool) for one in values)
    if not (values and numbers and subject.meant.is_bound):
        return values
    low = subject.meant.operator in {"lt", "lte"}
    found = [one for one in ((2, 1, 3) if low else (900_002, 900_001, 900_003)) if valid(one)]
    return found if len(found) > 1 else values


def _create(api: Api, resource: Resource) -> Operation:
    operation = api.operation(Role.CREATE, resource)
    assert operation is not None
    return operation


def _property(api: Api, subject: Subject) -> str | None:
    """The property of a new item that is filtered by."""
    if subject.meant.path:
        return subject.meant.path[0] if len(subject.meant.path) == 1 else None
    texts = [
        name
        for name, part in offered(api, subject.resource).items()
        if "string" in shapes.types(part)
        and shapes.keyword(part, "format") is None
        and api.validator(part).is_valid(f"a{_NOVELTY}")
    ]
    return min(texts, key=lambda one: spelling(one) not in _NAMES, default=None)


def _ask(stage: Stage, subject: Subject, made: Crowd, name: str | None) -> None:
    """Ask for the value of each item, and page through those with the first."""
    path = stage.path_of_list(subject.listing, made.parents)
    paging = stage.api.listing(subject.listing).paging
    called = subject.parameter.name
    long = stage.longest_page(subject.resource)
    values = list(_asked(stage, subject, made, name))
    for value in values:
        stage.call(subject.listing, path=path, query={**long, called: value})
    if paging.size is not None and values:
        short = {paging.size.name: 1, called: values[0]}
        stage.call(subject.listing, path=path, query=short)


def _asked(stage: Stage, subject: Subject, made: Crowd, name: str | None) -> Iterator[Any]:
    valid = stage.api.validator(subject.parameter.schema).is_valid
    seen: list[Any] = []
    for handle in made.handles:
        body = stage.steps[handle.step].body if handle.step is not None else None
        value = body.get(name) if isinstance(body, Mapping) else None
        value = value[0] if isinstance(value, list) and value else value
        if value is not None and not isinstance(value, dict | list) and value not in seen:
            seen.append(value)
    if not seen and subject.meant.is_bound and name is not None:
        # What the server alone sets, such as when an item was created, is a bound as well.
        seen = [one.at(name) for one in made.handles[:2] if one.step is not None]
    if not seen:
        schema = subject.parameter.schema
        choices = shapes.keyword(schema, "enum")
        seen = choices[:3] if isinstance(choices, list) else []
        seen = [True, False] if "boolean" in shapes.types(schema) else seen
        seen = seen or [stage.samples.parameter(subject.parameter, Recipe(FULL))]
    yield from seen
    if subject.meant.operator in {"in", "contains"} and valid(f"none{_NOVELTY}"):
        yield Fresh(f"none-{len(stage.steps)}", "none{}")


def check(history: History) -> Iterator[Chance]:
    """All that is listed passes the filters, and what passes them is listed."""
    for chain in chains(history):
        named = _named(chain.first)
        if named:
            stray = _stray(history, chain, named)
            if stray is not None:
                yield stray
            else:
                yield from _missing(history, chain, named)


def _named(page: Exchange) -> list[tuple[str, Filter, Any]]:
    """The filters of a list, and what is asked for; a blank asks for all as often as for none."""
    query = {name: one for name, one in query_of(page).items() if str(one).strip()}
    filters = page.api.listing(page.operation).filters
    return [(one.name, meant, query[one.name]) for one, meant in filters.named if one.name in query]


def _stray(history: History, chain: Chain, named: list[tuple[str, Filter, Any]]) -> Chance | None:
    for page in chain.pages:
        strays = [_strays_by(history, page, item, named) for item in page.listed or ()]
        if _least(page) and all(strays):
            continue  # What is described never to be empty shows something in any case.
        name = next(filter(None, strays), None)
        if name is not None:
            return broken("A list shows what was not asked for.", page, place=name)
    return None


def _strays_by(
    history: History, page: Exchange, item: Mapping[str, Any], named: list[tuple[str, Filter, Any]]
) -> str | None:
    """The filter that an item does not pass; None where it passes all."""
    described = page.api.listing(page.operation).item
    for name, meant, wanted in named:
        known = [item]
        if meant.operator == "contains":
            known = _all_known(history, page, page.key_of(item))
        if known and matches(meant, wanted, known, described) is False:
            return name
    return None


def _least(page: Exchange) -> int:
    """How many items its answer has to have."""
    listing = page.api.listing(page.operation)
    least = shapes.keyword(shapes.at_place(listing.schema, listing.place or ()), "minItems")
    return least if isinstance(least, int) else 0


def _all_known(history: History, page: Exchange, key: str | None) -> list[Mapping[str, Any]]:
    """All that was sent and seen of an item that was created before; nothing where it was not."""
    made = [one for one in made_before(history, page) if one.address and one.address.key == key]
    return [one for each in made for one in (each.sent, each.item) if isinstance(one, Mapping)]


def _missing(
    history: History, chain: Chain, named: list[tuple[str, Filter, Any]]
) -> Iterator[Chance]:
    page = chain.first
    listing = page.api.listing(page.operation)
    fine = listing.paging.used | listing.sorting.names | {name for name, *_ in named}
    fine |= {one.name for one in page.operation.parameters if one.required}
    if query_of(page).keys() - fine:
        return
    shown = False
    for created in made_before(history, page):
        assert created.address is not None
        seen = _last_seen(history, created.address, page)
        if created.status == _LATER or seen is None:
            continue
        if not all(_is_wanted(page, one, seen) for one in named):
            continue
        if created.address.key in chain.keys:
            shown = True
        elif chain.ended and chain.has_keys and not _may_be_hidden(created, seen, named):
            place = named[0][0] if len(named) == 1 else ""
            yield broken(
                "A list does not show what was asked for.", created, *chain.pages, place=place
            )
            return
    if shown or (any(one.listed for one in chain.pages)):
        yield kept(*chain.pages)


def _last_seen(history: History, address: Address, page: Exchange) -> Mapping[str, Any] | None:
    """The item as it was shown or sent last before a list."""
    found: dict[str, Any] | None = None
    for one in history.of(address):
        if one.index > page.index or one.overlaps(page):
            break
        if one.role is Role.CREATE and isinstance(one.sent, Mapping):
            found = dict(one.sent)
    for seen in views(history, address, page.who):
        if seen.exchange.index < page.index and found is not None:
            found |= seen.item
    return found


def _is_wanted(page: Exchange, one: tuple[str, Filter, Any], seen: Mapping[str, Any]) -> bool:
    name, meant, wanted = one
    described = page.api.listing(page.operation).item
    if meant.operator == "contains":
        told = next(each for each in page.operation.parameters if each.name == name).description
        names = {key for key in seen if spelling(key) in _NAMES or key.lower() in told.lower()}
        seen = {key: value for key, value in seen.items() if key in names}
    return matches(meant, wanted, [seen], described) is True


def _may_be_hidden(
    created: Exchange, seen: Mapping[str, Any], named: list[tuple[str, Filter, Any]]
) -> bool:
    if isinstance(created.sent, Mapping) and any(map(is_owner, created.sent)):
        # Who says whose it is may have given it to somebody else.
        return True
    asked = {meant.path[0] for _, meant, _ in named if meant.path}
    return any(may_hide(name, value) for name, value in seen.items() if name not in asked)
