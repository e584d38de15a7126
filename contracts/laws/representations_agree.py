"""Every representation says the same, of what is read and of what is sent."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.api import Api
from contracts.exchange import ABSENT
from contracts.forms import Unreadable, is_readable, missing, said_by
from contracts.history import Exchange, History
from contracts.law import Chance, broken, kept
from contracts.samples import FULL
from contracts.stage import Handle, Stage
from contracts.values import differences
from contracts.views import makeable, settable, view
from openapi import shapes
from openapi.description import Operation
from openapi.resources import Resource, Role, sent_schema

LIKELY = "One of the representations leaves out what is empty or zero, or does not escape."
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_TELLING = 'One, "two" & <three>; 4'
"""A text with what other representations have to escape."""


@dataclass(frozen=True, eq=False)
class Subject:
    """An operation of a resource that has several representations."""

    resource: Resource
    operation: Operation
    media_types: tuple[str, ...]
    """Of its answer, or of what it takes where it creates; JSON is the first of them."""
    sends: bool = False


def subjects(api: Api) -> Iterable[Subject]:
    """Operations that answer in JSON and more, or take JSON and forms."""
    for resource in makeable(api):
        for role in (Role.READ, Role.LIST):
            for operation in api.operations(role, resource):
                described = _answered(operation)
                if len(described) > 1:
                    yield Subject(resource, operation, described)
        create = api.operation(Role.CREATE, resource)
        if create is None:
            continue
        if create.body is not None and {_JSON, _FORM} <= create.body.content.keys():
            yield Subject(resource, create, (_JSON, _FORM), sends=True)


def _answered(operation: Operation) -> tuple[str, ...]:
    for response in operation.responses:
        if response.status[:1] == "2":
            json = [one for one in response.content if one.endswith("json")]
            others = [one for one in response.content if is_readable(one)]
            return (json[0], *others) if json else ()
    return ()


def provoke(stage: Stage, subject: Subject) -> None:
    """Create items with telling values, and ask for or send them in every representation."""
    create = stage.api.operation(Role.CREATE, subject.resource)
    telling = _telling(stage, create) if create is not None else {}
    if subject.sends:
        _send(stage, subject, telling)
        return
    # What is telling may be refused: then there is one that is as usual.
    items = [stage.create(subject.resource, form=FULL)]
    for name, value in telling.items():
        items.append(stage.create(subject.resource, changes={name: value}, under=items[0].parents))
    if telling:
        items.append(stage.create(subject.resource, changes=telling, under=items[0].parents))
    if stage.api.part(subject.operation).role is Role.LIST:
        for query in _queries(stage, subject):
            for media_type in subject.media_types:
                stage.list_all(subject.resource, items[0].parents, query, accept=media_type)
        return
    for item in (items[0], items[-1]):
        for media_type in subject.media_types:
            stage.do(subject.operation, item, accept=media_type)


def _queries(stage: Stage, subject: Subject) -> Iterator[dict[str, Any]]:
    """A page with all items, and one without the first."""
    long = stage.longest_page(subject.resource)
    yield long
    paging = stage.api.listing(subject.operation).paging
    if paging.offset is not None:
        yield {**long, paging.offset.name: 1}
    elif paging.page is not None and paging.size is not None:
        yield {paging.size.name: 1, paging.page.name: paging.first_page + 1}


def _telling(stage: Stage, create: Operation) -> dict[str, Any]:
    """Values that are lost or changed where a representation is made carelessly."""
    found: dict[str, Any] = {}
    for name, part in settable(sent_schema(create)).items():
        valid = stage.api.validator(part).is_valid
        kinds = shapes.types(part)
        if shapes.keyword(part, "enum") is not None or shapes.keyword(part, "format") is not None:
            kinds &= {"integer", "number", "boolean"}
        if shapes.keyword(part, "enum") is not None:
            continue
        several = {"boolean": False, "integer": 0, "number": 0, "string": _TELLING}
        values = [value for kind, value in several.items() if kind in kinds and valid(value)]
        if values:
            found[name] = values[0]
    return found


def _send(stage: Stage, subject: Subject, telling: Mapping[str, Any]) -> None:
    flat = {name: value for name, value in telling.items() if not isinstance(value, dict | list)}
    for changes in ({}, flat):
        made: list[Handle] = []
        for media_type in subject.media_types:
            body = stage.body(subject.operation, FULL)
            body = {**body, **changes} if isinstance(body, Mapping) else body
            under = made[0].parents if made else None
            item = stage.create(subject.resource, body=body, under=under, media_type=media_type)
            made.append(item)
            if stage.api.operation(Role.READ, subject.resource) is not None:
                stage.read(item)


def check(history: History) -> Iterator[Chance]:
    """What is answered in another form holds the values of the JSON; forms create as JSON does."""
    for other in history:
        if other.safe and other.ok and other.response is not None:
            yield from _answers(history, other)
        elif other.role is Role.CREATE and other.ok and other.step.media_type == _FORM:
            yield from _sent(history, other)


def _answers(history: History, other: Exchange) -> Iterator[Chance]:
    assert other.response is not None
    media_type = other.response.media_type
    if not is_readable(media_type) or media_type not in _answered(other.operation):
        return
    json = next((one for one in history if _is_json_of(history, one, other)), None)
    if json is None:
        return
    shown = sorted((json, other), key=lambda one: one.index)
    try:
        said = said_by(other.response)
    except Unreadable:
        yield broken(
            "A representation is not what its media type says.", *shown, place=media_type, at=other
        )
        return
    if said is None:
        return
    items = json.listed
    # What a list stands in, such as links to other pages, each form has in its own way.
    lost = missing(json.answer if items is None and not said.is_table else items or [], said)
    if lost is None and said.is_table and items is not None and said.rows != len(items):
        lost = "number of items"
    if lost is None:
        yield kept(*shown)
    else:
        problem = f"As {media_type} it says something else than as JSON."
        yield broken(problem, *shown, place=lost, at=other)


def _is_json_of(history: History, one: Exchange, other: Exchange) -> bool:
    """Whether an exchange shows the same in JSON, with nothing that may have changed it since."""
    if one.operation is not other.operation or one.values != other.values or not one.ok:
        return False
    if one.who != other.who or one.answer is ABSENT or one is other:
        return False
    first, second = sorted((one, other), key=lambda each: each.index)
    return history.undisturbed(first, second)


def _sent(history: History, form: Exchange) -> Iterator[Chance]:
    """What a form created, beside what JSON with the same values created."""
    if form.address is None or not isinstance(form.sent, Mapping):
        return
    offered = settable(sent_schema(form.operation))
    for json in history:
        if json.operation is not form.operation or json.step.media_type == _FORM or not json.ok:
            continue
        if json.item is None or form.item is None or not isinstance(json.sent, Mapping):
            continue
        common = {
            name: value
            for name, value in form.sent.items()
            if name in offered
            and not isinstance(value, dict | list)
            and value is not None
            and json.sent.get(name, ABSENT) == value
        }
        seen = view(json, json.address) if json.address is not None else None
        if not common or seen is None:
            continue
        right = {name for name in common if not _differs(name, common, json.item, seen.schema)}
        wrong = [name for name in right if _differs(name, common, form.item, seen.schema)]
        shown = sorted((json, form), key=lambda one: one.index)
        for name in sorted(wrong):
            yield broken("A form creates something else than JSON.", *shown, place=name, at=form)
        if right and not wrong:
            yield kept(*shown)
        return


def _differs(name: str, sent: Mapping[str, Any], item: Mapping[str, Any], schema: Any) -> bool:
    return any(differences({name: sent[name]}, item, schema))
