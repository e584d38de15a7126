"""Objects: which properties they have, and what each of them must be."""

from collections.abc import Callable, Iterator
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Any

from openapi.schemas import Schema
from openapi.synthesis.failure import Failed, GaveUp
from openapi.synthesis.merge import Scope

if TYPE_CHECKING:
    from openapi.synthesis.making import Making
    from openapi.synthesis.plan import Plan, Root

_STRING: Schema = {"type": "string"}
_NAMES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa")
"""What properties are called where any name will do."""
_FREE = 2
"""Properties of an object that has a schema for all of them, and names for none."""
_TRIES = 12
"""Names that are asked for in vain before a source of names is given up."""


class Properties:
    """The objects that all of some schemas allow."""

    def __init__(self, root: "Root", parts: list[dict[str, Any]], scopes: list[Scope]) -> None:
        def given(keyword: str) -> list[Any]:
            return [part[keyword] for part in parts if keyword in part]

        def names(keyword: str) -> list[str]:
            return list(dict.fromkeys(name for each in given(keyword) for name in each))

        self._root = root
        self._parts = parts
        self._scopes = [scope for scope in scopes if "unevaluatedProperties" in scope.owner]
        self._least = max(given("minProperties"), default=0)
        self._most = min(given("maxProperties"), default=inf)
        self._required = names("required")
        self._declared = names("properties")
        self._patterns = names("patternProperties")
        self._rest = [
            schema for schema in given("additionalProperties") if schema not in (True, {})
        ]
        self._names: list[Schema] = given("propertyNames")
        self._has: list[tuple[Schema, Schema]] = given("!has")
        self._plans: dict[str, Plan] = {}
        self._places = {name: place for place, name in enumerate(self._declared)}

    @cached_property
    def impossible(self) -> bool:
        """True when it is plain that no object fits."""
        closed = [
            len(part.get("properties", ()))
            for part in self._parts
            if part.get("additionalProperties") is False and "patternProperties" not in part
        ]
        if max(self._least, len(self._required)) > min(self._most, *closed, inf):
            return True
        return not all(map(self._allows, self._required))

    def plan(self, name: str) -> "Plan":
        """The plan of the property's value."""
        if name not in self._plans:
            self._plans[name] = self._root.plan(*self._schemas(name))
        return self._plans[name]

    def make(
        self, making: "Making", share: int, refused: Callable[[Any], bool] = lambda _: False
    ) -> dict[str, Any]:
        """An object of no more than `share` values, if it can be. Raises Failed."""
        plans = {name: self.plan(name) for name in self._required}
        for names, schema in self._has:
            name = self._name_with(names, schema, making)
            plans[name] = self._root.plan(*plans.get(name, self.plan(name)).schemas, schema)
        needed = frozenset(plans)
        if share >= 1:
            room = min(self._most, share) - len(plans)
            for name in self._optional(making, needed):
                if room <= 0:
                    break
                # What is given costs a reader nothing to know: the API itself has it by default.
                if making.wants_optional or self.plan(name).is_given:
                    plans[name] = self.plan(name)
                    room -= 1
        made: dict[str, Any] = {}
        part = max(0, share - len(plans)) // max(1, len(plans))
        for name in sorted(plans, key=lambda name: self._places.get(name, len(self._places))):
            self._add(made, name, plans[name], making, part, must=name in needed)
        if len(made) < self._least:
            self._fill(made, making, part, self._least)
        elif len(made) < self._most and refused(made):
            # One property more makes it another object, such as the second of a set.
            self._fill(made, making, part, len(made) + 1)
        return made

    def _add(
        self,
        made: dict[str, Any],
        name: str,
        plan: "Plan",
        making: "Making",
        share: int,
        *,
        must: bool,
    ) -> None:
        try:
            made[name] = making.make(plan, name, share)
        except GaveUp:
            raise
        except Failed:
            if must:
                raise

    def _fill(self, made: dict[str, Any], making: "Making", share: int, least: int) -> None:
        """Adds whatever is allowed until there are enough."""
        making.spend(least)
        for name in self._more_names(making, made):
            if name not in made and self._allows(name):
                self._add(made, name, self.plan(name), making, share, must=False)
                if len(made) >= least:
                    return
        raise Failed

    def _optional(self, making: "Making", needed: frozenset[str]) -> Iterator[str]:
        for name in self._declared:
            if name not in needed and self._allows(name) and not making.recurs(self.plan(name)):
                yield name
        names: list[str] = []
        for plan in self._pattern_names:
            names += self._made_names(making, plan, {*needed}, 1)
        if self._rest and not self._declared and not self._patterns:
            free = self._more_names(making, dict.fromkeys(needed))
            names += [name for name, _ in zip(free, range(_FREE), strict=False)]
        for name in names:
            if self._allows(name) and not making.recurs(self.plan(name)):
                yield name

    def _allows(self, name: str) -> bool:
        """True when nothing plainly forbids a property of that name."""
        return (not self._names or self._any_name.valid(name)) and not self.plan(name).impossible

    def _schemas(self, name: str) -> Iterator[Schema]:
        """All that the property's value must be."""
        for part in self._parts:
            known = False
            if name in part.get("properties", ()):
                known = True
                yield part["properties"][name]
            for pattern, schema in part.get("patternProperties", {}).items():
                if self._root.matches(pattern, name):
                    known = True
                    yield schema
            if not known and "additionalProperties" in part:
                yield part["additionalProperties"]
        for scope in self._scopes:
            if not any(self._evaluates(part, scope, name) for part in scope.parts):
                yield scope.owner["unevaluatedProperties"]

    def _evaluates(self, part: dict[str, Any], scope: Scope, name: str) -> bool:
        if "additionalProperties" in part or name in part.get("properties", ()):
            return True
        if "unevaluatedProperties" in part and part is not scope.owner:
            return True
        return any(self._root.matches(each, name) for each in part.get("patternProperties", ()))

    @cached_property
    def _any_name(self) -> "Plan":
        return self._root.plan(_STRING, *self._names)

    @cached_property
    def _pattern_names(self) -> list["Plan"]:
        """The plans of the names for each of `patternProperties`."""
        return [
            self._root.plan(_STRING, {"pattern": pattern}, *self._names)
            for pattern in self._patterns
        ]

    def _more_names(self, making: "Making", made: dict[str, Any]) -> Iterator[str]:
        """Names for further properties, from the likely to the far-fetched."""
        yield from self._declared
        for plan in self._pattern_names:
            yield from self._made_names(making, plan, made, self._least)
        if self._names:
            yield from self._made_names(making, self._any_name, made, self._least)
        yield from _NAMES
        for number in range(2, 2 + self._least // len(_NAMES) * 2):
            yield from (f"{name}_{number}" for name in _NAMES)
        yield from self._made_names(making, self._any_name, made, self._least + _TRIES)

    def _made_names(
        self, making: "Making", plan: "Plan", made: dict[str, Any] | set[str], count: int
    ) -> Iterator[str]:
        """Names by a plan of names, all different."""
        seen = set(made)
        for _ in range(count):
            try:
                name = making.make(plan, avoid=frozenset(seen))
            except GaveUp:
                raise
            except Failed:
                return
            seen.add(name)
            yield name

    def _name_with(self, names: Schema, schema: Schema, making: "Making") -> str:
        """The name of a property, one of these names, that may also be as this schema says."""
        named = self._root.plan(_STRING, names, *self._names)
        known = (name for name in (*self._required, *self._declared) if named.valid(name))
        for source in (known, self._made_names(making, named, set(), _TRIES)):
            for name in source:
                if not self._root.plan(*self.plan(name).schemas, schema).impossible:
                    return name
        raise Failed
