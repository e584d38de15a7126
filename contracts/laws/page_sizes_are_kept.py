"""A page holds as many items as were asked for, as long as there are so many."""

from collections.abc import Iterable, Iterator
from typing import Any

from contracts.api import Api
from contracts.chains import list_pages, paging_of, query_of, sure_size
from contracts.crowds import creatable_lists, crowd
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.pages import next_of, total_of
from contracts.stage import Stage
from openapi import shapes
from openapi.description import Operation
from openapi.resources import Resource

LIKELY = "The limit of the query is one too many or too few, or is looked at on some pages only."
Subject = tuple[Resource, Operation]


def subjects(api: Api) -> Iterable[Subject]:
    """Lists whose pages have a size that can be asked for."""
    for resource, listing in creatable_lists(api):
        if api.listing(listing).paging.size is not None:
            yield resource, listing


def provoke(stage: Stage, subject: Subject) -> None:
    """Ask for pages of one and two items, of the most, of none, and of more than the most."""
    resource, listing = subject
    made = crowd(stage, resource, listing, 3)
    paging = stage.api.listing(listing).paging
    assert paging.size is not None
    most = shapes.keyword(paging.size.schema, "maximum")
    several = [1, 2, 0, *([most, most + 1] if isinstance(most, int) else []), None]
    path = stage.path_of_list(listing, made.parents)
    for size in several:
        query = {} if size is None else {paging.size.name: size}
        stage.call(listing, path=path, query=query)
    later: dict[str, Any] = {}
    if paging.page is not None:
        later = {paging.page.name: paging.first_page + 1}
    elif paging.offset is not None:
        later = {paging.offset.name: 1}
    if later:
        stage.call(listing, path=path, query={paging.size.name: 1, **later})


def check(history: History) -> Iterator[Chance]:
    """No page holds more than was asked for, or fewer although there are more."""
    for page in list_pages(history):
        paging = paging_of(page)
        if paging.size is None:
            continue
        asked = query_of(page).get(paging.size.name)
        size = asked if isinstance(asked, int) else paging.default_size
        shown = len(page.listed or ())
        if size is None or size <= 0:
            continue
        if shown > size:
            told = "were asked for" if isinstance(asked, int) else "the default says"
            yield broken(f"A page holds more items than {told}.", page, place=paging.size.name)
        elif paging.most is not None and shown > paging.most:
            yield broken("A page holds more items than the maximum.", page, place=paging.size.name)
        elif _is_short(page, shown):
            yield broken(
                "A page holds fewer items than were asked for.", page, place=paging.size.name
            )
        elif shown == size:
            yield kept(page)


def _is_short(page: Exchange, shown: int) -> bool:
    """Whether a first page holds fewer items than it could, beyond doubt."""
    paging, size, total = paging_of(page), sure_size(page), total_of(page)
    query = query_of(page)
    at_start = all(
        query.get(one.name) in (None, start)
        for one, start in ((paging.offset, 0), (paging.page, paging.first_page))
        if one is not None
    )
    if not at_start or size is None or paging.cursor is not None:
        return False
    return total is not None and shown < min(size, total) and next_of(page) is not None
