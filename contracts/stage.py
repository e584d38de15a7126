"""Where walks are made: steps are put one behind the other, with all that they need before them.

A law that wants to be put to the test says what is to happen; the stage finds the operations, makes
valid requests, and creates what they refer to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, TypeVar

from contracts.api import Api, about, canonical, key_name, place_of_item
from contracts.exchange import ABSENT
from contracts.names import names_parent
from contracts.samples import FULL, USUAL, Recipe, Samples
from contracts.steps import FIRST, NUMBER, Fresh, Ref, Step, Walk, bound
from openapi import shapes
from openapi.description import Operation
from openapi.idempotency import is_idempotency_key
from openapi.pointers import escaped
from openapi.resources import Resource, Role, sent_schema
from openapi.schemas import Schema
from openapi.shapes import Place
from openapi.synthesis import Unsatisfiable

T = TypeVar("T")

_DEEPEST = 4
"""So many things may need one another before one that needs none."""


class Impossible(Exception):  # noqa: N818 - the walk is what fails
    """The description offers no way to what a walk needs; the law stays untested by it."""


@dataclass
class Proven:
    """What a run has learned of which requests are accepted, from walk to walk."""

    accepted: dict[str, list[Recipe]] = field(default_factory=dict)
    """Recipes that were carried out, by operation."""
    refused: dict[str, set[Recipe]] = field(default_factory=dict)

    def note(self, operation: str, recipe: Recipe, *, accepted: bool) -> None:
        """Remember how a request of that recipe went."""
        if accepted and recipe not in self.accepted.setdefault(operation, []):
            self.accepted[operation].append(recipe)
        elif not accepted:
            self.refused.setdefault(operation, set()).add(recipe)

    def best(self, operation: str) -> list[Recipe]:
        """Recipes to use, the best first: those that were accepted, then those not yet refused."""
        accepted = self.accepted.get(operation, [])
        if accepted:
            return accepted
        refused = self.refused.get(operation, set())
        untried = [recipe for recipe in USUAL if recipe not in refused]
        return untried or [Recipe(FULL, len(refused) + 1)]

    def formed(self, operation: str, form: str) -> list[Recipe]:
        """Recipes of one form, the best first."""
        best = self.best(operation)
        if form != FULL:
            return [one for one in best if one.form == form] or [Recipe(form)]
        accepted = self.accepted.get(operation, [])
        full = [one for one in accepted if one.form == FULL or one.enriched]
        # Of all that may be sent, one made-up reference is enough to have it refused.
        enriched = replace(best[0], enriched=True)
        refused = self.refused.get(operation, set())
        return full or ([enriched] if enriched not in refused else best)


@dataclass(frozen=True)
class Handle:
    """An item of a walk: how later steps name it."""

    resource: Resource
    key: Any
    """A Ref, a Fresh or a value."""
    parents: tuple[Any, ...] = ()
    """The keys of the items that it is below, as its paths name them in order."""
    step: int | None = None
    """The step that created or showed it."""
    place: str = ""
    """Where it stands in the answer of that step, as a JSON pointer."""

    def at(self, name: str) -> Ref:
        """One of its properties, as the step that created or showed it answered."""
        assert self.step is not None
        return Ref(self.step, f"$response.body#{self.place}/{escaped(name)}")


class Stage:
    """Puts one walk together, before any of it is played."""

    def __init__(
        self,
        api: Api,
        samples: Samples,
        proven: Proven,
        random: Random | None = None,
    ) -> None:
        self.api = api
        self.samples = samples
        self.steps: list[Step] = []
        self.recipes: dict[int, Recipe] = {}
        """The recipe of each step that was made by one."""
        self._proven = proven
        self._random = random
        self._needed: dict[tuple[str, str], Handle] = {}
        self._depth = 0
        self._is_below = False
        self._bodies = 0

    def choose(self, options: list[T]) -> T:
        """One of several, the first where nothing is left to chance.

        Raises Impossible where there is none.
        """
        if not options:
            raise Impossible("There is nothing to choose from.")
        return options[0] if self._random is None else self._random.choice(options)

    @property
    def number(self) -> int:
        """A number by chance, 0 where nothing is left to it."""
        return 0 if self._random is None else self._random.randrange(2**20)

    def walk(self, purpose: str = "") -> Walk:
        """The walk so far."""
        return Walk(tuple(self.steps), purpose)

    def add(self, step: Step, recipe: Recipe | None = None) -> int:
        """Put a step behind the others, and tell its number."""
        self.steps.append(step)
        if recipe is not None:
            self.recipes[len(self.steps) - 1] = recipe
        return len(self.steps) - 1

    @property
    def needed(self) -> list[Handle]:
        """The items that were created because something needed them, the first one first."""
        return list(self._needed.values())

    def begin_anew(self) -> None:
        """Create anew what is needed from here on: what was created before stays for itself."""
        self._needed = {}

    def need(self, handle: Handle) -> None:
        """Take that item wherever one of its resource is needed from here on."""
        self._needed[handle.resource.name, ""] = handle

    # What is done to items

    def create(
        self,
        resource: Resource,
        *,
        body: Any = None,
        form: str | None = None,
        changes: Mapping[str, Any] | None = None,
        like: int | None = None,
        who: str = FIRST,
        under: tuple[Any, ...] | None = None,
        together: bool = False,
        query: Mapping[str, Any] | None = None,
        header: Mapping[str, Any] | None = None,
        media_type: str | None = None,
    ) -> Handle:
        """Create an item, and tell how it is named.

        `body` is sent as it is; else one is made, in that `form` (or as one was accepted before).
        `changes` are put into it (ABSENT takes a property out), `like` sends the body of an earlier
        step again, `under` are the keys of the items it is to be below. Raises Impossible.
        """
        operation = self.api.operation(Role.CREATE, resource)
        if operation is None and resource.singleton and resource.parent is not None:
            above = self.create(resource.parent, who=who)
            return Handle(resource, None, (*above.parents, above.key))
        if operation is None:
            return self._put_new(resource, changes or {}, who)
        part = self.api.part(operation)
        parents = under if under is not None else self.parents(part.resource)
        values = dict(zip(part.parents, parents, strict=False))
        recipe = None
        if like is not None:
            body = self.steps[like].body
        elif body is None:
            recipe, body = self._sample(operation, form)
        step = self.call(
            operation,
            path=values,
            body=_changed(body, changes or {}),
            query=query,
            header=header,
            who=who,
            recipe=recipe if not changes else None,
            together=together,
            media_type=media_type,
        )
        return self._created(operation, resource, step, parents)

    def _created(
        self, operation: Operation, resource: Resource, step: int, parents: tuple[Any, ...]
    ) -> Handle:
        made = self.api.part(operation).resource
        place = place_of_item(operation, made)
        key = made.key or resource.key
        shown = key or key_name(made)
        schema = self._shown(operation, place)
        if canonical(made) is not made:
            parents = ()
        located = any(
            header.name.lower() == "location"
            for response in operation.responses
            for header in response.headers
        )
        is_shown = shown in shapes.properties(schema) or (key is None and not located)
        if place is not None and shown is not None and is_shown:
            pointer = "".join(f"/{escaped(name)}" for name in place)
            ref = Ref(step, f"$response.body#{pointer}/{escaped(shown)}")
            return Handle(canonical(made), ref, parents, step, pointer)
        sent = self.steps[step].body
        if located or key is None or not isinstance(sent, Mapping) or key not in sent:
            ref = Ref(step, "$response.header.Location", last_segment=True)
            return Handle(canonical(made), ref, parents, step)
        return Handle(canonical(made), sent[key], parents, step)

    @staticmethod
    def _shown(operation: Operation, place: Place | None) -> Schema:
        for response in operation.responses:
            for content in response.content.values():
                if response.status[:1] == "2" and content.schema is not None and place is not None:
                    return shapes.at_place(content.schema, place)
        return {}

    def _put_new(self, resource: Resource, changes: Mapping[str, Any], who: str) -> Handle:
        """Create an item under a key of our own, where only PUT does."""
        operation = self.api.operation(Role.REPLACE, resource)
        part = self.api.part(operation) if operation is not None else None
        if operation is None or part is None or part.key is None:
            raise Impossible(f"Nothing creates an item of {resource.name}.")
        parents = self.parents(part.resource)
        key = self._new_key(operation, part.key)
        recipe, body = self._sample(operation, None)
        path = {**dict(zip(part.parents, parents, strict=False)), part.key: key}
        if resource.key is not None and isinstance(body, Mapping) and resource.key in body:
            body = {**body, resource.key: key}
        step = self.call(operation, path=path, body=_changed(body, changes), who=who, recipe=recipe)
        return Handle(canonical(resource), key, parents, step)

    def _new_key(self, operation: Operation, name: str) -> Any:
        parameter = next(
            one for one in operation.parameters if (one.place, one.name) == ("path", name)
        )
        if shapes.types(parameter.schema) <= {"string"} and not shapes.keyword(
            parameter.schema, "format"
        ):
            return Fresh(f"key-{len(self.steps)}", "understudy-{}")
        recipe = Recipe(FULL, self.number + len(self.steps))
        return self.samples.value(parameter.schema, recipe, name)

    def one(self, resource: Resource) -> Handle:
        """An item to refer to: created in this walk if it can be, else the first that is listed.

        The same one again where it was needed before. Raises Impossible.
        """
        resource = canonical(resource)
        known = self._needed.get((resource.name, ""))
        if known is None:
            if self._depth >= _DEEPEST:
                raise Impossible(f"{resource.name} needs too much.")
            self._depth += 1
            try:
                known = self._needed[resource.name, ""] = self._some(resource)
            finally:
                self._depth -= 1
        return known

    def _some(self, resource: Resource) -> Handle:
        if self.api.operation(Role.CREATE, resource) is not None:
            return self.create(resource)
        listed = self.listed(resource)
        if listed is not None:
            return listed
        return self.create(resource)

    def listed(self, resource: Resource) -> Handle | None:
        """The first item that a list shows; None where nothing lists them with their keys."""
        operation = self.api.operation(Role.LIST, resource)
        if operation is None or resource.key is None:
            return None
        listing = self.api.listing(operation)
        if listing.place is None or resource.key not in shapes.properties(listing.item):
            return None
        part = self.api.part(operation)
        parents = self.parents(part.resource)
        step = self.call(operation, path=dict(zip(part.parents, parents, strict=False)))
        pointer = "".join(f"/{escaped(name)}" for name in listing.place) + "/0"
        ref = Ref(step, f"$response.body#{pointer}/{escaped(resource.key)}")
        above = () if canonical(part.resource) is not part.resource else parents
        return Handle(canonical(resource), ref, above, step, pointer)

    def do(
        self,
        role: Role | Operation,
        handle: Handle,
        *,
        body: Any = None,
        form: str | None = None,
        changes: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        header: Mapping[str, Any] | None = None,
        who: str = FIRST,
        variant: int = 0,
        accept: str | None = None,
        together: bool = False,
        wait: float = 0,
    ) -> int:
        """Do something to an item; `body` is sent as it is, else one is made and changed.

        Raises Impossible where the description offers no such operation.
        """
        operation = (
            role if isinstance(role, Operation) else self.api.operation(role, handle.resource)
        )
        if operation is None:
            raise Impossible(f"Nothing does {role} to an item of {handle.resource.name}.")
        recipe = None
        if body is None:
            recipe, body = self._sample(operation, form)
            body = _changed(body, changes or {})
        return self.call(
            operation,
            path=self.path(operation, handle),
            query=query,
            header=header,
            body=body,
            who=who,
            variant=variant,
            accept=accept,
            together=together,
            wait=wait,
            recipe=recipe if not changes else None,
        )

    def read(self, handle: Handle, **how: Any) -> int:
        """Read an item."""
        return self.do(Role.READ, handle, **how)

    def remove(self, handle: Handle, **how: Any) -> int:
        """Delete an item."""
        return self.do(Role.REMOVE, handle, **how)

    def list_all(
        self,
        resource: Resource,
        parents: tuple[Any, ...] | None = None,
        query: Mapping[str, Any] | None = None,
        **how: Any,
    ) -> int:
        """List the items of a resource. Raises Impossible where nothing does."""
        operation = self.api.operation(Role.LIST, resource)
        if operation is None:
            raise Impossible(f"Nothing lists {resource.name}.")
        path = self.path_of_list(operation, parents)
        return self.call(operation, path=path, query=query, **how)

    def path_of_list(
        self, operation: Operation, parents: tuple[Any, ...] | None = None
    ) -> dict[str, Any]:
        """The path parameters of a list, below items that are given if these are its."""
        part = self.api.part(operation)
        if parents is None or len(parents) != len(part.parents):
            parents = self.parents(part.resource)
        return dict(zip(part.parents, parents, strict=False))

    def list_all_if_possible(
        self, resource: Resource, parents: tuple[Any, ...] | None = None
    ) -> int | None:
        """List as many items of a resource as it gives at once; None where nothing lists them."""
        if self.api.operation(Role.LIST, resource) is None:
            return None
        return self.list_all(resource, parents, self.longest_page(resource))

    def longest_page(self, resource: Resource) -> dict[str, Any]:
        """The query that asks a list for as many items as it gives at once."""
        operation = self.api.operation(Role.LIST, resource)
        size = self.api.listing(operation).paging.size if operation is not None else None
        if size is None:
            return {}
        valid = self.api.validator(size.schema).is_valid
        most = shapes.keyword(size.schema, "maximum")
        several = [*([most] if isinstance(most, int) else []), 1000, 100, 50]
        return next(({size.name: one} for one in several if valid(one)), {})

    def call_any(
        self, operation: Operation, changes: Mapping[str, Any] | None = None, **how: Any
    ) -> int:
        """Send a request that should be accepted, whatever the operation does.

        The items that its path names are created where they were not needed before.
        """
        recipe, body = self._sample(operation, None)
        part = self.api.parts[operation.key]
        path = dict(zip(part.parents, self.parents(part.resource), strict=False)) if part else {}
        if part is not None and part.key is not None:
            path[part.key] = self.one(part.resource).key
        body = _changed(body, changes or {})
        return self.call(operation, path=path, body=body, recipe=recipe, **how)

    def call_with(
        self, operation: Operation, body: Any, path: Mapping[str, Any] | None = None, **how: Any
    ) -> int:
        """Send a request with a body as it is; the items that its path names are created."""
        part = self.api.parts[operation.key]
        named = dict(zip(part.parents, self.parents(part.resource), strict=False)) if part else {}
        if part is not None and part.key is not None and part.key not in (path or {}):
            named[part.key] = self.one(part.resource).key
        return self.call(operation, path={**named, **(path or {})}, body=body, **how)

    def open(self, operation: Operation, url: Ref, **how: Any) -> int:
        """Open a URL that was handed out."""
        recipe, body = self._sample(operation, how.pop("form", None))
        return self.add(Step(operation.key, body=how.pop("body", body), url=url, **how), recipe)

    def open_at(self, operation: Operation, parameter: str, token: Ref, **how: Any) -> int:
        """Open a link by what stands in its path."""
        recipe, body = self._sample(operation, how.pop("form", None))
        part = self.api.parts[operation.key]
        above = (part.parents, self.parents(part.resource)) if part is not None else ((), ())
        path = {**dict(zip(*above, strict=False)), parameter: token}
        return self.call(operation, path=path, body=body, recipe=recipe, **how)

    def path(self, operation: Operation, handle: Handle) -> dict[str, Any]:
        """The path parameters of an operation by which it concerns an item."""
        part = self.api.part(operation)
        parents = handle.parents
        if len(parents) != len(part.parents):
            parents = self.parents(part.resource)
        values = dict(zip(part.parents, parents, strict=False))
        if part.key is not None:
            values[part.key] = handle.key
        return values

    # One request

    def call(
        self,
        operation: Operation,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        header: Mapping[str, Any] | None = None,
        body: Any = ABSENT,
        recipe: Recipe | None = None,
        **how: Any,
    ) -> int:
        """Send a request, with all the parameters that it needs; those given come first."""
        given = {"path": path or {}, "query": query or {}, "header": header or {}}
        values: dict[str, dict[str, Any]] = {place: dict(one) for place, one in given.items()}
        media_type = how.pop("media_type", None)
        for parameter in operation.parameters:
            named = values.setdefault(parameter.place, {})
            if parameter.required and parameter.name not in named:
                named[parameter.name] = self._parameter(operation, parameter.name, parameter.place)
        step = Step(
            operation=operation.key,
            values={place: one for place, one in values.items() if one},
            body=body,
            media_type=None if body is ABSENT else media_type,
            **how,
        )
        return self.add(step, recipe)

    def _parameter(self, operation: Operation, name: str, place: str) -> Any:
        parameter = next(
            one for one in operation.parameters if (one.name, one.place) == (name, place)
        )
        if is_idempotency_key(name):
            # One that was used before would keep a request from being carried out.
            return self.new_text(parameter.schema, f"{name}-{len(self.steps)}")
        named = about(name, self.api.resources_with(Role.CREATE))
        if named is not None and not (place == "path" and self._concerns(operation, named)):
            try:
                return self.one(named).key
            except (Impossible, Unsatisfiable):
                pass
        return self.samples.parameter(parameter, Recipe(FULL))

    def new_text(self, schema: Schema, name: str) -> Any:
        """A text that was never used, as a UUID where the schema does not take any other."""
        valid = self.api.validator(schema).is_valid
        plain = "understudy-{}"
        return Fresh(name, plain if valid(plain) else "00000000-0000-4000-8000-0000{}")

    def _concerns(self, operation: Operation, resource: Resource) -> bool:
        part = self.api.parts[operation.key]
        return part is not None and part.role is Role.CREATE and part.resource is resource

    def body(self, operation: Operation, form: str | None = None) -> Any:
        """A body that the operation should accept. Raises Impossible."""
        return self._sample(operation, form)[1]

    def _sample(self, operation: Operation, form: str | None) -> tuple[Recipe, Any]:
        proven = self._proven
        best = proven.best(operation.key) if form is None else proven.formed(operation.key, form)
        recipe = self.choose(best[:3])
        try:
            body = self.samples.body(operation, recipe)
        except Unsatisfiable as error:
            raise Impossible(str(error)) from error
        return recipe, self._referred(self.anew(self._with_own_key(body, operation)), operation)

    def _with_own_key(self, body: Any, operation: Operation) -> Any:
        """The body of a new item with a key that no other has, where the client chooses it."""
        part = self.api.parts[operation.key]
        key = part.resource.key if part is not None and part.role is Role.CREATE else None
        if key is None or not isinstance(body, Mapping) or key not in body:
            return body
        schema = shapes.properties(sent_schema(operation)).get(key, True)
        if isinstance(body[key], int) and self.api.validator(schema).is_valid(2**31 - 1):
            return {**body, key: Fresh("/key", NUMBER)}
        if not isinstance(body[key], str):
            return body
        fresh = self.new_text(schema, "/key")
        return {**body, key: fresh} if self.api.validator(schema).is_valid(fresh.value()) else body

    def anew(self, body: Any) -> Any:
        """The body with values of its own where they must be new: no two bodies have the same."""
        self._bodies += 1
        number = self._bodies

        def renamed(one: Ref | Fresh) -> Any:
            return replace(one, name=f"{number}{one.name}") if isinstance(one, Fresh) else one

        return bound(body, renamed)

    def _referred(self, value: Any, operation: Operation) -> Any:
        """The body with keys of items that are there where its properties are named for them."""
        part = self.api.parts[operation.key]
        own = canonical(part.resource) if part is not None else None
        resources = [one for one in self.api.resources_with(Role.CREATE) if one is not own]
        return self._with_keys(self._below_its_like(value, operation), resources)

    def _below_its_like(self, body: Any, operation: Operation) -> Any:
        """The body of an item that is below another of its kind, as a folder is in a folder.

        By chance, where anything is left to it; else it is below none, where it may be so.
        """
        part = self.api.parts[operation.key]
        if not isinstance(body, Mapping) or part is None:
            return body
        schema = sent_schema(operation)
        described, required = shapes.properties(schema), shapes.required(schema)
        whole = dict(body)
        can_create = self.api.operation(Role.CREATE, part.resource) is not None
        for name in filter(names_parent, body):
            if self.number % 2 and not self._is_below and can_create:
                self._is_below = True
                try:
                    whole[name] = self.create(part.resource).key
                finally:
                    self._is_below = False
            elif self.api.validator(described.get(name, True)).is_valid(None):
                whole[name] = None
            elif name not in required:
                del whole[name]
        return whole

    def _with_keys(self, value: Any, resources: list[Resource]) -> Any:
        if isinstance(value, list):
            return [self._with_keys(one, resources) for one in value]
        if not isinstance(value, Mapping):
            return value
        whole = {}
        for name, one in value.items():
            several = isinstance(one, list) and all(isinstance(each, str | int) for each in one)
            named = about(name.removesuffix("s") if several else name, resources)
            if named is None or one is None or isinstance(one, Mapping):
                whole[name] = self._with_keys(one, resources)
                continue
            try:
                key = self.one(named).key
            except (Impossible, Unsatisfiable):
                whole[name] = one
                continue
            whole[name] = [key] if several else key
        return whole

    def parents(self, resource: Resource) -> tuple[Any, ...]:
        """The keys of an item above, for each placeholder on the resource's path."""
        above = resource.parent
        if above is None:
            return ()
        try:
            one = self.one(above)
        except Impossible:
            if above.collection:
                raise
            return ()
        parents = one.parents
        if len(parents) != above.segments.count(None):
            parents = self.parents(above)
        return (*parents, one.key)


def _changed(body: Any, changes: Mapping[str, Any]) -> Any:
    """The body with other values for some of its properties; ABSENT takes one out."""
    if not changes:
        return body
    whole = dict(body) if isinstance(body, Mapping) else {}
    whole |= changes
    return {name: value for name, value in whole.items() if value is not ABSENT}


def operations_with_body(api: Api, *roles: Role) -> Iterator[Operation]:
    """The operations of these roles that take an object."""
    for role in roles:
        for operation in api.operations(role):
            if operation.body is not None:
                yield operation
