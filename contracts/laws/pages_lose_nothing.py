"""Every item of a list is on one of its pages."""

from collections.abc import Iterable, Iterator
from typing import Any

from contracts.api import Api
from contracts.chains import (
    Chain,
    asked_alike,
    chains,
    is_first,
    keys_of,
    list_pages,
    made_before,
    query_of,
)
from contracts.crowds import by_links, by_numbers, creatable_lists, crowd, pages, small_size
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.names import is_owner, may_hide
from contracts.stage import Stage
from openapi import shapes
from openapi.description import Operation
from openapi.resources import Resource

LIKELY = "Where a page begins is counted wrongly, or the last page ends too early."
OWN, LINKS, MANY, SORTED = "own", "links", "many", "sorted"
Subject = tuple[Resource, Operation, str]
_LATER = 202
_SEVERAL = 10
_ORDERS = 6


def subjects(api: Api) -> Iterable[Subject]:
    """Lists in pages: small pages, as each tells of the next one, and pages up to the very end."""
    for resource, listing in creatable_lists(api):
        if by_numbers(api, listing):
            yield resource, listing, OWN
            yield resource, listing, MANY
        if by_links(api, listing):
            yield resource, listing, LINKS
        yield from (
            (resource, listing, f"{SORTED}{one}") for one in range(len(_orders(api, listing)))
        )


def provoke(stage: Stage, subject: Subject) -> None:
    """Create more items than two pages hold, show them all at once, and turn the pages."""
    resource, listing, how = subject
    made = crowd(stage, resource, listing, 3 if how == MANY else 5)
    at_once: dict[str, Any] = stage.longest_page(resource)
    most = next(iter(at_once.values()), None)
    if how.startswith(SORTED):
        query = _orders(stage.api, listing)[int(how.removeprefix(SORTED))]
        # Items that are alike in what they are sorted by have no order of their own.
        asked = {**(made.own or {}), **query}
        size, parents = small_size(stage, listing), made.parents
        by = by_links(stage.api, listing)
        pages(stage, resource, listing, 4, size=size, query=asked, parents=parents, by_links=by)
        return
    if how == MANY:
        for size in dict.fromkeys((_between(stage, listing), most)):
            pages(stage, resource, listing, 4, size=size, parents=made.parents)
        return
    for count, size in ((1, most), (4, small_size(stage, listing))):
        pages(
            stage,
            resource,
            listing,
            count,
            size=size,
            query=made.own,
            parents=made.parents,
            by_links=how == LINKS,
        )


def _orders(api: Api, listing: Operation) -> list[dict[str, Any]]:
    """What asks for each order that a list is described to have, some at most."""
    by = api.listing(listing).sorting.by
    choices = shapes.keyword(by.schema, "enum") if by is not None else None
    if by is None or not isinstance(choices, list):
        return []
    return [{by.name: one} for one in choices[:_ORDERS]]


def _between(stage: Stage, listing: Operation) -> int | None:
    parameter = stage.api.listing(listing).paging.size
    fits = parameter is not None and stage.api.validator(parameter.schema).is_valid(_SEVERAL)
    return _SEVERAL if fits else small_size(stage, listing)


def check(history: History) -> Iterator[Chance]:
    """Pages up to the end hold all that was created, and what a longer page shows."""
    for chain in chains(history):
        if not chain.has_keys:
            continue
        yield from _against_created(history, chain)
        yield from _against_longer(history, chain)


def _against_created(history: History, chain: Chain) -> Iterator[Chance]:
    if not chain.ended or len(chain.pages) < 2:  # noqa: PLR2004 - `created_is_listed` is of one
        return
    found: list[Exchange] = []
    for created in made_before(history, chain.first):
        assert created.address is not None
        if created.status == _LATER or _may_be_hidden(created) or not _is_wanted(created, chain):
            continue
        if not history.quiet(created, chain.last, created.address):
            continue
        if created.address.key in chain.keys:
            found.append(created)
        else:
            yield broken("What was created is listed on no page.", created, *chain.pages)
            return
    if found:
        yield kept(found[0], *chain.pages)


def _against_longer(history: History, chain: Chain) -> Iterator[Chance]:
    for longer in list_pages(history):
        if not _shows_more(history, longer, chain):
            continue
        whole = keys_of(longer)
        places = [whole.index(key) for key in chain.keys if key in whole]
        if len(places) < 2 or places != sorted(places):  # noqa: PLR2004 - to know the order by
            continue
        missing = set(whole[: places[-1]]) - set(chain.keys)
        shown = sorted((longer, *chain.pages), key=lambda one: one.index)
        if missing:
            yield broken("An item that a longer page shows is on no page.", *shown)
        else:
            yield kept(*shown)


def _shows_more(history: History, longer: Exchange, chain: Chain) -> bool:
    """Whether a page shows the beginning of the same list, and more of it at once."""
    if longer in chain.pages or not is_first(longer):
        return False
    if not asked_alike(longer, chain.first, size=False):
        return False
    if len(longer.listed or ()) <= len(chain.first.listed or ()):
        return False
    ends = sorted((longer, chain.first, chain.last), key=lambda one: one.index)
    whole = len(keys_of(longer)) == len(longer.listed or ())
    return whole and history.undisturbed(ends[0], ends[-1])


def _may_be_hidden(created: Exchange) -> bool:
    sent = created.sent if isinstance(created.sent, dict) else {}
    # Who says whose it is may have given it to somebody else.
    return any(map(is_owner, sent)) or any(
        may_hide(*pair) for pair in [*(created.item or {}).items(), *sent.items()]
    )


def _is_wanted(created: Exchange, chain: Chain) -> bool:
    """Whether a list asks for what was created, beyond doubt."""
    listing = chain.first.api.listing(chain.first.operation)
    query = query_of(chain.first)
    known = {one.name for one, _ in listing.filters.named}
    if query.keys() - known - listing.paging.used - listing.sorting.names:
        return False
    seen = {**(created.sent if isinstance(created.sent, dict) else {}), **(created.item or {})}
    wanted = listing.filters.wanted(query)
    return all(meant.operator == "in" and meant.passes(seen, value) for meant, value in wanted)
