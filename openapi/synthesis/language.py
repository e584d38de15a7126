"""Regular languages: texts that match several patterns at once, and others not.

A language is a term; its derivative by a character is the language of what may follow it
(Brzozowski, Derivatives of Regular Expressions, 1964). Intersection and complement are terms like
the others, so a text is made by walking from derivative to derivative until one accepts the end.
"""

import string
from collections.abc import Iterable
from random import Random
from typing import NamedTuple

from openapi.synthesis.failure import Failed
from openapi.synthesis.pattern import (
    Alternatives,
    Chars,
    Edge,
    Look,
    Node,
    Ranges,
    Repeated,
    Sequence,
    parsed,
)

_ASCII = tuple(map(ord, string.ascii_lowercase + string.ascii_uppercase + string.digits)) + tuple(
    map(ord, string.punctuation + " \n\t\r")
)
_PLEASANT = frozenset(string.ascii_letters + string.digits)
_FROM_A_RANGE = 12
"""Characters beyond ASCII that are taken from each range of a pattern."""
_MOST_ASIDE = 2_000
"""Derivatives looked at for one end of a text, before there is said to be none: so many, and a few
for each character, since a text that has to be long is no labyrinth.
"""
_MOST_AHEAD = 8
_FARTHEST = 10_000
"""Characters to the nearest end, beyond which none is looked for."""
_WANDERING = 24
"""Characters beyond the necessary, after which a text makes for its end."""

_STOPS, _STRAIGHT = 0.3, 0.4
"""How likely it is, at each character, that a text ends if it may, and makes for its end."""
_SURROGATES = range(0xD800, 0xE000)

Term = tuple[object, ...]
NOTHING, END = 0, 1
"""The numbers of the two simplest terms: no text at all, and the empty text."""


class _Way(NamedTuple):
    """One way in which a text can go on."""

    chars: str
    rest: int
    """The term of what may follow one of the characters."""
    distance: int
    """How far the end is then."""
    weight: int
    """How many characters there are to choose from; none that cannot be seen."""


class Language:
    """The texts in which all of some patterns are found, and none of others.

    Raises PatternError for a pattern that cannot be read. `tight` languages have no characters
    before and after what a pattern describes: texts look better, but there may be none.
    """

    def __init__(
        self, patterns: Iterable[str], without: Iterable[str], shortest: int, *, tight: bool
    ) -> None:
        found, lacking = [parsed(text) for text in patterns], [parsed(text) for text in without]
        self._chars = _Alphabet(set().union(*map(_ranges, (*found, *lacking))))
        self._terms: list[Term] = [("nothing",), ("end",)]
        self._numbers: dict[Term, int] = {term: number for number, term in enumerate(self._terms)}
        self._ends: dict[int, bool] = {}
        self._derivatives: dict[tuple[int, int], int] = {}
        self._distances: dict[int, int | None] = {NOTHING: None}
        self._onward: dict[int, list[_Way]] = {}
        self._any = self._term("chars", frozenset(range(self._chars.size)))
        self._all = self._repeat(self._any, 0, None)
        terms = [self._search(node, tight=tight) for node in found]
        terms += [self._not(self._search(node, tight=False)) for node in lacking]
        self._start = self._and([*terms, self._repeat(self._any, shortest, None)])

    def text(self, random: Random, longest: int | None = None) -> str:
        """Some text of the language. Raises Failed where there is none, or none is found."""
        shortest = self._distance(self._start)
        if shortest is None or (longest is not None and shortest > longest):
            raise Failed
        term, made = self._start, list[str]()
        while True:
            ways = self._ways(term)
            if longest is not None:
                ways = [way for way in ways if way.distance < longest - len(made)]
            is_end = self._is_end(term)
            is_done = term == self._all != self._start
            if is_end and (not ways or is_done or random.random() < _STOPS):
                return "".join(made)
            if len(made) > shortest + _WANDERING or random.random() < _STRAIGHT:
                if is_end:
                    return "".join(made)
                distance = min(way.distance for way in ways)
                ways = [way for way in ways if way.distance == distance]
            # Characters that can be seen, where there are some.
            ways = [way for way in ways if way.weight] or ways
            weights = [way.weight for way in ways] if ways[0].weight else None
            way = random.choices(ways, weights)[0] if len(ways) > 1 else ways[0]
            made.append(random.choice(way.chars))
            term = way.rest

    def _ways(self, term: int) -> list["_Way"]:
        """The ways in which a text can go on."""
        if term not in self._onward:
            rests = [self._derivative(term, atom) for atom in range(self._chars.size)]
            self._onward[term] = [
                _Way(chars, rest, distance, len(chars) if chars[0].isprintable() else 0)
                for chars, rest in zip(self._chars.atoms, rests, strict=True)
                if (distance := self._distance(rest)) is not None
            ]
        return self._onward[term]

    def _distance(self, term: int) -> int | None:
        """How many characters the nearest end is away; None where none is found."""
        if term not in self._distances:
            self._measure(term)
        return self._distances[term]

    def _measure(self, term: int) -> None:
        """Notes the distance of the term, and of those on the way to its nearest end."""
        before: dict[int, int] = {term: term}
        level, steps = [term], 0
        nearest: tuple[int, int] | None = None
        while level and self._is_worth(len(before), steps) and (not nearest or steps < nearest[0]):
            onward = []
            for each in level:
                known = 0 if self._is_end(each) else self._distances.get(each)
                if known is not None and (nearest is None or steps + known < nearest[0]):
                    nearest = (steps + known, each)
                if known is None and self._distances.get(each, 0) is not None:
                    onward.append(each)
            level = []
            for each in onward:
                for atom in range(self._chars.size):
                    rest = self._derivative(each, atom)
                    if rest != NOTHING and rest not in before:
                        before[rest] = each
                        level.append(rest)
            steps += 1
        if nearest is None:
            # All that was reached leads nowhere, unless the search was cut off.
            self._distances |= dict.fromkeys(before if not level else [term])
            return
        distance, at = nearest
        away = 0 if self._is_end(at) else self._distances[at] or 0
        while at != term:
            self._distances[at] = away
            at, away = before[at], away + 1
        self._distances[term] = distance

    @staticmethod
    def _is_worth(seen: int, steps: int) -> bool:
        """Whether the search for an end goes on, so many characters away from where it began."""
        return seen < _MOST_ASIDE + _MOST_AHEAD * steps and steps < _FARTHEST

    # Trees of patterns to terms. What follows is known while a tree is read from its end, so that a
    # look ahead and an edge see it.

    def _search(self, node: Node, *, tight: bool) -> int:
        """The texts in which the pattern is found."""
        if tight:
            return self._read(node, END, start=True)
        later = self._cat(self._repeat(self._any, 1, None), self._read(node, self._all))
        return self._or([self._read(node, self._all, start=True), later])

    def _read(self, node: Node, rest: int, *, start: bool = False) -> int:
        match node:
            case Chars(ranges):
                return self._cat(self._term("chars", self._chars.atoms_in(ranges)), rest)
            case Sequence(parts):
                wide = next((i for i, part in enumerate(parts) if _is_wide(part)), len(parts))
                for index in reversed(range(len(parts))):
                    rest = self._read(parts[index], rest, start=start and index <= wide)
                return rest
            case Alternatives(parts):
                return self._or([self._read(part, rest, start=start) for part in parts])
            case Repeated(part, least, most):
                if (least, most) == (0, 1):
                    return self._or([self._read(part, rest, start=start), rest])
                return self._cat(self._repeat(self._read(part, END), least, most), rest)
            case Look(part, holds):
                ahead = self._read(part, self._all, start=start)
                return self._and([ahead if holds else self._not(ahead), rest])
            case Edge(is_start):
                if is_start:
                    return rest if start else NOTHING
                return self._and([END, rest])

    # Terms, made so that equal languages mostly have equal numbers.

    def _term(self, *term: object) -> int:
        if term not in self._numbers:
            self._numbers[term] = len(self._terms)
            self._terms.append(term)
        return self._numbers[term]

    def _cat(self, first: int, second: int) -> int:
        if NOTHING in (first, second):
            return NOTHING
        if first == END:
            return second
        if second == END:
            return first
        match self._terms[first]:
            case ("cat", int(before), int(after)):
                return self._cat(before, self._cat(after, second))
        return self._term("cat", first, second)

    def _repeat(self, part: int, least: int, most: int | None) -> int:
        if most == 0 or part == END:
            return END
        if part == NOTHING:
            return END if least == 0 else NOTHING
        return part if (least, most) == (1, 1) else self._term("repeat", part, least, most)

    def _or(self, parts: Iterable[int]) -> int:
        flat = self._flat("or", parts) - {NOTHING}
        if self._all in flat:
            return self._all
        return self._joined("or", flat, NOTHING)

    def _and(self, parts: Iterable[int]) -> int:
        flat = self._flat("and", parts)
        if NOTHING in flat:
            return NOTHING
        return self._joined("and", flat - {self._all}, self._all)

    def _flat(self, kind: str, parts: Iterable[int]) -> set[int]:
        flat: set[int] = set()
        for part in parts:
            match self._terms[part]:
                case (str(name), frozenset(inner)) if name == kind:
                    flat |= inner
                case _:
                    flat.add(part)
        return flat

    def _joined(self, kind: str, parts: set[int], none: int) -> int:
        return self._term(kind, frozenset(parts)) if len(parts) > 1 else next(iter(parts), none)

    def _not(self, part: int) -> int:
        match self._terms[part]:
            case ("nothing",):
                return self._all
            case ("not", int(inner)):
                return inner
        return NOTHING if part == self._all else self._term("not", part)

    def _is_end(self, term: int) -> bool:
        """True when the text may end here."""
        if term not in self._ends:
            self._ends[term] = self._ends_at(self._terms[term])
        return self._ends[term]

    def _ends_at(self, term: Term) -> bool:
        match term:
            case ("end",):
                return True
            case ("cat", int(first), int(second)):
                return self._is_end(first) and self._is_end(second)
            case ("repeat", int(part), int(least), _):
                return least == 0 or self._is_end(part)
            case ("or", frozenset(parts)):
                return any(map(self._is_end, parts))
            case ("and", frozenset(parts)):
                return all(map(self._is_end, parts))
            case ("not", int(part)):
                return not self._is_end(part)
        return False

    def _derivative(self, term: int, atom: int) -> int:
        key = (term, atom)
        if key not in self._derivatives:
            self._derivatives[key] = self._derived(self._terms[term], atom)
        return self._derivatives[key]

    def _derived(self, term: Term, atom: int) -> int:
        match term:
            case ("chars", frozenset(atoms)):
                return END if atom in atoms else NOTHING
            case ("cat", int(first), int(second)):
                here = self._cat(self._derivative(first, atom), second)
                if self._is_end(first):
                    return self._or([here, self._derivative(second, atom)])
                return here
            case ("repeat", int(part), int(least), int() | None as most):
                fewer = self._repeat(part, max(least - 1, 0), None if most is None else most - 1)
                return self._cat(self._derivative(part, atom), fewer)
            case ("or", frozenset(parts)):
                return self._or([self._derivative(part, atom) for part in parts])
            case ("and", frozenset(parts)):
                return self._and([self._derivative(part, atom) for part in parts])
            case ("not", int(part)):
                return self._not(self._derivative(part, atom))
        return NOTHING


class _Alphabet:
    """Characters in atoms: those of one atom are told apart by no pattern."""

    def __init__(self, ranges: set[Ranges]) -> None:
        ordered = sorted(ranges)
        codes = dict.fromkeys(_ASCII)
        for low, high in (pair for each in ordered for pair in each):
            step = max(1, (high - low) // _FROM_A_RANGE)
            codes |= dict.fromkeys(range(low, high + 1, step))
        by_sets: dict[tuple[bool, ...], list[str]] = {}
        for code in codes:
            if code not in _SURROGATES:
                sets = tuple(_within(code, each) for each in ordered)
                by_sets.setdefault(sets, []).append(chr(code))
        self.atoms = [_pleasant(chars) for chars in by_sets.values()]
        self.size = len(self.atoms)

    def atoms_in(self, ranges: Ranges) -> frozenset[int]:
        """The atoms of the characters within the ranges."""
        atoms = enumerate(self.atoms)
        return frozenset(number for number, chars in atoms if _within(ord(chars[0]), ranges))


def _pleasant(chars: list[str]) -> str:
    """Letters and digits where there are some, else anything printable."""
    kept = [char for char in chars if char in _PLEASANT] or [
        char for char in chars if char.isprintable() and char.isascii()
    ]
    return "".join(kept or chars)


def _within(code: int, ranges: Ranges) -> bool:
    return any(low <= code <= high for low, high in ranges)


def _is_wide(node: Node) -> bool:
    """True when it takes up characters, so that nothing after it is at the start."""
    match node:
        case Look() | Edge():
            return False
        case Sequence(parts) | Alternatives(parts):
            return any(map(_is_wide, parts))
    return True


def _ranges(node: Node) -> set[Ranges]:
    """All sets of characters of a tree."""
    match node:
        case Chars(ranges):
            return {ranges}
        case Sequence(parts) | Alternatives(parts):
            return set().union(*map(_ranges, parts))
        case Repeated(part) | Look(part):
            return _ranges(part)
    return set()
