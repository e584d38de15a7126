"""What is inferred of a description, ready to be played."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from mock_server.refusals import Refusal
from mock_server.resources.asked import How, Play
from mock_server.resources.collection import ALL, Address, Collection
from mock_server.resources.plays import play_of
from mock_server.sandbox.store import OPENED
from openapi.description import Description, Operation
from openapi.resources import Part, Resource, Resources

if TYPE_CHECKING:
    from mock_server.sandbox import Sandbox


class Inferred:
    """The inferred state of one API."""

    def __init__(self, description: Description, how: How) -> None:
        self.description = description
        self.how = how
        self._collections: dict[str, Collection] = {}

    @cached_property
    def _resources(self) -> Resources:
        return Resources(self.description.operations, self.description.openers)

    def part(self, operation: Operation) -> Part | None:
        """The part that an operation plays."""
        return self._resources.part(operation)

    def play(
        self, operation: Operation, invalid: type[Refusal], media_type: str | None = None
    ) -> Play | None:
        """What plays an operation; None where nothing is known of a part.

        `invalid` is what a request gets that breaks the description, `media_type` the answers'.
        """
        part = self.part(operation)
        if part is None:
            return None
        collection = self.collection(part.resource)
        return play_of(part, operation, collection, self.how, invalid, media_type)

    def collection(self, resource: Resource) -> Collection:
        """The items of a resource."""
        if resource.name not in self._collections:
            self._collections[resource.name] = Collection(resource, self)
        return self._collections[resource.name]

    def open_all(self, sandbox: "Sandbox") -> None:
        """Put the first items of every collection where they belong."""
        for resource in self._resources.all.values():
            if resource.parent is None and (resource.collection or resource.singleton):
                self._open(sandbox, self.collection(resource), ())

    def _open(self, sandbox: "Sandbox", collection: Collection, parents: tuple[str, ...]) -> None:
        # What nobody has looked at need not be made up.
        if not collection.shows_items:
            return
        collection.open(sandbox, parents)
        below = [child for child in collection.below if child.shows_items]
        if not below:
            return
        for row in collection.table(sandbox).find(collection.where(parents)):
            address = collection.address_of(row, parents)
            for child in below:
                self._open(sandbox, child, (*parents, address.key))

    def restored(self, sandbox: "Sandbox") -> None:
        """Note that a restored state holds all items that there are."""
        sandbox.table(OPENED).put(ALL, {})

    def expire(self, sandbox: "Sandbox", *, resource: str, parents: list[str], key: str) -> None:
        """Let an item expire if its time has come; called by a timer."""
        found = next((one for one in self._resources.all.values() if one.name == resource), None)
        if found is not None:
            self.collection(found).expire(sandbox, Address(tuple(parents), key))

    @property
    def timers(self) -> Mapping[str, Callable[..., None]]:
        """What timers may call."""
        return {self.expire.__name__: self.expire}
