"""The total of a list is the number of items on its pages."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from contracts.api import Api
from contracts.chains import (
    asked_alike,
    chains,
    keys_of,
    list_pages,
    made_before,
    paging_of,
    query_of,
    sure_size,
)
from contracts.crowds import another, creatable_lists, crowd, small_size
from contracts.history import Address, Exchange, History
from contracts.law import Chance, broken, kept
from contracts.pages import is_filtered, total_of
from contracts.stage import Stage
from contracts.views import lists
from openapi import shapes
from openapi.description import Operation
from openapi.listing import TOTALS
from openapi.resources import Resource, Role
from openapi.shapes import spelling

LIKELY = "Another query counts the items than the one that finds them."
_WRONG = "The total is not the number of items on all pages."
Subject = tuple[Resource, Operation]


def subjects(api: Api) -> Iterable[Subject]:
    """Lists that tell how many items there are."""
    for resource, listing in creatable_lists(api):
        if _tells_total(api, listing):
            yield resource, listing


def _tells_total(api: Api, listing: Operation) -> bool:
    described = shapes.properties(api.listing(listing).schema)
    inner = [name for part in described.values() for name in shapes.properties(part)]
    headers = [one.name for each in listing.responses for one in each.headers]
    names = {spelling(name) for name in (*described, *inner)}
    return bool(names & TOTALS) or any("total" in spelling(name) for name in headers)


def provoke(stage: Stage, subject: Subject) -> None:
    """Count before and after a creation and a deletion, on pages of several sizes."""
    resource, listing = subject
    made = crowd(stage, resource, listing, 3)
    # One that a filter leaves out.
    another(stage, resource, replace(made, common={}))
    paging = stage.api.listing(listing).paging
    small = small_size(stage, listing)
    path = stage.path_of_list(listing, made.parents)
    long = stage.longest_page(resource)
    short = {paging.size.name: small} if paging.size is not None and small is not None else {}
    own = dict(made.own or {})

    def look() -> None:
        for query in ({**own, **short}, {**own, **long}, long) if own else (short, long):
            stage.call(listing, path=path, query=query)

    look()
    if paging.page is not None:
        second = {paging.page.name: paging.first_page + 1}
        stage.call(listing, path=path, query={**own, **short, **second})
    elif paging.offset is not None and small is not None:
        stage.call(listing, path=path, query={**own, **short, paging.offset.name: small})
    first = made.handles[0]
    another(stage, resource, made)
    look()
    if stage.api.operation(Role.REMOVE, resource) is not None:
        stage.remove(first)
        look()


def check(history: History) -> Iterator[Chance]:
    """A total is that of its pages, the same on each, one more after a creation, and one less."""
    counted = [one for one in list_pages(history) if total_of(one) is not None]
    for page in counted:
        yield from _of_one(history, page)
    for chain in chains(history):
        if chain.ended and len(chain.pages) > 1 and chain.has_keys:
            total, found = total_of(chain.last), set(chain.keys)
            if total is None or total == len(found):
                continue
            # Where pages overlap or lose items, they are wrong, and the total may be right.
            is_sure = len(found) == len(chain.keys) and not _misses(history, chain.first, found)
            if total < len(found) or is_sure:
                yield broken(_WRONG, *chain.pages)
    for number, page in enumerate(counted):
        before = next(
            (one for one in reversed(counted[:number]) if asked_alike(one, page, size=False)), None
        )
        if before is not None:
            yield from _of_two(history, before, page)


def _misses(history: History, first: Exchange, found: Collection[str]) -> bool:
    """Whether something is not there that was created before, as other laws tell."""
    made = [one for one in made_before(history, first) if not is_filtered(first, one)]
    return any(one.address is not None and one.address.key not in found for one in made)


def _of_one(history: History, page: Exchange) -> Iterator[Chance]:
    """What a single page proves."""
    total, shown = total_of(page), len(page.listed or ())
    start = _start(page)
    assert total is not None
    if start is None or (start and not shown):
        return
    size = sure_size(page)
    if total < start + shown:
        yield broken(_WRONG, page)
    elif size is not None and shown < size and total > start + shown:
        # A later page may be the one that is too short: `pages_lose_nothing` is of these.
        if not (start or paging_of(page).cursor or _misses(history, page, keys_of(page))):
            yield broken(_WRONG, page)
    elif size is not None and shown < size:
        yield kept(page)


def _start(page: Exchange) -> int | None:
    """How many items lie before a page; None where that is not known."""
    paging, query = paging_of(page), query_of(page)
    if paging.cursor is not None and query.get(paging.cursor.name):
        return None
    if paging.offset is not None:
        start = query.get(paging.offset.name, 0)
        return start if isinstance(start, int) else None
    if paging.page is not None:
        number, size = query.get(paging.page.name, paging.first_page), sure_size(page)
        if number == paging.first_page:
            return 0
        return (number - paging.first_page) * size if size and isinstance(number, int) else None
    return 0


def _of_two(history: History, before: Exchange, after: Exchange) -> Iterator[Chance]:
    """The total before and after what was done in between."""
    one, other = total_of(before), total_of(after)
    assert one is not None
    assert other is not None
    changes = [each for each in history.between(before, after) if not each.safe]
    if all(each.refused for each in changes):
        # Somebody else may have created something in between.
        if not changes and one != other:
            yield broken(_WRONG, before, after)
        elif not changes:
            yield kept(before, after)
        return
    done = [each for each in changes if not each.refused]
    if len(done) != 1 or not done[0].ok or done[0].address is None:
        return
    change, address = done[0], done[0].address
    if change.role is Role.CREATE and _is_new_there(before, after, address) and other <= one:
        yield broken("The total does not count what was created.", before, change, after)
    elif change.role is Role.REMOVE and _is_new_there(after, before, address) and other >= one:
        yield broken("The total still counts what was deleted.", before, change, after)


def _is_new_there(without: Exchange, within: Exchange, address: Address) -> bool:
    """Whether the second of two lists shows an item, and the first one does not."""
    return (
        lists(within, address.collection)
        and address.key in keys_of(within)
        and address.key not in keys_of(without)
    )
