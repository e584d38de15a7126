"""Which ways through its schemas an operation was seen to take: alternatives, values, gaps."""

import json
import logging
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator

from contracts.api import Api
from contracts.history import Exchange
from openapi import shapes
from openapi.description import Operation
from openapi.pointers import escaped
from openapi.resources import sent_schema, success_content
from openapi.schemas import Schema, part_of

_log = logging.getLogger("understudy")

REQUEST, RESPONSE = "request", "response"
THERE, LEFT_OUT = "there", "left out"

_MOST = 60
"""So many branches of one body are watched, those nearest to its top."""
_MOST_PARTS = 200
"""So many parts of a schema are looked at for them."""
_MOST_VALUES = 20
"""An enumeration of more values, such as all countries, is no list of cases."""
_DEEPEST = 5
_MOST_ITEMS = 20
"""So many items of a list are looked at."""
_MOST_LOOKS = 300
"""So many bodies are looked at: what none of them shows is taken for unseen."""


@dataclass(frozen=True)
class Branch:
    """One way that a schema leaves open."""

    side: str
    """Of a `request` or a `response`."""
    at: str
    """Where in the body, as a JSON pointer; `*` stands for any item of a list."""
    is_: str
    """The value of an enumeration as JSON, the name of an alternative, or whether a property that
    may be left out is `there` or `left out`."""


@dataclass
class _Part:
    """A part of a schema, with what is watched there."""

    optional: Mapping[str, tuple[Branch, Branch]] = field(default_factory=dict)
    """What it says of properties that may be left out: there, and left out."""
    values: Mapping[str, Branch] = field(default_factory=dict)
    alternatives: list[tuple[Branch, Draft202012Validator]] = field(default_factory=list)
    properties: dict[str, "_Part"] = field(default_factory=dict)
    items: "_Part | None" = None


class Branches:
    """The branches of an operation's request, and of its first described success."""

    def __init__(self, api: Api, operation: Operation) -> None:
        self.seen: dict[Branch, bool] = {}
        """Whether each was seen, in the order of the description."""
        content = success_content(operation)
        answered: Schema = True if content is None or content.schema is None else content.schema
        self._parts = {
            REQUEST: self._watched(api, sent_schema(operation), REQUEST),
            RESPONSE: self._watched(api, answered, RESPONSE),
        }
        self._looks = dict.fromkeys(self._parts, _MOST_LOOKS)

    def note(self, exchange: Exchange) -> None:
        """Take into account what was sent, and what came of a success."""
        self._look(REQUEST, exchange.sent)
        if exchange.ok:
            self._look(RESPONSE, exchange.answer)

    def _look(self, side: str, body: Any) -> None:
        if not isinstance(body, dict | list) or not self._looks[side]:
            return
        self._looks[side] -= 1
        try:
            for branch in _taken(self._parts[side], body, self.seen):
                self.seen[branch] = True
        except Exception:  # noqa: BLE001 - a schema that is too odd to be followed ends no run
            _log.debug("What a %s takes of its schema cannot be told.", side, exc_info=True)
            self._looks[side] = 0
        if all(seen for branch, seen in self.seen.items() if branch.side == side):
            self._looks[side] = 0

    def _watched(self, api: Api, schema: Schema, side: str) -> _Part:
        """What is watched of a body, nearest to its top first."""
        top = _Part()
        waiting: deque[tuple[_Part, Schema, str, int]] = deque([(top, schema, "", 0)])
        found: dict[Branch, bool] = {}
        for _ in range(_MOST_PARTS):
            if not waiting or len(found) >= _MOST:
                break
            part, inside, at, depth = waiting.popleft()
            described = _described(inside, side)
            part.optional = {
                name: (Branch(side, below, THERE), Branch(side, below, LEFT_OUT))
                for name in described
                if name not in shapes.required(inside)
                for below in [_below(at, name)]
            }
            part.values = _values(inside, side, at)
            part.alternatives = list(_alternatives(api, inside, side, at))
            own = [one for pair in part.optional.values() for one in pair]
            own += [*part.values.values(), *(one for one, _ in part.alternatives)]
            found |= dict.fromkeys(own, False)
            if depth == _DEEPEST:
                continue
            for name, below in described.items():
                part.properties[name] = _Part()
                waiting.append((part.properties[name], below, _below(at, name), depth + 1))
            if "array" in shapes.types(inside):
                part.items = _Part()
                waiting.append((part.items, shapes.items(inside), f"{at}/*", depth + 1))
        self.seen |= found
        return top


def _described(schema: Schema, side: str) -> dict[str, Schema]:
    """The properties that a body may have: what only the server sets is in no request."""
    hidden = shapes.read_only(schema) if side == REQUEST else frozenset()
    found = shapes.properties(schema)
    return {name: below for name, below in found.items() if name not in hidden}


def _below(at: str, name: str) -> str:
    return f"{at}/{escaped(name)}"


def _values(schema: Schema, side: str, at: str) -> dict[str, Branch]:
    """The values of an enumeration, by how they are written."""
    values = shapes.keyword(schema, "enum")
    if not isinstance(values, list) or not 1 < len(values) <= _MOST_VALUES:
        return {}
    return {text: Branch(side, at, text) for text in map(_written, values)}


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _alternatives(
    api: Api, schema: Schema, side: str, at: str
) -> Iterator[tuple[Branch, Draft202012Validator]]:
    """The alternatives of its `oneOf` and `anyOf`, by name or number."""
    for node in shapes.holding(schema):
        for keyword in ("oneOf", "anyOf"):
            parts = node.get(keyword)
            if not isinstance(parts, list) or len(parts) == 1:
                continue
            for number, part in enumerate(parts, 1):
                alone = part_of(schema, part)
                yield Branch(side, at, _name(part, number)), api.validator(alone)


def _name(part: Any, number: int) -> str:
    """What an alternative is called: its own name, its title, its type, or only a number."""
    told = part if isinstance(part, dict) else {}
    reference = (shapes.reference(part) or "").rpartition("/")[2]
    named = [
        one for one in (reference, told.get("title"), told.get("type")) if isinstance(one, str)
    ]
    return ", ".join([f"alternative {number}", *list(filter(None, named))[:1]])


def _taken(top: _Part, body: Any, seen: Mapping[Branch, bool]) -> Iterator[Branch]:
    """The branches that a body takes, but those of alternatives that are seen already."""
    waiting: list[tuple[_Part, Any]] = [(top, body)]
    while waiting:
        part, value = waiting.pop()
        # To see whether a value fits costs the most by far.
        for branch, validator in part.alternatives:
            if not seen.get(branch, True) and validator.is_valid(value):
                yield branch
        if part.values and not isinstance(value, dict | list):
            branch_of_value = part.values.get(_written(value))
            if branch_of_value is not None:
                yield branch_of_value
        if isinstance(value, Mapping):
            for name, (there, left_out) in part.optional.items():
                yield there if name in value else left_out
            waiting += [
                (below, value[name]) for name, below in part.properties.items() if name in value
            ]
        elif isinstance(value, list) and part.items is not None:
            waiting += [(part.items, one) for one in value[:_MOST_ITEMS]]
