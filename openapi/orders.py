"""What descriptions say in words of two properties: that one is never after, or above, another."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openapi import shapes
from openapi.description import Operation
from openapi.moments import instant
from openapi.resources import sent_schema
from openapi.schemas import Schema

_DATES = {"date", "date-time"}
_MORE = r"after|later|greater|larger|higher|more|exceeds?|follows?|at least"
_LESS = r"before|earlier|less|smaller|lower|fewer|precedes?|at most"
_COMPARED = re.compile(rf"\b(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\b", re.IGNORECASE)
_NEGATED = re.compile(r"\b(not|never|cannot|can't|mustn't|no)\b", re.IGNORECASE)
_NOTHING_ELSE = re.compile(r"\W*(not|never)?\W*", re.IGNORECASE)
_CLAUSES = re.compile(r",|\b(?:or|and|but|if|when|unless)\b", re.IGNORECASE)
"""What parts clauses: a *not* in one says nothing of the next."""
_DEMANDED = re.compile(
    r"\b(must|has to|have to|needs? to|should|shall|may not|can ?not|can't|never|always)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.;\n]+")
_SHORTEST = 3


@dataclass(frozen=True)
class Order:
    """Two properties of a body, of which the first is at most the second."""

    first: str
    second: str

    def is_broken(self, body: Any) -> bool:
        """Whether a body has both, and the first is more than the second."""
        if not isinstance(body, Mapping):
            return False
        one, other = body.get(self.first), body.get(self.second)
        moments = instant(one), instant(other)
        if moments[0] is not None and moments[1] is not None:
            return moments[0] > moments[1]
        numbers = all(
            isinstance(each, int | float) and not isinstance(each, bool) for each in (one, other)
        )
        return numbers and one > other  # type: ignore[operator]


def orders(operation: Operation) -> tuple[Order, ...]:
    """The orders of which the description of an operation, or of the whole API, tells."""
    schema = sent_schema(operation)
    described = {name: part for name, part in shapes.properties(schema).items() if _kind(part)}
    found: dict[frozenset[str], Order] = {}
    if len(described) < 2:  # noqa: PLR2004 - an order is of two
        return ()
    for sentence, own, is_refused in _sentences(operation, schema, described):
        order = _told(sentence, own, described, is_refused=is_refused)
        if order is not None:
            found.setdefault(frozenset((order.first, order.second)), order)
    return tuple(found.values())


def _kind(schema: Schema) -> str:
    if shapes.keyword(schema, "format") in _DATES:
        return "date"
    return "number" if shapes.types(schema) & {"integer", "number"} else ""


def _sentences(
    operation: Operation, schema: Schema, described: Mapping[str, Schema]
) -> Iterator[tuple[str, str, bool]]:
    """Sentences, each with the property that it is about, and whether it tells what is refused."""
    whole = [operation.raw.get("summary"), operation.raw.get("description")]
    whole += [operation.about_all]
    whole += [node.get("description") for node in shapes.holding(schema)]
    for text in whole:
        for sentence in _SENTENCE.findall(text) if isinstance(text, str) else ():
            yield sentence, "", False
    for name, part in described.items():
        text = shapes.keyword(part, "description")
        for sentence in _SENTENCE.findall(text) if isinstance(text, str) else ():
            yield sentence, name, False
    for response in operation.responses:
        if response.status.startswith("4"):
            for sentence in _SENTENCE.findall(response.description):
                yield sentence, "", _DEMANDED.search(sentence) is None


def _told(
    sentence: str, own: str, described: Mapping[str, Schema], *, is_refused: bool
) -> Order | None:
    """The order of which a sentence tells, if it names two properties and compares them once."""
    compared = list(_COMPARED.finditer(sentence))
    if len(compared) != 1:
        return None
    start, end = compared[0].span()
    left, right = _named(sentence[:start], described), _named(sentence[end:], described)
    before = sentence[:start]
    if not left and own and (_DEMANDED.search(before) or _NOTHING_ELSE.fullmatch(before)):
        left = [own]
    if len(left) != 1 or len(right) != 1 or left == right:
        return None
    one, other = left[0], right[0]
    if _kind(described[one]) != _kind(described[other]):
        return None
    is_less = compared[0]["less"] is not None
    last = _CLAUSES.split(before)[-1]
    clause = last if _named(last, described) == left else before
    turned = bool(_NEGATED.search(clause)) != is_refused
    return Order(one, other) if is_less != turned else Order(other, one)


def _named(text: str, described: Mapping[str, Schema]) -> list[str]:
    """The properties that a piece of a sentence names; the longest names are the nearest."""
    found = []
    for name in sorted(described, key=len, reverse=True):
        for called in _called(name):
            text, count = re.subn(rf"(?<![\w-]){called}(?![\w-])", " ", text, flags=re.IGNORECASE)
            if count and name not in found:
                found.append(name)
    return found


def _called(name: str) -> Iterator[str]:
    """What a property is called in a sentence: as it is written, in words, without its ending."""
    yield re.escape(name)
    words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)
    yield r"[\s_-]?".join(map(re.escape, words))
    if len(words) > 1 and words[-1].lower() in {"at", "on", "date", "time", "day"}:
        stem = words[:-1]
        if len("".join(stem)) >= _SHORTEST:
            yield r"[\s_-]?".join(map(re.escape, stem))
