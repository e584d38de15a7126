"""What one created for themselves nobody else sees, neither alone nor in a list."""

import re
from collections.abc import Iterable, Iterator

from contracts.api import Api, words
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.owners import Owned, owned
from contracts.samples import FULL
from contracts.stage import Stage
from contracts.steps import SECOND
from contracts.views import lists, makeable, view
from openapi.resources import Resource, Role

LIKELY = "The item is found by its key alone, whoever asks for it."
_OWN = re.compile(
    r"\bown(s|ed|er|ers)?\b|\bbelongs?\b|\b(somebody|someone|anybody|anyone) else"
    r"|\b(an)?other('s| users?| people)|\bprivate\b",
    re.IGNORECASE,
)
_DENIALS = {403, 404}


def subjects(api: Api) -> Iterable[Resource]:
    """Resources whose items are created and read with credentials."""
    for resource in makeable(api, Role.READ):
        read = api.operation(Role.READ, resource)
        if read is not None and read.security:
            yield resource


def provoke(stage: Stage, subject: Resource) -> None:
    """Create items as two identities, and look for those of the first one as the second."""
    mine = stage.create(subject, form=FULL)
    stage.create(subject, under=mine.parents)
    long = stage.longest_page(subject)
    can_list = stage.api.operation(Role.LIST, subject) is not None
    stage.read(mine)
    if can_list:
        stage.list_all(subject, mine.parents, long)
    stage.create(subject, who=SECOND, under=mine.parents)
    if can_list:
        stage.list_all(subject, mine.parents, long, who=SECOND)
    stage.read(mine, who=SECOND)
    for operation in stage.api.operations(Role.BELOW, subject):
        if operation.method == "GET" and stage.api.part(operation).key is not None:
            stage.do(operation, mine, who=SECOND)
    if can_list and mine.step is not None:
        _ask_by_filters(stage, subject, mine.step, mine.parents)


def _ask_by_filters(
    stage: Stage, resource: Resource, step: int, parents: tuple[object, ...]
) -> None:
    """Ask lists for what the item of that step was created with."""
    body = stage.steps[step].body
    for listing in stage.api.operations(Role.LIST, resource):
        path = stage.path_of_list(listing, parents)
        for parameter, meant in stage.api.listing(listing).filters.named:
            value = body.get(meant.path[0]) if meant.path and isinstance(body, dict) else None
            value = value[0] if isinstance(value, list) and value else value
            if value is not None and not isinstance(value, dict | list):
                query = {**stage.longest_page(resource), parameter.name: value}
                stage.call(listing, path=path, query=query, who=SECOND)


def check(history: History) -> Iterator[Chance]:
    """The second identity's reads and lists show nothing that is the first one's alone."""
    for one in owned(history):
        for each in history.after(one.created):
            if each.who != SECOND:
                continue
            if lists(each, one.address.collection):
                yield from _listed(one, each)
            elif each.address == one.address and each.role in {Role.READ, Role.BELOW}:
                yield from _read(one, each)


def _listed(one: Owned, listing: Exchange) -> Iterator[Chance]:
    if view(listing, one.address) is None:
        if listing is one.unlisted:
            yield kept(one.created, listing)
        return
    proof = one.unread or one.unlisted
    if proof is not None:
        shown = sorted((one.created, proof, listing), key=lambda each: each.index)
        yield broken("A list shows what another identity created for itself.", *shown, at=listing)


def _read(one: Owned, read: Exchange) -> Iterator[Chance]:
    if read.status in _DENIALS:
        yield kept(one.created, read)
        return
    proof = one.unlisted or (one.unread if read.role is Role.BELOW else None)
    told = one.named if _says_own(read) else ()
    proofs = (proof,) if proof is not None else told
    if read.ok and proofs:
        shown = sorted({one.created, *proofs, read}, key=lambda each: each.index)
        problem = "Another identity reads what one created for itself."
        yield broken(problem, *shown, place=read.operation.name, at=read)


def _says_own(read: Exchange) -> bool:
    """Whether the description says that items are somebody's own."""
    said = [words(each) for each in read.api.by_key.values() if each.path == read.operation.path]
    info = read.api.description.source.get("info")
    said.append(str(info.get("description", "")) if isinstance(info, dict) else "")
    said += [each.description for each in read.operation.responses]
    return bool(_OWN.search(" ".join(said)))
