"""A message without a level has the level `info` (nullplatform)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contracts.api import Api
from contracts.exchange import ABSENT
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from openapi.resources import Resource, Role

_RESOURCE = "link/action"
_TEXTS = ("it begins", "it goes on")


def subjects(api: Api) -> Iterable[Resource]:
    """Nullplatform's actions, which carry messages."""
    return [one for one in api.resources_with(Role.CREATE, Role.READ) if one.name == _RESOURCE]


def provoke(stage: Stage, subject: Resource) -> None:
    """Create an action with messages that have no level, and read it with them."""
    messages = [{"message": text} for text in _TEXTS]
    handle = stage.create(subject, changes={"messages": messages})
    stage.read(handle, query={"include_messages": True})


def check(history: History) -> Iterator[Chance]:
    """A message that was sent without a level comes back with `info`."""
    for shown in history:
        if shown.item is None or shown.address is None:
            continue
        if shown.address.collection.resource != _RESOURCE:
            continue
        bare = {text for one in _written(history, shown) for text in _without_level(one.sent)}
        seen = shown.item.get("messages")
        for message in seen if isinstance(seen, list) else ():
            if not isinstance(message, Mapping) or message.get("message") not in bare:
                continue
            if message.get("level", ABSENT) == "info":
                yield kept(shown)
            else:
                yield broken(
                    "A message without a level comes back with another level than info.",
                    shown,
                    place="messages",
                )


def _written(history: History, shown: Exchange) -> Iterator[Exchange]:
    for one in history.of(shown.address):
        if one.index <= shown.index and not one.safe and one.ok:
            yield one


def _without_level(sent: Any) -> Iterator[str]:
    messages = sent.get("messages") if isinstance(sent, Mapping) else None
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, Mapping) and "level" not in message and "message" in message:
            yield str(message["message"])
