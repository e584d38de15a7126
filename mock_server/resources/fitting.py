"""Fitting: what is stored becomes what an answer's schema asks for."""

from collections.abc import Callable, Mapping
from functools import cached_property
from random import Random
from typing import Any

from mock_server.refusals import Fault
from mock_server.validators import faults, validator
from openapi import shapes
from openapi.schemas import Schema, part_of, resolved
from openapi.shapes import Place
from openapi.synthesis import Synthesiser, Unsatisfiable

Projector = Callable[[Any], Any]


class Fit:
    """Makes objects fit one schema."""

    def __init__(self, schema: Schema, examples: tuple[Any, ...] = ()) -> None:
        self.schema = schema
        self._examples = examples
        self._required = shapes.required(schema)

    @cached_property
    def valid(self) -> Callable[[Any], bool]:
        """Says whether a value fits as it is."""
        return validator(self.schema).is_valid

    @cached_property
    def projected(self) -> Projector:
        """Leaves out what the schema does not describe."""
        return projector(self.schema)

    @cached_property
    def example(self) -> Any:
        """The first example that fits; None where there is none."""
        return next((value for value in self._examples if self.valid(value)), None)

    def faults(self, value: Any) -> tuple[Fault, ...]:
        """Where a value does not fit, as places of a body."""
        return faults(validator(self.schema), value, "body")

    def made_up(self, seed: str, *, required_only: bool = False) -> Any:
        """A valid value, the same for the same seed; None where none can be made."""
        maker = self._sparing if required_only else self._generous
        try:
            return maker.value(Random(seed))  # noqa: S311 - nothing secret
        except Unsatisfiable:
            return None

    def fitted(self, item: Mapping[str, Any], seed: str) -> dict[str, Any] | None:
        """The item as the schema describes it; what it asks for and the item lacks is made up.

        None where that cannot be: no answer is made of it then.
        """
        known: dict[str, Any] = dict(self.projected(dict(item)))
        if self.valid(known):
            return known
        donor = self.made_up(seed, required_only=True)
        if not isinstance(donor, dict):
            return None
        completed = {name: donor[name] for name in self._required if name in donor} | known
        if self.valid(completed):
            return completed
        return self._laid_over(donor, known)

    def _laid_over(self, donor: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
        """As much of what is known as fits, one property after the other."""
        fitting = donor
        for name, value in known.items():
            attempt = fitting | {name: value}
            if self.valid(attempt):
                fitting = attempt
        for name in donor.keys() - known.keys():
            attempt = {key: value for key, value in fitting.items() if key != name}
            if self.valid(attempt):
                fitting = attempt
        return fitting

    @cached_property
    def _generous(self) -> Synthesiser:
        return Synthesiser(self.schema, validator=self.valid)

    @cached_property
    def _sparing(self) -> Synthesiser:
        return Synthesiser(self.schema, validator=self.valid, required_only=True)


def put_at(body: Any, place: Place, value: Any) -> Any:
    """The body with another value at that place; what is missing on the way is made."""
    if not place:
        return value
    whole = dict(body) if isinstance(body, Mapping) else {}
    whole[place[0]] = put_at(whole.get(place[0]), place[1:], value)
    return whole


def found_at(body: Any, place: Place) -> Any:
    """What stands at a place; None where nothing does."""
    for name in place:
        body = body.get(name) if isinstance(body, Mapping) else None
    return body


def projector(schema: Schema) -> Projector:
    """Makes copies of values that hold only what the schema describes, at every depth."""
    return _Projecting(schema).of(schema)


class _Projecting:
    def __init__(self, root: Schema) -> None:
        self._root = root
        self._known: dict[int, tuple[Any, list[Projector]]] = {}
        """Projectors by node; with the node itself, so that its identity is not given away."""

    def of(self, node: Any) -> Projector:
        meant = resolved(self._root, node)
        if not isinstance(meant, dict):
            return _same
        if id(meant) not in self._known:
            self._known[id(meant)] = (meant, [])
            self._known[id(meant)][1].append(self._made(meant))
        made = self._known[id(meant)][1]
        # A schema that holds itself is not made yet.
        return made[0] if made else lambda value: made[0](value)  # noqa: PLW0108

    def _made(self, node: dict[str, Any]) -> Projector:
        nodes = list(shapes.holding(part_of(self._root, node)))
        parts: dict[str, Any] = {}
        barred: set[str] = set()
        for one in nodes:
            listed = one.get("properties")
            for name, part in listed.items() if isinstance(listed, dict) else ():
                parts.setdefault(name, part)
                barred |= {name} if part is False else set()
        described = {name: self.of(part) for name, part in parts.items() if name not in barred}
        is_open = not parts or any(
            one.get("additionalProperties") or one.get("patternProperties") for one in nodes
        )
        element = next((self.of(one["items"]) for one in nodes if "items" in one), _same)
        if not parts and element is _same:
            return _same
        inner = [(name, made) for name, made in described.items() if made is not _same]

        def project(value: Any) -> Any:
            if isinstance(value, dict):
                known = {name: value[name] for name in described if name in value}
                for name, made in inner:
                    if name in known:
                        known[name] = made(known[name])
                if is_open:
                    left = value.keys() - known.keys() - barred
                    known |= {name: item for name, item in value.items() if name in left}
                return known
            if isinstance(value, list) and element is not _same:
                return [element(item) for item in value]
            return value

        return project


def _same(value: Any) -> Any:
    return value
