"""No item is on two pages of a list."""

from collections.abc import Iterable, Iterator

from contracts.api import Api
from contracts.chains import Chain, chains, keys_of, made_before
from contracts.crowds import by_links, by_numbers, creatable_lists, crowd, pages, small_size
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.pages import total_of
from contracts.stage import Stage
from openapi.description import Operation
from openapi.resources import Resource

LIKELY = "Where a page begins is counted wrongly, or the order is not the same for every request."
Subject = tuple[Resource, Operation, bool]


def subjects(api: Api) -> Iterable[Subject]:
    """Lists in pages, by number and by what each page tells of the next one."""
    for resource, listing in creatable_lists(api):
        if by_numbers(api, listing):
            yield resource, listing, False
        if by_links(api, listing):
            yield resource, listing, True


def provoke(stage: Stage, subject: Subject) -> None:
    """Create more items than two pages hold, and turn the pages."""
    resource, listing, links = subject
    made = crowd(stage, resource, listing, 5)
    pages(
        stage,
        resource,
        listing,
        4,
        size=small_size(stage, listing),
        query=made.own,
        parents=made.parents,
        by_links=links,
    )


def check(history: History) -> Iterator[Chance]:
    """Pages that were asked for one after another have no key in common."""
    for turned in chains(history):
        chain = _within(history, turned)
        if len(chain.pages) < 2 or not chain.has_keys:  # noqa: PLR2004 - one page overlaps nothing
            continue
        found = _overlapping(chain)
        if found is not None:
            yield broken("An item is on two pages.", *found)
        elif chain.keys:
            yield kept(*chain.pages)


def _overlapping(chain: Chain) -> tuple[Exchange, Exchange] | None:
    for number, page in enumerate(chain.pages):
        for earlier in chain.pages[:number]:
            if set(keys_of(page)) & set(keys_of(earlier)):
                return earlier, page
    return None


def _within(history: History, chain: Chain) -> Chain:
    """The pages up to the end: many servers answer with the last one behind it."""
    for number, page in enumerate(chain.pages):
        if number and keys_of(page) == keys_of(chain.pages[number - 1]):
            repeats = number > 1 or not _goes_on(history, chain)
            if repeats:
                return chain.upto(number)
        if chain.upto(number + 1).ended:
            return chain.upto(number + 1)
    return chain


def _goes_on(history: History, chain: Chain) -> bool:
    """Whether there are more items than those of the first page, beyond doubt."""
    shown = len(keys_of(chain.first))
    total = total_of(chain.first)
    if total is not None:
        return total > shown
    made = {one.address for one in made_before(history, chain.first)}
    return shown > 0 and not _is_filtered(chain.first) and len(made) > shown


def _is_filtered(page: Exchange) -> bool:
    listing = page.api.listing(page.operation)
    fine = listing.paging.used | listing.sorting.names
    return any(place == "query" and name not in fine for place, name in page.values)
