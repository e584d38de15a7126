"""What conflicts with what is there is refused, and never crashes the server."""

from collections.abc import Iterable, Iterator, Mapping

from contracts.api import Api
from contracts.exchange import ABSENT
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.samples import FULL
from contracts.stage import Stage
from contracts.steps import FIRST, Fresh
from contracts.views import creations, makeable, settable
from openapi.description import Operation
from openapi.resources import Resource, Role, sent_schema


def subjects(api: Api) -> Iterable[Resource | Operation]:
    """Resources whose items can be created by POST, and what else refuses the same again."""
    yield from (one for one in makeable(api) if api.operation(Role.CREATE, one) is not None)
    for operation in api.by_key.values():
        if _is_alone_there(api, operation):
            yield operation


def _is_alone_there(api: Api, operation: Operation) -> bool:
    """Whether an operation on no resource, such as a registration, may be done once."""
    is_post = operation.method == "POST" and operation.body is not None
    return is_post and api.parts[operation.key] is None and _is_told(api, operation)


def provoke(stage: Stage, subject: Resource | Operation) -> None:
    """Create the same twice, and give an item the unique values of another."""
    if isinstance(subject, Operation):
        body = stage.body(subject)
        for _ in range(2):
            stage.call_with(subject, body)
        return
    create = stage.api.operation(Role.CREATE, subject)
    has_unique = create is not None and bool(stage.api.uniqueness(create).names)
    first = stage.create(subject, form=FULL if has_unique else None)
    assert first.step is not None
    stage.create(subject, like=first.step, under=first.parents)
    operation = stage.api.operation(Role.MERGE, subject) or stage.api.operation(
        Role.REPLACE, subject
    )
    body = stage.steps[first.step].body
    schema = sent_schema(operation) if operation is not None else True
    taken = {
        name: value
        for name, value in (body.items() if isinstance(body, Mapping) else ())
        if name in settable(schema) and _is_alone(name, first.step, stage)
    }
    if operation is None or not taken:
        return
    other = stage.create(subject, under=first.parents)
    if stage.api.part(operation).role is Role.MERGE:
        stage.do(operation, other, body=taken)
    else:
        stage.do(operation, other, changes=taken)


def _is_alone(name: str, step: int, stage: Stage) -> bool:
    """Whether a property of what was created is said to be unique, or is likely to be."""
    operation = stage.api.by_key[stage.steps[step].operation]
    return name in stage.api.uniqueness(operation).names or isinstance(
        stage.steps[step].body[name], Fresh
    )


def check(history: History) -> Iterator[Chance]:
    """The second of two equal creates is answered, and refused where the description says so."""
    creates = [one for one in history if one.role is Role.CREATE and one.who == FIRST]
    creates += [one for one in history if _is_alone_there(history.api, one.operation)]
    for number, second in enumerate(creates):
        first = next((one for one in creates[:number] if _equal(history, one, second)), None)
        if first is None:
            continue
        if second.crashed:
            yield broken(f"Creating the same again crashes: {second.status}.", first, second)
        elif second.refused:
            yield kept(first, second)
        elif second.ok and _must_differ(second) and _are_two(first, second):
            yield broken("What must be unique was created twice.", first, second)
    yield from _changed(history)


def _changed(history: History) -> Iterator[Chance]:
    """The same for an item that is given the unique value of another."""
    for write in history.chosen(Role.MERGE, Role.REPLACE):
        for made in creations(history):
            shared = _shared(made, write)
            if not shared or made.index > write.index or made.address == write.address:
                continue
            if made.collection != write.collection or not _lives(history, made, write):
                continue
            name = min(shared)
            if write.crashed:
                yield broken(
                    f"A value that another item has crashes a change: {write.status}.",
                    made,
                    write,
                    place=name,
                )
            elif write.refused:
                yield kept(made, write)
            elif (
                write.ok
                and name in made.api.uniqueness(made.operation).names
                and write.api.uniqueness(write.operation).conflicts
            ):
                yield broken(
                    "What must be unique was given to another item.", made, write, place=name
                )


def _equal(history: History, first: Exchange, second: Exchange) -> bool:
    return (
        first.ok
        and first.sent is not ABSENT
        and second.repeats(first)
        and _lives(history, first, second)
    )


def _lives(history: History, made: Exchange, later: Exchange) -> bool:
    """Whether nothing was done to an item until then that may have freed what it takes."""
    return not any(
        not one.safe and not one.refused and one is not made and one.index < later.index
        for one in history.of(made.address)
    ) and not made.overlaps(later)


def _are_two(first: Exchange, second: Exchange) -> bool:
    """Whether each created something of its own; of what has no address nobody can tell."""
    return second.address != first.address or second.address is None


def _is_told(api: Api, operation: Operation) -> bool:
    told = api.uniqueness(operation)
    return told.conflicts and (told.refuses_the_same or bool(told.names))


def _must_differ(create: Exchange) -> bool:
    """Whether the description says that there must be no two the same, and how it says no."""
    told = create.api.uniqueness(create.operation)
    sent = create.sent if isinstance(create.sent, Mapping) else {}
    return told.conflicts and (told.refuses_the_same or bool(told.names & sent.keys()))


def _shared(made: Exchange, write: Exchange) -> set[str]:
    """The properties with values of their own that both were sent with the same value."""
    if not isinstance(made.sent, Mapping) or not isinstance(write.sent, Mapping):
        return set()
    alone = {name for name, value in made.step.body.items() if isinstance(value, Fresh)}
    return {
        name
        for name in made.api.uniqueness(made.operation).names | alone
        if write.sent.get(name) is not None and write.sent[name] == made.sent.get(name)
    }
