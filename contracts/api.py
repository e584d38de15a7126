"""A description as a contract run sees it: operations, what they do to which resource."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from jsonschema import Draft202012Validator

from openapi import shapes
from openapi.description import Description, Operation
from openapi.filters import Filters
from openapi.listing import Paging, Sorting
from openapi.orders import Order, orders
from openapi.resources import Part, Resource, Resources, Role, item_schema_of, success_content
from openapi.schemas import Schema
from openapi.shapes import Place, spelling
from openapi.uniqueness import Uniqueness, uniqueness


class Api:
    """The operations of a description by what they do; worked out once, at first use.

    `operations` are those that may be called; None: all.
    """

    def __init__(
        self, description: Description, operations: Sequence[Operation] | None = None
    ) -> None:
        self.description = description
        self._operations = description.operations if operations is None else operations
        self.resources = Resources(self._operations, description.openers)
        self._lists: dict[str, Listing] = {}
        self._orders: dict[str, tuple[Order, ...]] = {}
        self._uniques: dict[str, Uniqueness] = {}
        self._validators: dict[int, tuple[Schema, Draft202012Validator]] = {}

    @cached_property
    def by_key(self) -> Mapping[str, Operation]:
        """The operations by `METHOD /path`."""
        return {operation.key: operation for operation in self._operations}

    def named(self, name: str) -> Operation | None:
        """The operation of that operationId or `METHOD /path`; None where there is none."""
        by_id = (one for one in self._operations if one.id == name)
        return self.by_key.get(name) or next(by_id, None)

    @cached_property
    def parts(self) -> Mapping[str, Part | None]:
        """The part of each operation, by `METHOD /path`."""
        return {key: self.resources.part(operation) for key, operation in self.by_key.items()}

    def operations(self, role: Role, resource: Resource | None = None) -> Iterator[Operation]:
        """The operations that do that, to that resource or to any."""
        for key, part in self.parts.items():
            if (
                part is not None
                and part.role is role
                and (resource is None or canonical(part.resource) is canonical(resource))
            ):
                yield self.by_key[key]

    def operation(self, role: Role, resource: Resource) -> Operation | None:
        """The operation that does that to the resource: on its own path, else on another's."""
        found = list(self.operations(role, resource))
        own = [one for one in found if self.part(one).resource is resource]
        return next(iter([*own, *found]), None)

    def part(self, operation: Operation) -> Part:
        """The part of an operation that is known to have one."""
        part = self.parts[operation.key]
        assert part is not None
        return part

    def resources_with(self, *roles: Role) -> list[Resource]:
        """The resources to which all of that can be done, in the order of the description."""
        found = dict.fromkeys(
            canonical(part.resource) for part in self.parts.values() if part is not None
        )
        return [one for one in found if all(self.operation(role, one) for role in roles)]

    def listing(self, operation: Operation) -> "Listing":
        """How an operation lists."""
        if operation.key not in self._lists:
            self._lists[operation.key] = Listing(operation, self.part(operation).resource)
        return self._lists[operation.key]

    def orders(self, operation: Operation) -> tuple[Order, ...]:
        """What the description says of the order of two properties of a body."""
        if operation.key not in self._orders:
            self._orders[operation.key] = orders(operation)
        return self._orders[operation.key]

    def uniqueness(self, operation: Operation) -> Uniqueness:
        """What the description says of items of which there may be no two."""
        if operation.key not in self._uniques:
            self._uniques[operation.key] = uniqueness(operation)
        return self._uniques[operation.key]

    def validator(self, schema: Schema) -> Draft202012Validator:
        """The validator of a schema that stands alone: not the one that the mock uses."""
        known = self._validators.get(id(schema))
        if known is None:
            checker = Draft202012Validator(
                schema, format_checker=Draft202012Validator.FORMAT_CHECKER
            )
            # The schema is kept, so that its id stays its own.
            known = self._validators[id(schema)] = (schema, checker)
        return known[1]


def key_name(resource: Resource) -> str | None:
    """The property of its items that holds their key, as it is described.

    Where none is, but more may be there than is described, it is called as in their path.
    """
    if resource.key is not None:
        return resource.key
    if shapes.keyword(resource.item_schema, "additionalProperties") is False:
        return None
    on_item = next(iter(resource.at_item.values()), None)
    return on_item.path_pieces[-2] if on_item is not None else None


class Listing:
    """How an operation lists the items of a resource: pages, filters, order, the number of all."""

    def __init__(self, operation: Operation, resource: Resource) -> None:
        self.operation = operation
        self.resource = resource
        content = success_content(operation)
        self.schema: Schema = True
        self.place: Place | None = None
        if content is not None and content.schema is not None:
            self.schema = content.schema
            self.place = shapes.list_place(content.schema, resource.word)
        listed = shapes.items(shapes.at_place(self.schema, self.place or ()))
        self.item: Schema = listed if shapes.properties(listed) else resource.item_schema
        self.paging = Paging(operation, resource.item_schema)
        self.sorting = Sorting(operation, resource.item_schema)
        self.filters = Filters(
            operation, resource.item_schema, self.paging.used | self.sorting.names
        )


def canonical(resource: Resource) -> Resource:
    """The resource itself, or the one at the top that holds the same items."""
    return resource.flat or resource


def place_of_item(operation: Operation, resource: Resource) -> Place | None:
    """Where the item stands in the answer of an operation; None: nowhere."""
    content = success_content(operation)
    if content is None or content.schema is None:
        return None
    return shapes.item_place(content.schema, resource.key_names, resource.word)


def shown_schema(operation: Operation, resource: Resource) -> Schema:
    """The schema of the item that an operation answers with; that of the resource if unknown."""
    return item_schema_of(operation, resource) or resource.item_schema


def flags(operation: Operation) -> list[str]:
    """The names of what an operation can be asked for by a yes or no in its query."""
    return [
        one.name
        for one in operation.parameters
        if one.place == "query" and not one.required and shapes.types(one.schema) == {"boolean"}
    ]


def words(operation: Operation) -> str:
    """What the description says of an operation in words."""
    told = (operation.raw.get(name) for name in ("summary", "description"))
    return " ".join(text for text in told if isinstance(text, str))


def about(name: str, resources: list[Resource]) -> Resource | None:
    """The resource whose key a property or parameter is named for, as `customerId` for customers.

    Names that say only `id` are named for none.
    """
    called = spelling(name)
    for ending in ("id", "uuid", "key", "ref", "code", "slug"):
        noun = called.removesuffix(ending)
        if noun and noun != called:
            for resource in resources:
                if noun == shapes.singular(spelling(resource.word)):
                    return resource
    return None
