"""Arrays: how many items they have, and what each of them must be."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from openapi.schemas import Schema
from openapi.synthesis.equality import frozen
from openapi.synthesis.failure import Failed, GaveUp
from openapi.synthesis.merge import Scope
from openapi.synthesis.plausible import singular

if TYPE_CHECKING:
    from openapi.synthesis.making import Making
    from openapi.synthesis.plan import Plan, Root

_USUAL = 3
"""Items of an array that may have any number of them."""


class _Contained(NamedTuple):
    """One `contains` with its limits."""

    schema: Schema
    others: Schema
    """`not` the schema."""
    least: int
    most: int | None


class Items:
    """The arrays that all of some schemas allow."""

    def __init__(self, root: "Root", parts: list[dict[str, Any]], scopes: list[Scope]) -> None:
        def given(keyword: str) -> list[Any]:
            return [part[keyword] for part in parts if keyword in part]

        self._root = root
        self._parts = parts
        self._scopes = [scope for scope in scopes if "unevaluatedItems" in scope.owner]
        self._least = int(max(given("minItems"), default=0))
        self._most = min(given("maxItems"), default=inf)
        self._unique = any(given("uniqueItems"))
        self._doubled = any(given("!unique"))
        self._prefix = max(map(len, given("prefixItems")), default=0)
        self._contained = [
            _Contained(
                part["contains"],
                {"not": part["contains"]},
                int(part.get("minContains", 1)),
                part.get("maxContains"),
            )
            for part in parts
            if "contains" in part
        ]
        self._plans: dict[int, Plan] = {}

    @cached_property
    def _is_limited(self) -> bool:
        """Whether the schemas say how many items there are."""
        return bool(self._contained) or self._prefix > 0 or self._least > 0 or self._room < inf

    @cached_property
    def impossible(self) -> bool:
        """True when it is plain that no array fits."""
        return max(self._least, *(each.least for each in self._contained), 0) > self._room

    @cached_property
    def are_given(self) -> bool:
        """True when the schemas say what an item is."""
        return not self._contained and self._plan(self._prefix).is_given

    @cached_property
    def _room(self) -> float:
        """How many items there can be."""
        for index in range(self._prefix + 1):
            if index < self._most and self._root.plan(*self._schemas(index)).impossible:
                return index
        return self._most

    def make(self, making: "Making", name: str, share: int) -> list[Any]:
        """An array of no more than `share` values, if it can be. Raises Failed."""
        random = making.random
        length = self._length(making, share)
        making.spend(length)
        plans = self._plans_of(making, length)
        part = max(0, share - length) // max(1, length)
        made: list[Any] = []
        seen: set[Any] = set()
        for index, plan in enumerate(plans):
            avoid = frozenset(seen) if self._unique else frozenset()
            try:
                with making.turn(index):
                    made.append(making.make(plan, singular(name), part, avoid))
            except GaveUp:
                raise
            except Failed:
                if index < self._least or self._contained:
                    raise
                break
            if self._unique:
                seen.add(frozen(made[-1]))
        if self._doubled and len(made) > 1:
            first, second = random.sample(range(len(made)), 2)
            made[second] = made[first]
        return made

    def _length(self, making: "Making", share: int) -> int:
        if making.usual_items and not self._is_limited and not making.recurs(self._plan(0)):
            return making.random.randint(*making.usual_items) if share >= 1 else 0
        wanted = sum(each.least for each in self._contained)
        least = max(self._least, *(each.least for each in self._contained), 0)
        most = min(self._room, max(least, self._prefix + wanted))
        if making.frugal(share) or making.recurs(self._plan(self._prefix)):
            # Where an item is wanted may be behind the prefix only.
            return making.random.randint(least, int(most)) if self._contained else least
        most = min(self._room, max(most, min(_USUAL, share)))
        return making.random.randint(max(least, min(1, int(most)), self._likely(most)), int(most))

    def _likely(self, most: float) -> int:
        """Tuples are shown whole, mostly."""
        return min(self._prefix, int(most)) if not self._contained else 0

    def _plan(self, index: int) -> "Plan":
        """The plan of an item for which nothing but its place counts."""
        # All items behind the prefixes are alike.
        index = min(index, self._prefix)
        if index not in self._plans:
            self._plans[index] = self._root.plan(*self._schemas(index), *self._unevaluated(index))
        return self._plans[index]

    def _plans_of(self, making: "Making", length: int) -> list["Plan"]:
        """The plans of all items; some are chosen for what must be contained."""
        if not self._contained:
            return [self._plan(index) for index in range(length)]
        asked: list[list[Schema]] = [[] for _ in range(length)]
        for each in sorted(self._contained, key=lambda each: -each.least):
            self._ask(making, each.schema, each.least, asked)
        for place in range(length):
            if self._joint(place, asked[place]).impossible:
                asked[place] += self._that_evaluates(place, asked)
        for each in self._contained:
            if each.most is not None:
                room = max(0, length - max(each.most, each.least))
                self._ask(making, each.others, room, asked, instead=each.schema)
        return [self._joint(index, asked[index]) for index in range(length)]

    def _ask(
        self,
        making: "Making",
        schema: Schema,
        count: int,
        asked: list[list[Schema]],
        instead: Schema = True,
    ) -> None:
        """Asks so many items to be as the schema says; first those of which least is asked.

        Not asked are those that must be as `instead` says.
        """
        places = [
            place
            for place, schemas in enumerate(asked)
            if count
            and all(other is not instead for other in schemas)
            and not self._root.plan(*self._schemas(place), *schemas, schema).impossible
        ]
        if len(places) < count:
            raise Failed
        places.sort(key=lambda place: (len(asked[place]), making.random.random()))
        for place in places[:count]:
            asked[place].append(schema)

    def _that_evaluates(self, place: int, asked: list[list[Schema]]) -> list[Schema]:
        """What an item may be asked so that it is not left unevaluated, in a list."""
        for each in self._contained:
            taken = sum(schema is each.schema for schemas in asked for schema in schemas)
            joint = self._joint(place, [*asked[place], each.schema])
            if (each.most is None or taken < each.most) and not joint.impossible:
                return [each.schema]
        return []

    def _joint(self, index: int, asked: list[Schema]) -> "Plan":
        """The plan of an item of which more is asked than its place says."""
        return self._root.plan(*self._schemas(index), *asked, *self._unevaluated(index, asked))

    def _schemas(self, index: int) -> Iterator[Schema]:
        for part in self._parts:
            prefix = part.get("prefixItems", ())
            if index < len(prefix):
                yield prefix[index]
            elif "items" in part:
                yield part["items"]

    def _unevaluated(self, index: int, asked: Sequence[Schema] = ()) -> Iterator[Schema]:
        for scope in self._scopes:
            if not any(_evaluates(part, scope, index, asked) for part in scope.parts):
                yield scope.owner["unevaluatedItems"]


def _evaluates(part: dict[str, Any], scope: Scope, index: int, asked: Sequence[Schema]) -> bool:
    if "items" in part or index < len(part.get("prefixItems", ())):
        return True
    if "unevaluatedItems" in part and part is not scope.owner:
        return True
    return any(part.get("contains") is schema for schema in asked)
