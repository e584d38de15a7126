"""Opening a link leads where it was made to lead, and does what it was made to do."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from contracts.api import Api
from contracts.exchange import Response
from contracts.handouts import A_MINUTE, Handout, Opening, handouts, openings
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.lifecycles import status_of
from contracts.stage import Stage
from openapi.resources import Role
from openapi.shapes import spelling

_TARGETS = {
    *("redirecturl", "redirecturi", "redirect", "redirectto", "returnurl", "returnuri"),
    *("callbackurl", "successurl", "nexturl", "continueurl", "wizardurlback"),
}

_OF_ITEMS = {
    *("url", "uri", "target", "targeturl", "longurl", "originalurl", "destination"),
    *("destinationurl", "href", "link"),
}
"""What a short link is made with."""
_PLACEHOLDER = re.compile(r"[<{]|%7B|%3C", re.IGNORECASE)
"""What is filled in when the link is opened."""


OVER_TIME = True


def subjects(api: Api) -> Iterable[Handout]:
    """Operations that hand out links whose end is declared."""
    return handouts(api)


def provoke(stage: Stage, subject: Handout) -> None:
    """Hand a link out and open it; what it is about is read before and after."""
    handed = stage.call_any(subject.operation, subject.lasting(A_MINUTE))
    about = [handle for handle in stage.needed if stage.api.operation(Role.READ, handle.resource)]
    link = subject.told(stage, handed)
    about += [link] if link is not None else []
    for handle in about:
        stage.read(handle)
    subject.open(stage, subject.opened_by[-1], handed)
    for handle in about:
        stage.read(handle)


def check(history: History) -> Iterator[Chance]:
    """A redirect goes to the address that the link was made with; its event has happened after."""
    for opening in openings(history):
        opened = opening.opened
        if not opening.early or opened.response is None or opened.refused or opened.crashed:
            continue
        yield from _led(opening, opened.response)
        yield from _done(history, opening)
        yield from _lasted(history, opening)


def _led(opening: Opening, response: Response) -> Iterator[Chance]:
    names = _TARGETS | _OF_ITEMS if opening.handout.parameter else _TARGETS
    wanted = _found(opening.handed.sent, names)
    location = response.header("location")
    if not isinstance(wanted, str) or location is None:
        return
    one, other = urlsplit(wanted), urlsplit(location)
    same = one[:2] == other[:2] and (
        bool(_PLACEHOLDER.search(one.path)) or one.path.rstrip("/") == other.path.rstrip("/")
    )
    fixed = [part for part in one.query.split("&") if part and not _PLACEHOLDER.search(part)]
    told = all(part in other.query.split("&") for part in fixed)
    if same and told:
        yield kept(opening.handed, opening.opened)
    else:
        yield broken(
            "Opening a link redirects elsewhere than to the URL that it was made with.",
            opening.handed,
            opening.opened,
        )


def _done(history: History, opening: Opening) -> Iterator[Chance]:
    sent = opening.handed.sent
    if not isinstance(sent, Mapping):
        return
    for read in history.after(opening.opened):
        life = status_of(read)
        if life is None or read.item is None or not read.safe or not _is_about(sent, read):
            continue
        if any(one.opens for one in history.between(opening.opened, read)):
            # Another link was opened: even by a GET it may have done something.
            return
        wanted = _event(sent, life.name)
        if wanted is None or not history.undisturbed(opening.opened, read):
            continue
        seen = read.item.get(life.name)
        if seen == wanted:
            yield kept(opening.handed, opening.opened, read)
        else:
            yield broken(
                f"After a link to `{wanted}` was opened, the status is another.",
                opening.handed,
                opening.opened,
                read,
            )
        return


def _lasted(history: History, opening: Opening) -> Iterator[Chance]:
    """What is opened ends when it was to end before."""
    name = opening.handout.expiry.at
    if name is None or opening.handed.address is None:
        return
    reads = [one for one in history.of(opening.handed.address) if one.role is Role.READ and one.ok]
    before = [one for one in reads if one.index < opening.opened.index]
    after = [one for one in reads if one.index > opening.opened.index]
    if not before or not after or not history.undisturbed(before[-1], after[0]):
        return
    shown = (before[-1], opening.opened, after[0])
    ends = [one.item.get(name) if one.item is not None else None for one in shown[::2]]
    if ends[0] == ends[1]:
        yield kept(*shown)
    else:
        yield broken("Opening a link changes when it expires.", *shown, place=name)


def _is_about(sent: Mapping[str, Any], read: Exchange) -> bool:
    key = read.key_of(read.item)
    return key is not None and _names(sent, key)


def _names(value: Any, key: str) -> bool:
    """Whether it is that key, or holds it at any depth."""
    if isinstance(value, Mapping):
        return any(_names(one, key) for one in value.values())
    return str(value) == key


def _event(sent: Mapping[str, Any], name: str) -> Any:
    """The status that an event in the body names."""
    for value in sent.values():
        if isinstance(value, Mapping) and isinstance(value.get(name), str):
            return value[name]
    return None


def _found(value: Any, names: set[str]) -> Any:
    for name, one in value.items() if isinstance(value, Mapping) else ():
        if spelling(name) in names:
            return one
        below = _found(one, names)
        if below is not None:
            return below
    return None
