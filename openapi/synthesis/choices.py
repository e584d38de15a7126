"""The keywords that leave a choice: each of its options is one way to satisfy the keyword."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any

from openapi.schemas import Schema
from openapi.synthesis.negation import negations
from openapi.synthesis.references import Conjunction, References

_FEW = 5
"""Up to so many branches of an `anyOf` are also tried in pairs."""

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]")
_NUMBER = re.compile(r"-\d+$")


@dataclass(frozen=True)
class Option:
    """One way to satisfy a keyword."""

    inside: Conjunction = ()
    """Schemas that count for the `unevaluatedProperties` and `unevaluatedItems` around them."""
    outside: Conjunction = ()
    """Schemas that do not count."""
    rank: int = 0
    """Options of a lower rank are tried first."""
    adds: bool = False
    """It wants something that need not be there."""


@dataclass(frozen=True)
class Choice:
    """A keyword with its options."""

    key: tuple[object, ...]
    options: tuple[Option, ...]


class Choices:
    """The choices that schemas leave, made once for each schema."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._made: dict[int, tuple[Schema, list[Choice]]] = {}
        self._heirs: dict[tuple[object, ...], Choice] = {}

    def of(self, schema: dict[str, Any], path: tuple[int, ...]) -> list[Choice]:
        """The choices of the schema; `path` has the `id()`s of the schemas that led to it."""
        if id(schema) not in self._made:
            # The schema is kept, as its id may be another's otherwise.
            self._made[id(schema)] = (schema, list(self._choices(schema)))
        made = self._made[id(schema)][1]
        discriminator = schema.get("discriminator")
        if isinstance(discriminator, dict) and not schema.keys() & {"oneOf", "anyOf"}:
            names = filter(None, map(self._references.name, path))
            return [*made, *(self._heir(schema, name) for name in islice(names, 1))]
        return made

    def _choices(self, schema: dict[str, Any]) -> Iterator[Choice]:
        found: list[tuple[str, list[Option]]] = []
        if "anyOf" in schema:
            found.append(("anyOf", list(self._any_of(schema["anyOf"], schema))))
        if "oneOf" in schema:
            found.append(("oneOf", list(self._one_of(schema["oneOf"], schema))))
        if "if" in schema:
            found.append(("if", _if(schema)))
        if "not" in schema:
            ways = negations(schema["not"], self._references.target)
            found.append(("not", [Option(outside=(way,)) for way in ways]))
        needs: dict[str, Schema] = dict(schema.get("dependentSchemas", {}))
        found += [(f"dependentSchemas {name}", _dependent(name, needs[name])) for name in needs]
        for name, others in schema.get("dependentRequired", {}).items():
            found.append((f"dependentRequired {name}", _dependent(name, {"required": others})))
        for keyword, options in found:
            yield Choice((id(schema), keyword), tuple(options))

    def _any_of(self, branches: list[Schema], schema: dict[str, Any]) -> Iterator[Option]:
        yield from self._branches(branches, schema)
        # What one branch leaves unevaluated another may evaluate.
        if len(branches) <= _FEW:
            for pair in combinations(branches, 2):
                yield Option(pair, rank=3)
        yield Option(tuple(branches), rank=4)

    def _one_of(self, branches: list[Schema], schema: dict[str, Any]) -> Iterator[Option]:
        # Branches rarely overlap: that the others do not hold is asked for only when they did.
        yield from self._branches(branches, schema)
        nots: list[Schema] = [{"not": branch} for branch in branches]
        for index, branch in enumerate(branches):
            yield Option((branch,), (*nots[:index], *nots[index + 1 :]), rank=3)

    def _branches(self, branches: list[Schema], schema: dict[str, Any]) -> Iterator[Option]:
        discriminator = schema.get("discriminator")
        for branch in branches:
            if isinstance(discriminator, dict) and isinstance(branch, dict) and "$ref" in branch:
                name = branch["$ref"].rpartition("/")[2]
                for index, says in enumerate(_says(discriminator, name)):
                    yield Option((branch,), (says,), rank=2 * index)
            # Null is the last resort of whoever looks for something to show.
            null = int(isinstance(branch, dict) and branch.get("type") in ("null", ["null"]))
            yield Option((branch,), rank=1 + null)

    def _heir(self, schema: dict[str, Any], name: str) -> Choice:
        """What a base schema's discriminator says: the name of the schema that extends it."""
        key = (id(schema), "discriminator", name)
        if key not in self._heirs:
            says = _says(schema["discriminator"], name)
            options = [Option(outside=(value,), rank=rank) for rank, value in enumerate(says)]
            self._heirs[key] = Choice(key, (*options, Option(rank=len(options))))
        return self._heirs[key]


def _if(schema: dict[str, Any]) -> list[Option]:
    condition = schema["if"]
    return [
        Option((condition, schema.get("then", True))),
        Option((schema.get("else", True),), ({"not": condition},)),
    ]


def _dependent(name: str, schema: Schema) -> list[Option]:
    with_it = Option(({"required": [name]}, schema), adds=True)
    return [with_it, Option(outside=({"properties": {name: False}},))]


def _says(discriminator: dict[str, Any], name: str) -> list[Schema]:
    """Schemas by which the discriminator says that name of a definition, the best first.

    A schema that stands alone has its definitions numbered (`Cat-0`), while the mapping still has
    the document's names.
    """
    plain = _NUMBER.sub("", name)
    mapped = [
        value
        for value, target in discriminator.get("mapping", {}).items()
        if _NOT_IN_A_NAME.sub("_", target.rpartition("/")[2]) in (name, plain)
    ]
    says = discriminator["propertyName"]
    return [
        {"required": [says], "properties": {says: {"const": value}}}
        for value in mapped or dict.fromkeys([plain, name])
    ]
