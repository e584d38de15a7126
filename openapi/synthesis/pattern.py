"""Reads a regular expression as JSON Schema has them (ECMA-262, unanchored), into a tree.

What is beyond regular languages is read as its nearest kin: a reference to a group as the group, a
word boundary as nothing. Whatever is made by such a tree is checked by the validator anyway.
"""

import string
from dataclasses import dataclass

Ranges = tuple[tuple[int, int], ...]
"""Code points from and to, both included."""

_LAST = 0x10FFFF
_DIGITS: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE: Ranges = ((9, 13), (32, 32))
_LINE_ENDS: Ranges = ((10, 10), (13, 13), (0x2028, 0x2029))
_PUNCTUATION: Ranges = tuple((ord(char), ord(char)) for char in sorted(string.punctuation))
_CLASSES = {"d": _DIGITS, "w": _WORD, "s": _SPACE}
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "0": 0}
_CATEGORIES: dict[str, Ranges] = {
    **dict.fromkeys(("Lu", "Uppercase"), ((65, 90),)),
    **dict.fromkeys(("Ll", "Lowercase"), ((97, 122),)),
    **dict.fromkeys(("N", "Nd", "Number"), _DIGITS),
    **dict.fromkeys(("P", "Punctuation"), _PUNCTUATION),
    **dict.fromkeys(("S", "Sc", "Symbol"), ((36, 36),)),
    **dict.fromkeys(("Z", "Zs", "White_Space"), ((32, 32),)),
}
_LETTERS: Ranges = ((65, 90), (97, 122))


class PatternError(ValueError):
    """The pattern cannot be read."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after another; nothing where there are none."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One of these."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """As often as this; `most` is None where there is no end."""

    part: "Node"
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Look:
    """What follows begins like this, or does not."""

    part: "Node"
    holds: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """`^` or `$`."""

    start: bool


Node = Chars | Sequence | Alternatives | Repeated | Look | Edge


def parsed(pattern: str) -> Node:
    """The tree of a pattern. Raises PatternError."""
    reader = _Reader(pattern)
    try:
        node = reader.alternatives()
    except (IndexError, ValueError) as error:
        raise PatternError(f"The pattern {pattern} cannot be read.") from error
    if reader.position < len(pattern):
        raise PatternError(f"The pattern {pattern} closes a group that it did not open.")
    return node


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.position = 0
        self._groups: list[Node] = []
        self._named: dict[str, Node] = {}

    def alternatives(self) -> Node:
        parts = [self._sequence()]
        while self._took("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Alternatives(tuple(parts))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self.position < len(self.pattern) and self.pattern[self.position] not in "|)":
            parts.append(self._repeated(self._atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _took(self, text: str) -> bool:
        if self.pattern.startswith(text, self.position):
            self.position += len(text)
            return True
        return False

    def _next(self) -> str:
        self.position += 1
        return self.pattern[self.position - 1]

    def _until(self, end: str) -> str:
        stop = self.pattern.index(end, self.position)
        text = self.pattern[self.position : stop]
        self.position = stop + len(end)
        return text

    def _atom(self) -> Node:
        char = self._next()
        if char == "(":
            return self._group()
        if char == "[":
            return Chars(self._class())
        if char == "\\":
            return self._escape()
        if char == ".":
            return Chars(_others(_LINE_ENDS))
        if char in "^$":
            return Edge(start=char == "^")
        return _char(ord(char))

    def _repeated(self, part: Node) -> Node:
        while self.position < len(self.pattern):
            bounds = self._quantifier()
            if bounds is None:
                break
            # Lazy or possessive changes what is captured, and hardly ever what is matched.
            _ = self._took("?") or self._took("+")
            part = Repeated(part, *bounds)
        return part

    def _quantifier(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._took(sign):
                return bounds
        start = self.position
        if self._took("{") and "}" in self.pattern[self.position :]:
            least, comma, most = self._until("}").partition(",")
            if least.isdecimal() and (not most or most.isdecimal()):
                if not comma:
                    return int(least), int(least)
                return int(least), int(most) if most else None
        # A brace that tells no numbers stands for itself.
        self.position = start
        return None

    def _group(self) -> Node:
        for sign, holds in (("?=", True), ("?!", False)):
            if self._took(sign):
                return Look(self._closed(), holds)
        if self._took("?<=") or self._took("?<!"):
            self._closed()
            return Sequence(())
        name = ""
        if self._took("?<") or self._took("?P<"):
            name = self._until(">")
        elif self._took("?"):
            return self._flagged()
        place = len(self._groups)
        self._groups.append(Sequence(()))
        node = self._closed()
        self._groups[place] = node
        if name:
            self._named[name] = node
        return node

    def _flagged(self) -> Node:
        """A group that captures nothing, perhaps with flags; the flags are passed over."""
        while self._next() not in ":)>":
            pass
        return Sequence(()) if self.pattern[self.position - 1] == ")" else self._closed()

    def _closed(self) -> Node:
        node = self.alternatives()
        if not self._took(")"):
            raise PatternError("A group is not closed.")
        return node

    def _escape(self) -> Node:
        char = self._next()
        if char in "bBAZz":
            return Edge(start=char == "A") if char in "AZz" else Sequence(())
        if char in "123456789":
            number = int(char) - 1
            return self._groups[number] if number < len(self._groups) else Sequence(())
        if char == "k" and self._took("<"):
            return self._named.get(self._until(">"), Sequence(()))
        return Chars(self._escaped(char))

    def _escaped(self, char: str) -> Ranges:
        """The characters of an escape that means the same within a class and without."""
        if char.lower() in _CLASSES:
            ranges = _CLASSES[char.lower()]
            return _others(ranges) if char.isupper() else ranges
        if char in "pP":
            name = self._until("}") if self._took("{") else self._next()
            ranges = _CATEGORIES.get(name.rpartition("=")[2], _LETTERS)
            return ranges if char == "p" else _others(ranges)
        return ((self._code(char),) * 2,)

    def _code(self, char: str) -> int:
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char == "c":
            return ord(self._next()) % 32
        if char == "u" and self._took("{"):
            return int(self._until("}"), 16)
        length = {"x": 2, "u": 4}.get(char)
        if length is None:
            return ord(char)
        digits = "".join(self._next() for _ in range(length))
        return int(digits, 16)

    def _class(self) -> Ranges:
        negated = self._took("^")
        ranges: list[tuple[int, int]] = []
        while not self._took("]"):
            first = self._member()
            if len(first) == 1 and first[0][0] == first[0][1] and self._spans():
                last = self._member()
                if len(last) == 1 and last[0][0] == last[0][1]:
                    first = ((first[0][0], last[0][0]),)
                else:
                    first = (*first, *last, (45, 45))
            ranges += first
        return _others(tuple(ranges)) if negated else tuple(ranges)

    def _spans(self) -> bool:
        """True after a hyphen that stands between two members of a class."""
        is_span = self.pattern[self.position] == "-" and self.pattern[self.position + 1] != "]"
        self.position += is_span
        return is_span

    def _member(self) -> Ranges:
        char = self._next()
        if char != "\\":
            return ((ord(char),) * 2,)
        char = self._next()
        return ((8, 8),) if char == "b" else self._escaped(char)


def _char(code: int) -> Chars:
    return Chars(((code, code),))


def _others(ranges: Ranges) -> Ranges:
    """All code points but these."""
    others: list[tuple[int, int]] = []
    start = 0
    for low, high in sorted(ranges):
        if low > start:
            others.append((start, low - 1))
        start = max(start, high + 1)
    if start <= _LAST:
        others.append((start, _LAST))
    return tuple(others)
