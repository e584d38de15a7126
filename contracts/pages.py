"""What a page of a list tells of the whole: whether there is more, and how many there are."""

from collections.abc import Mapping
from typing import Any

from contracts.history import Exchange
from contracts.linking import linked
from openapi.listing import TOTALS
from openapi.shapes import spelling

_USUAL_SIZES = {5, 10, 12, 15, 20, 24, 25, 30, 40, 50, 60, 100, 200, 250, 500, 1000}
"""So many items are as likely a page as they are all."""
NEXT = {"next", "nextcursor", "nextpage", "nexttoken", "nextlink", "nexturl", "nextpagetoken"}
_MORE = {"hasmore", "hasnext", "more", "hasnextpage", "istruncated", "truncated"}


def total_of(exchange: Exchange) -> int | None:
    """The number of all items that a list tells, in its body or a header."""
    for name, value in _told(exchange).items():
        if spelling(name) in TOTALS and isinstance(value, int) and not isinstance(value, bool):
            return value
    for name, text in exchange.response.headers if exchange.response is not None else ():
        if spelling(name) in {"xtotalcount", "xtotal", "totalcount"} and text.isdigit():
            return int(text)
    return None


def next_of(exchange: Exchange) -> str | None:
    """What a list tells of the next page: a cursor, a number or a URL."""
    link = exchange.response.header("link") if exchange.response is not None else None
    if link is not None and (url := linked(link, "next")):
        return url
    for name, value in _told(exchange).items():
        told = value.get("href") if isinstance(value, Mapping) else value
        if spelling(name) in NEXT and isinstance(told, str | int) and told and told is not True:
            return str(told)
    return None


def denies_more(exchange: Exchange) -> bool:
    """Whether a list says in so many words that no page follows."""
    told = {spelling(name): value for name, value in _told(exchange).items()}
    if any(told.get(name) is False for name in _MORE):
        return True
    return next_of(exchange) is None and any(name in NEXT for name in told)


def is_whole(exchange: Exchange, created: Exchange) -> bool:
    """Whether a list shows all that there is, beyond doubt: no filter, no further page.

    What was created with the same parameter is in its scope, such as that of an organisation.
    """
    return not is_filtered(exchange, created) and shows_all_found(exchange)


def shows_all_found(exchange: Exchange) -> bool:
    """Whether a list shows all that it was asked for, beyond doubt: there is no other page."""
    items = exchange.listed
    if items is None or says_more(exchange) or _is_later(exchange):
        return False
    size = asked_size(exchange)
    total = total_of(exchange)
    if total is not None and total <= len(items) and (size is None or len(items) < size):
        return True
    if total is not None and (size is None or total > size):
        return False
    # Where the most that can be asked for is not told, a server may still have a limit.
    return len(items) not in _USUAL_SIZES and (size is None or len(items) < size)


def count_of(exchange: Exchange) -> int | None:
    """How many items a list finds on all its pages; None: nobody knows."""
    total = total_of(exchange)
    if total is None and exchange.listed is not None and shows_all_found(exchange):
        return len(exchange.listed)
    return total


def _is_later(exchange: Exchange) -> bool:
    """Whether a page is asked for, which may not be the first."""
    paging = exchange.api.listing(exchange.operation).paging
    size = {paging.size.name} if paging.size is not None else set()
    return any(("query", name) in exchange.values for name in paging.used - size)


def is_filtered(exchange: Exchange, created: Exchange) -> bool:
    """Whether a list is asked for some items only, and what was created may be none of them."""
    listing = exchange.api.listing(exchange.operation)
    queried = {
        parameter[1]
        for parameter, value in exchange.values.items()
        if parameter[0] == "query" and created.values.get(parameter) != value
    }
    return bool(queried - listing.paging.used - listing.sorting.names)


def asked_size(exchange: Exchange) -> int | None:
    """How many items were asked for at most; None: nobody knows."""
    paging = exchange.api.listing(exchange.operation).paging
    size = exchange.values.get(("query", paging.size.name)) if paging.size is not None else None
    asked = size if isinstance(size, int) else paging.default_size
    return asked if asked is None or paging.most is None else min(asked, paging.most)


def says_more(exchange: Exchange) -> bool:
    """Whether a list says that another page follows."""
    told = {spelling(name): value for name, value in _told(exchange).items()}
    return next_of(exchange) is not None or any(told.get(name) for name in _MORE)


def _told(exchange: Exchange) -> Mapping[str, Any]:
    """What stands beside the items in the body, one level deep."""
    answer = exchange.answer
    if not isinstance(answer, dict):
        return {}
    told: dict[str, Any] = {}
    for value in answer.values():
        told |= value if isinstance(value, dict) else {}
    return told | answer
