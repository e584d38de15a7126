"""Numbers: between limits, multiples of steps, and modest where nothing is said."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, gcd, lcm
from random import Random
from typing import Any, NamedTuple

from openapi.synthesis.failure import Failed

_TRIES = 20
_SCANNED = 200
"""Candidates looked at in order, once chance has not helped."""
_WIDE = 100
"""How many steps beyond a limit a number may lie where the sensible range is out of reach."""
_SAFE = 2**63
"""Integers from here on are written as floats where that changes nothing."""


class Range(NamedTuple):
    """What is sensible for a number: from, to, and its decimal places."""

    low: Fraction
    high: Fraction
    places: int = 0


class _Lattice(NamedTuple):
    """The multiples of a step between limits, by their index; None where there is no limit."""

    step: Fraction
    first: int | None
    last: int | None

    @property
    def empty(self) -> bool:
        return self.first is not None and self.last is not None and self.first > self.last


class Numbers:
    """The numbers that all of some schemas allow."""

    def __init__(self, parts: list[dict[str, Any]]) -> None:
        def given(keyword: str) -> list[Fraction]:
            limits: list[Any] = [part.get(keyword) for part in parts]
            # The limits of Draft 4 that are true or false have no place in 2020-12.
            return [_exact(limit) for limit in limits if type(limit) in (int, float)]

        self._low = max(given("minimum"), default=None)
        self._over = max(given("exclusiveMinimum"), default=None)
        self._high = min(given("maximum"), default=None)
        self._under = min(given("exclusiveMaximum"), default=None)
        self._steps = given("multipleOf")
        self._not_steps = given("!multipleOf")
        self._step = _common_multiple(self._steps)

    def impossible(self, kind: str) -> bool:
        """True when no number of that type (`integer` or `fraction`) is within the limits."""
        if kind == "integer":
            return self._integers.empty or self._barred(self._integers.step)
        if self._step is not None:
            whole = self._step.denominator == 1
            return whole or self._barred(self._step) or self._lattice(self._step).empty
        low, high = self._limits
        return low is not None and high is not None and low > high

    def make(
        self, random: Random, kinds: tuple[str, ...], range_: Range, refused: Callable[[Any], bool]
    ) -> int | float:
        """A number of one of the types, within the range if that can be. Raises Failed."""
        whole = "integer" in kinds and (len(kinds) == 1 or not range_.places)
        lattice = self._integers if whole else self._fractions(range_)
        if lattice.empty and len(kinds) > 1:
            lattice = self._fractions(range_)
        disputed = None
        for index in () if lattice.empty else _indices(lattice, range_, random):
            number = _written(index * lattice.step)
            kind = "integer" if isinstance(number, int) or number.is_integer() else "fraction"
            if kind in kinds and self._fits(number) and not refused(number):
                if self._undisputed(number):
                    return number
                disputed = number if disputed is None else disputed
        if disputed is None:
            raise Failed
        return disputed

    def _barred(self, step: Fraction) -> bool:
        """True when no multiple of the step is allowed."""
        return any((step / barred).denominator == 1 for barred in self._not_steps)

    @cached_property
    def _integers(self) -> _Lattice:
        return self._lattice(_common_multiple([Fraction(1), *self._steps]) or Fraction(1))

    def _fractions(self, range_: Range) -> _Lattice:
        if self._step is not None:
            return self._lattice(self._step)
        step = Fraction(1, 10**range_.places) if range_.places else Fraction(1, 10)
        lattice = self._lattice(step)
        low, high = self._limits
        while low is not None and high is not None and low < high and (high - low) < 4 * step:
            step /= 10
            lattice = self._lattice(step)
        # A single number is allowed, and it need not have few decimal places.
        if lattice.empty and low is not None and low == high and low != 0:
            lattice = _Lattice(low, 1, 1)
        return lattice

    @cached_property
    def _limits(self) -> tuple[Fraction | None, Fraction | None]:
        lows = [limit for limit in (self._low, self._over) if limit is not None]
        highs = [limit for limit in (self._high, self._under) if limit is not None]
        return max(lows, default=None), min(highs, default=None)

    def _lattice(self, step: Fraction) -> _Lattice:
        firsts = [] if self._low is None else [ceil(self._low / step)]
        firsts += [] if self._over is None else [floor(self._over / step) + 1]
        lasts = [] if self._high is None else [floor(self._high / step)]
        lasts += [] if self._under is None else [ceil(self._under / step) - 1]
        return _Lattice(step, max(firsts, default=None), min(lasts, default=None))

    def _fits(self, number: float) -> bool:
        # Integers of the lattice need no more than this; floats were rounded.
        if type(number) is int and not self._not_steps:
            return True
        exact = _exact(number)
        if self._low is not None and exact < self._low:
            return False
        if self._high is not None and exact > self._high:
            return False
        if any((exact / step).denominator != 1 for step in self._steps):
            return False
        return all((exact / step).denominator != 1 for step in self._not_steps)

    def _undisputed(self, number: float) -> bool:
        """True when validators that divide floats see multiples too: 19.99 / 0.01 is 1998.99…"""
        steps = (_written(step) for step in self._steps)
        return all(type(step) is int or (number / step).is_integer() for step in steps)


def _indices(lattice: _Lattice, range_: Range, random: Random) -> Iterator[int]:
    """Indices within the lattice: some by chance in the sensible range, then all in order."""
    first, last = ceil(range_.low / lattice.step), floor(range_.high / lattice.step)
    if lattice.first is not None:
        first = max(first, lattice.first)
    if lattice.last is not None:
        last = min(last, lattice.last)
    if first > last:
        first, last = _beside(lattice, first)
    for _ in range(min(_TRIES, 4 * (last - first + 1))):
        yield random.randint(first, last)
    yield from range(first, min(last, first + _SCANNED) + 1)
    lowest = first - _SCANNED if lattice.first is None else lattice.first
    yield from range(lowest, min(first, lowest + _SCANNED))
    highest = last + _SCANNED if lattice.last is None else lattice.last
    yield from range(highest, max(last, highest - _SCANNED), -1)


def _beside(lattice: _Lattice, first: int) -> tuple[int, int]:
    """Where the sensible range is out of reach: what is next to the limit that is in the way."""
    if lattice.first is not None and first <= lattice.first:
        last = lattice.first + _WIDE
        return lattice.first, last if lattice.last is None else min(last, lattice.last)
    if lattice.last is not None:
        first = lattice.last - _WIDE
        return first if lattice.first is None else max(first, lattice.first), lattice.last
    return (0, 1) if lattice.first is None else (lattice.first, lattice.first + 1)


def _common_multiple(steps: list[Fraction]) -> Fraction | None:
    """The smallest number that is a multiple of all; None where there are none."""
    if not steps:
        return None
    over = lcm(*(step.numerator for step in steps))
    return Fraction(over, gcd(*(step.denominator for step in steps)))


def _exact(number: float) -> Fraction:
    """The number as it is written, in which 0.1 is a tenth."""
    return Fraction(str(number))


def _written(number: Fraction) -> int | float:
    if number.denominator == 1 and abs(number) < _SAFE:
        return int(number)
    try:
        near = float(number)
    except OverflowError:
        return int(number)
    return int(number) if number.denominator == 1 and int(near) != number else near
