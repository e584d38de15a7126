"""One value in the making: how far it goes, which options it takes, and when it goes back."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from random import Random
from typing import Any, NamedTuple

from openapi.synthesis import plausible
from openapi.synthesis.equality import frozen
from openapi.synthesis.failure import Failed, GaveUp
from openapi.synthesis.plan import Plan

BUDGET = 1_000
"""About how many values a whole may have, unless more are required."""
_MOST = 10_000
"""Items and filled-in properties that a whole may have where so many are required."""
_DEEPEST = 64
"""Levels below each other, at which something that is required must be endless."""
_LEVELS = 2
"""How often a schema may be within itself before what is optional is left out."""
_LIKELY = 6
"""Ways to decide the choices in which the likely options come first."""
_LESS = 8
"""What is within itself has the share of values divided by this, at each of these levels."""


class Effort(NamedTuple):
    """How hard a value is looked for."""

    tries: int
    """With the same choices."""
    choices: int
    """Ways to decide all choices of a part."""
    failures: int
    """In the whole value, before it is given up."""
    careful: bool
    """Whether each part is checked as soon as it is made."""


class Making:
    """One attempt to make one value."""

    def __init__(
        self,
        random: Random,
        effort: Effort,
        *,
        required_only: bool,
        usual_items: tuple[int, int] | None = None,
    ) -> None:
        self.random = random
        self.usual_items = usual_items
        """How many items an array has, at least and at most, where its schema does not say."""
        self.wants_optional = not required_only
        self._effort = effort
        self._failures = 0
        self._spent = 0
        self._above: Counter[int] = Counter()
        self._depth = 0
        self._turn = 0

    def make(
        self,
        plan: Plan,
        name: str = "",
        share: int = BUDGET,
        avoid: frozenset[Any] = frozenset(),
    ) -> Any:
        """A value by the plan, of about `share` values, and none of those (frozen) to avoid.

        Raises Failed where none is found, GaveUp where no more is tried at all.
        """
        if plan.impossible or self._depth > _DEEPEST:
            raise self._failed(Failed(plan))
        shown = self._shown(plan, avoid)
        if shown:
            return deepcopy(shown[0])
        key = id(plan)
        above = self._above[key]
        share = 0 if above >= _LEVELS else share // _LESS**above
        self._above[key] += 1
        self._depth += 1
        try:
            return self._made(plan, name, share, avoid)
        finally:
            self._above[key] -= 1
            self._depth -= 1

    def spend(self, count: int) -> None:
        """Takes so many values from what a whole may have. Raises GaveUp at too many."""
        self._spent += count
        if self._spent > _MOST:
            raise GaveUp

    def frugal(self, share: int) -> bool:
        """True when what is optional is left out."""
        return not self.wants_optional or share < 1

    def recurs(self, plan: Plan) -> bool:
        """True when the plan was followed so often on the way here that it must end."""
        return self._above[id(plan)] >= _LEVELS

    @contextmanager
    def turn(self, index: int) -> Iterator[None]:
        """Within, the item with that index is made: the next example is shown, if there is one."""
        before, self._turn = self._turn, index
        try:
            yield
        finally:
            self._turn = before

    def _shown(self, plan: Plan, avoid: frozenset[Any]) -> list[Any]:
        """The example, or the default, in a list; none where there is none."""
        if self._turn < len(plan.examples):
            examples = plan.examples if self._turn == 0 else plan.examples[self._turn :]
            examples = [value for value in examples if frozen(value) not in avoid]
            if examples:
                return [self.random.choice(examples) if self._turn == 0 else examples[0]]
        return [value for value in plan.defaults if frozen(value) not in avoid]

    def _failed(self, failure: Failed) -> Failed:
        """Counts the failure. Raises GaveUp at one too many."""
        self._failures += 1
        if self._failures > self._effort.failures:
            raise GaveUp(failure.plan) from failure
        return failure

    def _made(self, plan: Plan, name: str, share: int, avoid: frozenset[Any]) -> Any:
        failure = Failed(plan)
        for number in range(1 if plan.choice is None else self._effort.choices):
            # At first the likely options, then any.
            leaf = next(self._decided(plan, share, noise=max(0, number - _LIKELY)), None)
            if leaf is None:
                break
            if leaf is not plan:
                shown = self._shown(leaf, avoid)
                if shown:
                    return deepcopy(shown[0])
            checked = leaf.left_to_chance or plan.left_to_chance or self._effort.careful
            for kind in self._kinds(leaf, name, share):
                try:
                    value = self._of_kind(leaf, kind, name, share, avoid)
                except GaveUp:
                    raise
                except Failed as deeper:
                    failure = failure if deeper.plan is None else deeper
                    self._failed(deeper)
                    continue
                if not (avoid and frozen(value) in avoid) and (not checked or plan.valid(value)):
                    return value
                self._failed(failure)
        raise self._failed(failure)

    def _decided(self, plan: Plan, share: int, noise: int) -> Iterator[Plan]:
        """The plan with its choices decided, in all ways that are not plainly impossible.

        Where there is `noise`, unlikely options come as soon as likely ones.
        """
        if plan.impossible:
            return
        # Enumerated values are known to fit, however the choices are decided.
        if plan.choice is None or plan.values is not None:
            yield plan
            return
        frugal = self.frugal(share)
        options = plan.choice.options

        def place(index: int) -> tuple[float, ...]:
            option = options[index]
            # Where the value is to be small, what ends soonest comes first.
            height = plan.height(option) if share < 1 else 0
            if noise:
                return (height, self.random.random())
            return (height, option.rank, option.adds == frugal, self.random.random())

        for index in sorted(range(len(options)), key=place):
            yield from self._decided(plan.pick(index), share, noise)

    def _kinds(self, plan: Plan, name: str, share: int) -> Iterator[str]:
        """The types to try, `values` for what is enumerated; each as often as may help."""
        if plan.values is not None:
            yield "values"
            return
        kinds = list(plan.hinted_types or plan.types)
        if not plan.hinted_types:
            # Anything goes.
            kinds.sort(key=lambda kind: kind != ("string" if name else "object"))
        else:
            self.random.shuffle(kinds)
            simple = share < 1
            kinds.sort(key=lambda kind: (simple and kind in ("object", "array"), kind == "null"))
        kinds += [kind for kind in plan.types if kind not in kinds]
        for number in range(self._effort.tries):
            # What nothing hints at comes in when the rest was in vain.
            yield from kinds if number else kinds[: len(plan.hinted_types) or len(kinds)]

    def _of_kind(self, plan: Plan, kind: str, name: str, share: int, avoid: frozenset[Any]) -> Any:
        def refused(value: Any) -> bool:
            key = frozen(value)
            return key in avoid or key in plan.barred

        match kind:
            case "values":
                return self._one_of(plan.fitting_values or [], refused)
            case "null":
                return self._one_of([None], refused)
            case "boolean":
                return self._one_of([True, False], refused)
            case "string":
                return plan.texts.make(self.random, name, refused)
            case "array":
                return plan.items.make(self, name, share)
            case "object":
                return plan.properties.make(self, share, refused)
        kinds = tuple(kind for kind in plan.types if kind in ("integer", "fraction"))
        range_ = plausible.range_for(name, whole=len(kinds) == 1 and kind == "integer")
        return plan.numbers.make(self.random, kinds, range_, refused)

    def _one_of(self, values: list[Any], refused: Callable[[Any], bool]) -> Any:
        left = [value for value in values if not refused(value)]
        if not left:
            raise Failed
        return deepcopy(self.random.choice(left))
