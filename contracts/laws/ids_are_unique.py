"""No two items have the same id."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from contracts.api import Api, canonical
from contracts.exchange import ABSENT
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.pages import count_of
from contracts.stage import Stage
from contracts.views import makeable
from openapi.resources import Resource, Role
from openapi.shapes import spelling

_MADE = 201


def subjects(api: Api) -> Iterable[Resource]:
    """Resources whose items are created under ids of the server's own."""
    made = [one for one in makeable(api) if api.operation(Role.CREATE, one) is not None]
    return [one for one in made if one.key is not None]


def provoke(stage: Stage, subject: Resource) -> None:
    """Create some items, delete the first, and create more: a mere count would be there again."""
    stage.list_all_if_possible(subject)
    first = stage.create(subject)
    for _ in range(2):
        stage.create(subject, under=first.parents)
    stage.list_all_if_possible(subject, first.parents)
    if stage.api.operation(Role.REMOVE, subject) is not None:
        stage.remove(first)
    stage.create(subject, under=first.parents)
    stage.create(subject, under=first.parents, together=True)
    stage.list_all_if_possible(subject, first.parents)


def check(history: History) -> Iterator[Chance]:
    """Every create gives an id that no other item has; nor has one list an id twice."""
    created = [one for one in history.chosen(Role.CREATE) if one.ok and one.address is not None]
    for number, later in enumerate(created):
        for earlier in created[:number]:
            # An id may be given again when its item is gone.
            if earlier.collection != later.collection or history.removed(earlier, later):
                continue
            if earlier.address != later.address:
                yield kept(earlier, later)
            elif _are_two(earlier, later):
                yield broken("Two items were created with the same id.", earlier, later)
    yield from _counted(history)
    for listing in history.chosen(Role.LIST):
        if listing.part is None or not canonical(listing.part.resource).at_item:
            continue
        keys = [key for item in listing.listed or () if (key := listing.key_of(item)) is not None]
        if len(keys) > len(set(keys)):
            yield broken("A list shows the same id twice.", listing)


def _are_two(earlier: Exchange, later: Exchange) -> bool:
    """Whether another item was meant to be created: not the same sent again, nor a key of ours."""
    name = later.part.resource.key if later.part is not None else None
    sent = later.sent if isinstance(later.sent, dict) else {}
    own_key = name is not None and spelling(name) in map(spelling, sent)
    both_made = (earlier.status, later.status) == (_MADE, _MADE)
    return not own_key and both_made and (later.sent != earlier.sent or later.sent is ABSENT)


def _counted(history: History) -> Iterator[Chance]:
    """A list that has grown by more items than there are new ids; a create may replace, too."""
    for before, after in pairwise(history.chosen(Role.LIST)):
        if before.operation is not after.operation or before.values != after.values:
            continue
        between = [one for one in history.between(before, after) if not one.safe]
        made = {one.address for one in between}
        counts = count_of(before), count_of(after)
        if None in counts or None in made or len(made) == len(between):
            continue
        collections = {one.collection for one in between if one.role is Role.CREATE and one.ok}
        if collections == {before.collection} and counts[1] == (counts[0] or 0) + len(between):
            yield broken("Two items were created with the same id.", before, *between, after)
