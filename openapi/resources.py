"""What a description's paths are about: collections, items, singletons, and what is done to them.

Told from paths, methods and schemas alone. Paths are looked at once; the schemas of an operation
and its neighbours only when its part is asked for.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from openapi import declarations, shapes
from openapi.declarations import Expiry
from openapi.description import Content, Operation, Response
from openapi.durations import is_lifetime
from openapi.references import EXPIRY
from openapi.schemas import Schema
from openapi.shapes import Place

Segments = tuple[str | None, ...]
"""A path cut at its slashes; None stands for a placeholder."""

Names = tuple[str, ...]
"""Path parameters in their order."""

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}(?:\.[A-Za-z]+)?")
_VERB = re.compile(r"\{([^{}]+)\}:([A-Za-z]+)")
"""A verb at the end of an item's path, as in `/books/{id}:lend`."""
_SUFFIX = re.compile(r"\.(json|xml)$")


class Role(StrEnum):
    """What an operation does to a resource."""

    LIST = "list"
    CREATE = "create"
    READ = "read"
    REPLACE = "replace"
    MERGE = "merge"
    REMOVE = "remove"
    ACT = "act"
    """Does something to an item that its path's last word names, such as `cancel`."""
    OPEN = "open"
    """Opens an item from elsewhere, as an `x-expiry` declares: a short link's own path."""
    BELOW = "below"
    """Anything else below an item: it is there as long as the item is."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part that an operation plays."""

    role: Role
    resource: "Resource"
    parents: tuple[str, ...]
    """The names of the path parameters that lead to the resource."""
    key: str | None
    """The name of the path parameter that chooses the item; None where none does."""
    verb: str = ""
    """The word that names an action."""
    opener: "Opener | None" = None
    """How an item is found that is opened from elsewhere; its `key` is None if not by its key."""


@dataclass(frozen=True, slots=True)
class Opener:
    """An operation that opens items of another path."""

    operation: Operation
    parameter: str
    """The path parameter by which it finds the item."""
    holds: str
    """The property of the item that holds the same."""


class Resource:
    """A collection with its items, or a singleton, and the operations that concern it."""

    def __init__(self, name: str, segments: Segments, family: "Resources") -> None:
        self.name = name
        """Its path without placeholders."""
        self.segments = segments
        self.listed_at = segments
        """The collection's path: its items' may have the name in another form."""
        self._family = family

    @property
    def word(self) -> str:
        """The last name on its path."""
        return next((segment for segment in reversed(self.segments) if segment), "")

    @cached_property
    def parent(self) -> "Resource | None":
        """The resource whose items it is below."""
        # What a placeholder at the very beginning chooses has no name.
        for end in range(len(self.segments) - 1, 1, -1):
            if self.segments[end - 1] is None:
                return self._family.resource(self.segments[: end - 1])
        return None

    @cached_property
    def children(self) -> "tuple[Resource, ...]":
        """The resources below its items."""
        return tuple(one for one in self._family.all.values() if one.parent is self)

    @cached_property
    def at_collection(self) -> Mapping[str, Operation]:
        """The operations on its collection's path, by method."""
        own = self._family.operations(self.segments)
        return {**own, **self._family.operations(self.listed_at)}

    @cached_property
    def at_item(self) -> Mapping[str, Operation]:
        """The operations on its items' path, by method."""
        own = self._family.operations((*self.segments, None))
        return {} if self._chooses_a_list(own) else own

    def _chooses_a_list(self, below: Mapping[str, Operation]) -> bool:
        """Whether what the path goes on with chooses among lists of what POST creates."""
        reading, create = below.get("GET"), self._family.operations(self.segments).get("POST")
        if reading is None or create is None or below.keys() - {"GET", "HEAD"}:
            return False
        many, one = success_content(reading), success_content(create)
        if many is None or one is None or many.schema is None or one.schema is None:
            return False
        place = shapes.list_place(many.schema, self.word)
        if place is None:
            return False
        return shapes.alike(shapes.items(shapes.at_place(many.schema, place)), one.schema)

    @cached_property
    def key_names(self) -> tuple[str, ...]:
        """What its items' key may be called."""
        named = [operation.path_pieces[-2] for operation in self.at_item.values()]
        if not named:
            named = [opener.parameter for opener in self.openers]
        return shapes.key_names(next(iter(named), None), self.word)

    @cached_property
    def openers(self) -> "tuple[Opener, ...]":
        """What opens its items from elsewhere, such as `GET /{token}` those of `/links`.

        What a create answers declares it (`opened-by` of an `x-expiry`).
        """
        create = self.at_collection.get("POST")
        content = success_content(create) if create is not None else None
        if content is None or content.schema is None:
            return ()
        found = (
            self._opener(operation, schema)
            for schema in (content.schema, *shapes.properties(content.schema).values())
            for operation in self._family.named(_opened_by(schema))
        )
        return tuple(filter(None, found))

    def _opener(self, operation: Operation, schema: Schema) -> "Opener | None":
        """How an operation finds such an item; None where it does not, or is one of its own."""
        segments, names = segments_of(operation.path) or (), operation.path_pieces[1::2]
        own = segments[: len(self.segments)] == self.segments
        if not names or operation in self.at_item.values() or (own and operation.method != "GET"):
            return None
        held = held_by(names[-1], self.word, shapes.properties(schema))
        is_key = held is not None and (not self.at_item or held == self.key)
        if held is None or len(names) != 1 + (self.segments.count(None) if is_key else 0):
            return None
        return Opener(operation, names[-1], held)

    @cached_property
    def expiries(self) -> tuple[Expiry, ...]:
        """What is declared of when its items end.

        Where only a moment is declared, and clients never send it, their lifetime is the property
        that is called like one.
        """
        declared = shapes.keyword(self.item_schema, EXPIRY)
        if declared is None:
            return ()
        named = filter(is_lifetime, shapes.properties(self.item_schema))
        lifetime = next((one for one in named if self._is_number(one)), None)
        return tuple(
            replace(one, after=lifetime) if one.after is None and self.is_made(one.at) else one
            for one in declarations.expiries(declared)
        )

    def is_made(self, name: str | None) -> bool:
        """Whether the server alone sets a property of its items."""
        if name is None or name in shapes.read_only(self.item_schema):
            return name is not None
        return shapes.spelling(name) not in self.sent

    def _is_number(self, name: str) -> bool:
        kinds = shapes.types(shapes.properties(self.item_schema)[name])
        return bool(kinds & {"integer", "number"})

    @cached_property
    def sent(self) -> frozenset[str]:
        """The properties that bodies which write its items have, in their `spelling`."""
        writing = (
            one.get(method) for method in _WRITING for one in (self.at_collection, self.at_item)
        )
        return frozenset(
            shapes.spelling(name)
            for operation in writing
            if operation is not None
            for name in offered(operation, self)
        )

    @cached_property
    def key(self) -> str | None:
        """The property of its items that holds their key; None where it is not described."""
        return shapes.key_in(self.item_schema, self.key_names)

    @cached_property
    def singleton(self) -> bool:
        """True where the path holds one object of its own that can be changed."""
        if self.segments[-1] is None or self.at_item:
            return False
        if not self.at_collection.keys() & {"PUT", "PATCH"}:
            return False
        return self.listing is None and self._object("GET") is not None

    def _object(self, method: str) -> Schema | None:
        operation = self.at_collection.get(method)
        content = success_content(operation) if operation is not None else None
        schema = content.schema if content is not None else None
        return schema if schema is not None and shapes.properties(schema) else None

    @cached_property
    def listing(self) -> Place | None:
        """Where in the answer to GET on the collection the list stands; None where none does."""
        operation = self.at_collection.get("GET")
        return list_of(operation, self) if operation is not None else None

    @cached_property
    def collection(self) -> bool:
        """True where there are items to be listed, created or addressed."""
        if self.listing is not None or self.flat is not None or self.openers:
            return True
        return any(answers_item(operation, self) for operation in self.at_item.values())

    @cached_property
    def item_schema(self) -> Schema:
        """What is known of an item: the schema of the answer that shows the most of it."""
        answers = [
            self.at_item.get("GET"),
            self.at_collection.get("POST"),
            *(self.at_item.get(method) for method in ("PUT", "PATCH", "POST")),
            # A collection's list is no item, a singleton's answer is.
            None if self.at_item or self.listing is not None else self.at_collection.get("GET"),
        ]
        for operation in answers:
            schema = item_schema_of(operation, self) if operation is not None else None
            if schema is not None and shapes.properties(schema):
                return schema
        operation = self.at_collection.get("GET")
        content = success_content(operation) if operation is not None else None
        if self.listing is not None and content is not None and content.schema is not None:
            return shapes.items(shapes.at_place(content.schema, self.listing))
        return True

    @cached_property
    def shown(self) -> frozenset[str]:
        """The properties of an item that any of its answers shows, alone or in a list."""
        found = set(shapes.properties(self.item_schema))
        for operation in (*self.at_collection.values(), *self.at_item.values()):
            content = success_content(operation)
            place = list_of(operation, self)
            schema = item_schema_of(operation, self)
            if place is not None and content is not None and content.schema is not None:
                schema = shapes.items(shapes.at_place(content.schema, place))
            found |= shapes.properties(schema if schema is not None else True).keys()
        return frozenset(found)

    @cached_property
    def flat(self) -> "Resource | None":
        """The collection at the top that holds the same items, of which this one is a view."""
        if self.parent is None:
            return None
        for other in self._family.all.values():
            if other.parent is None and other.word == self.word and other.at_item:
                one, another = self.item_schema, other.item_schema
                if other.collection and shapes.alike(one, another):
                    return other
        return None


class Resources:
    """The resources of a description."""

    def __init__(
        self, operations: Iterable[Operation], openers: frozenset[str] = frozenset()
    ) -> None:
        """`openers` are the operations that may open an item, as `x-expiry` names them."""
        self._operations: dict[Segments, dict[str, Operation]] = {}
        self._openers: dict[str, Operation] = {}
        for operation in operations:
            for name in openers & {operation.id, operation.key}:
                self._openers[str(name)] = operation
            segments = segments_of(operation.path)
            if segments is not None:
                self._operations.setdefault(segments, {})[operation.method] = operation

    def named(self, names: Iterable[str]) -> Iterator[Operation]:
        """The operations of those names, of those that may open an item."""
        return (self._openers[name] for name in names if name in self._openers)

    def operations(self, segments: Segments) -> Mapping[str, Operation]:
        """The operations on a path, by method."""
        return self._operations.get(segments, {})

    @cached_property
    def all(self) -> Mapping[Segments, Resource]:
        """Everything that a path leads to or through, by its path."""
        paths = {path[:end] for path in self._operations for end in range(1, len(path) + 1)}
        found: dict[Segments, Resource] = {}
        names: set[str] = set()
        for path in sorted(
            paths, key=lambda path: (path.count(None), [part or "" for part in path])
        ):
            name = "/".join(segment for segment in path if segment)
            if not name or (name in names and path[-1] is None):
                name = "/".join(segment or "{}" for segment in path)
            while name in names:
                name += "'"
            names.add(name)
            found[path] = Resource(name, path, self)
        return found | self._counterparts(found)

    def _counterparts(self, found: Mapping[Segments, Resource]) -> dict[Segments, Resource]:
        """Collections whose items are below another form of their name: `/pets` and `/pet/{id}`."""
        with_items = {path for path in found if (*path, None) in self._operations}
        by_word = {(*path[:-1], _word(path)): found[path] for path in with_items}
        twins: dict[Segments, Resource] = {}
        for path in found.keys() - with_items:
            twin = by_word.get((*path[:-1], _word(path)))
            if twin is not None and path in self._operations:
                twins[path] = twin
                twin.listed_at = path
        return twins

    def resource(self, segments: Segments) -> Resource:
        """The resource whose collection is at that path, which is one of the description's."""
        return self.all[segments]

    def part(self, operation: Operation) -> Part | None:
        """The part that an operation plays; None where nothing is known of one."""
        segments = segments_of(operation.path)
        names = operation.path_pieces[1::2]
        if operation.key in self._opened:
            resource, opener = self._opened[operation.key]
            is_key = opener.holds == resource.key
            key = opener.parameter if is_key else None
            return Part(Role.OPEN, resource, names[:-1], key, opener=opener)
        if not segments or segments[0] is None:
            return None
        if segments[-1] is None:
            return self._on_item(operation, segments, names)
        own = self._view(operation, segments, names) or self._on_collection(
            operation, segments, names
        )
        if own is not None:
            return own
        if len(segments) > 1 and segments[-2] is None:
            return self._act(operation, segments[:-1], names, segments[-1].lstrip(":"))
        return self._below(segments, names)

    @cached_property
    def _opened(self) -> "Mapping[str, tuple[Resource, Opener]]":
        """What operations open from elsewhere, by their `METHOD /path`."""
        resources = self.all.values() if self._openers else ()
        return {opener.operation.key: (one, opener) for one in resources for opener in one.openers}

    def _on_item(self, operation: Operation, segments: Segments, names: Names) -> Part | None:
        resource = self.resource(segments[:-1])
        role = _ON_ITEM.get(operation.method)
        if role is None or not resource.collection:
            return self._below(segments[:-1], names[:-1])
        if role is not Role.REMOVE and not answers_item(operation, resource):
            return self._below(segments[:-1], names[:-1])
        return Part(role, resource, names[:-1], names[-1])

    def _on_collection(self, operation: Operation, segments: Segments, names: Names) -> Part | None:
        resource = self.resource(segments)
        method = operation.method
        if resource.singleton:
            role = _ON_SINGLETON.get(method)
            return Part(role, resource, names, None) if role is not None else None
        if not resource.collection:
            return None
        # One that ends in `.json` may share its path with one that shows a page.
        is_list = resource.listing is not None and list_of(operation, resource) is not None
        if method == "GET" and is_list:
            return Part(Role.LIST, resource, names, None)
        if method == "POST" and answers_item(operation, resource):
            return Part(Role.CREATE, resource, names, None)
        if (
            method in {"PUT", "PATCH"}
            and resource.key is not None
            and _sends_key(operation, resource)
        ):
            return Part(_ON_ITEM[method], resource, names, None)
        return None

    def _act(self, operation: Operation, item: Segments, names: Names, verb: str) -> Part | None:
        resource = self.resource(item[:-1])
        if not resource.collection or operation.method not in {"POST", "PUT", "PATCH"}:
            return self._below(item, names)
        content = success_content(operation)
        if content is not None and not _shows_item(content, resource):
            return self._below(item, names)
        return Part(Role.ACT, resource, names[:-1], names[-1], verb)

    def _view(self, operation: Operation, segments: Segments, names: Names) -> Part | None:
        """A list of a collection's items at a word below it, such as `/pet/findByStatus`."""
        if len(segments) == 1 or operation.method != "GET":
            return None
        above, own = self.resource(segments[:-1]), self.resource(segments)
        if not above.collection or own.at_item or "POST" in own.at_collection:
            return None
        place = list_of(operation, above)
        content = success_content(operation)
        if place is None or content is None or content.schema is None:
            return None
        item = shapes.items(shapes.at_place(content.schema, place))
        alike = shapes.alike(item, above.item_schema)
        return Part(Role.LIST, above, names, None) if alike else None

    def _below(self, segments: Segments, names: Names) -> Part | None:
        """What is below an item and nothing more."""
        for end in range(len(segments), 1, -1):
            if segments[end - 1] is None:
                above = self.resource(segments[: end - 1])
                count = segments[:end].count(None)
                if above.collection:
                    return Part(Role.BELOW, above, names[: count - 1], names[count - 1])
        return None


_ON_ITEM = {
    "GET": Role.READ,
    "HEAD": Role.READ,
    "PUT": Role.REPLACE,
    "PATCH": Role.MERGE,
    "POST": Role.MERGE,  # as Twilio's and Stripe's APIs change an item
    "DELETE": Role.REMOVE,
}
_TOKENS = ("token", "code", "slug", "hash", "alias")
_WRITING = ("POST", "PUT", "PATCH")
_ON_SINGLETON = {
    "GET": Role.READ,
    "PUT": Role.REPLACE,
    "PATCH": Role.MERGE,
    "DELETE": Role.REMOVE,
}


def held_by(parameter: str, word: str, properties: Iterable[str]) -> str | None:
    """The property that a path parameter elsewhere holds: `code` may stand for `shortCode`."""
    called, noun = shapes.spelling(parameter), shapes.singular(shapes.spelling(word))
    names = {shapes.spelling(name): name for name in properties}
    for name in (called, called.removeprefix(noun)):
        if name in names:
            return names[name]
    ending = next((one for one in _TOKENS if called.endswith(one)), None)
    return next((names[one] for one in names if ending and one.endswith(ending)), None)


def _opened_by(schema: Schema) -> list[str]:
    declared = shapes.keyword(schema, EXPIRY)
    kinds = declarations.expiries(declared) if declared is not None else ()
    return [name for kind in kinds for name in kind.opened_by]


def _word(path: Segments) -> str:
    return shapes.singular(shapes.spelling(path[-1] or ""))


def segments_of(path: str) -> Segments | None:
    """The path cut at its slashes; None where a segment mixes text and placeholders."""
    found: list[str | None] = []
    for segment in path.strip("/").split("/"):
        if "{" not in segment:
            found.append(segment)
        elif _PLACEHOLDER.fullmatch(segment) or _VERB.fullmatch(segment):
            found.append(None)
        else:
            return None
    if found and found[-1] is not None:
        found[-1] = _SUFFIX.sub("", found[-1])
    verb = _VERB.fullmatch(path.rpartition("/")[2])
    return (*found, f":{verb[2]}") if verb else tuple(found)


def successes(operation: Operation) -> list[Response]:
    """The documented successes of an operation; what is said by `default` is one if none is."""
    found = [one for one in operation.responses if one.status[0] == "2"]
    return found or [one for one in operation.responses if one.status.lower() == "default"]


def schema_content(response: Response, media_type: str | None = None) -> Content | None:
    """The first media type of a response, or that one, that has a schema and can hold objects."""
    for name, content in response.content.items():
        if content.schema is not None and holds_objects(name) and media_type in {None, name}:
            return content
    return None


def representations(operation: Operation) -> tuple[str, ...]:
    """The media types of the first success whose schemas differ from each other, such as HAL's."""
    found: list[tuple[str, Schema]] = []
    for response in successes(operation)[:1]:
        for name, content in response.content.items():
            if content.schema is None or not holds_objects(name):
                continue
            if all(content.schema != schema for _, schema in found):
                found.append((name, content.schema))
    return tuple(name for name, _ in found)


def holds_objects(media_type: str) -> bool:
    """Whether bodies of a media type (or range) are written from objects: JSON, XML, or any."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence in {"*/*", "application/*"} or essence.endswith(("json", "xml"))


def success_content(operation: Operation, media_type: str | None = None) -> Content | None:
    """The first such media type of the first documented success; None where it has none."""
    return next((schema_content(one, media_type) for one in successes(operation)), None)


def sent_schema(operation: Operation) -> Schema:
    """The schema of the body that an operation takes as JSON or else; True where it takes none."""
    contents = operation.body.content if operation.body is not None else {}
    for media_type, content in contents.items():
        if content.schema is not None and media_type.endswith("json"):
            return content.schema
    return next((one.schema for one in contents.values() if one.schema is not None), True)


def offered(operation: Operation, resource: Resource) -> set[str]:
    """The properties that an operation's bodies have, or what they wrap an item in."""
    found: set[str] = set()
    for content in operation.body.content.values() if operation.body is not None else ():
        if content.schema is not None:
            place = shapes.item_place(content.schema, resource.key_names, resource.word)
            found |= shapes.properties(content.schema).keys()
            found |= shapes.properties(shapes.at_place(content.schema, place or ())).keys()
    return found


def list_of(
    operation: Operation, resource: Resource, media_type: str | None = None
) -> Place | None:
    """Where in an operation's answer a list of the resource's items stands."""
    content = success_content(operation, media_type)
    if content is None or content.schema is None:
        return None
    return shapes.list_place(content.schema, resource.word)


def item_schema_of(operation: Operation, resource: Resource) -> Schema | None:
    """The schema of the item in an operation's answer."""
    content = success_content(operation)
    if content is None or content.schema is None:
        return None
    place = shapes.item_place(content.schema, resource.key_names, resource.word)
    return None if place is None else shapes.at_place(content.schema, place)


def answers_item(operation: Operation, resource: Resource) -> bool:
    """Whether the operation may answer an item: with an object, or with no body at all."""
    documented = successes(operation)
    if not documented:
        return False
    if not documented[0].content:
        return True
    content = success_content(operation)
    if content is None or content.schema is None:
        return False
    return shapes.item_place(content.schema, resource.key_names, resource.word) is not None


def _shows_item(content: Content, resource: Resource) -> bool:
    assert content.schema is not None
    place = shapes.item_place(content.schema, resource.key_names, resource.word)
    if place is None:
        return False
    return shapes.alike(shapes.at_place(content.schema, place), resource.item_schema)


def _sends_key(operation: Operation, resource: Resource) -> bool:
    contents = operation.body.content.values() if operation.body is not None else ()
    return any(
        resource.key in shapes.properties(content.schema)
        for content in contents
        if content.schema is not None
    )


def item_examples(resource: Resource) -> Iterator[dict[str, Any]]:
    """The items that the examples of a resource's operations show, those of its list first."""
    operations = (resource.at_collection.get("GET"), *(resource.at_item.get(m) for m in ("GET",)))
    writing = (resource.at_collection.get("POST"), *map(resource.at_item.get, ("PUT", "PATCH")))
    for operation in (*operations, *writing):
        content = success_content(operation) if operation is not None else None
        if operation is None or content is None or content.schema is None:
            continue
        listed = operation.method == "GET" and operation is resource.at_collection.get("GET")
        place = resource.listing if listed else None
        if place is None:
            place = shapes.item_place(content.schema, resource.key_names, resource.word)
        for example in _shown(content):
            yield from _items_at(example, place)


def _shown(content: Content) -> Iterator[Any]:
    yield from content.examples
    for node in shapes.holding(content.schema or True, branches=False):
        if "example" in node:
            yield node["example"]
        if isinstance(node.get("examples"), list):
            yield from node["examples"]


def _items_at(example: Any, place: Place | None) -> Iterator[dict[str, Any]]:
    for name in place or ():
        example = example.get(name) if isinstance(example, Mapping) else None
    for item in example if isinstance(example, list) else [example]:
        if isinstance(item, dict) and item:
            yield item
