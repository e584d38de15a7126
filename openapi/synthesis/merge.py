"""A conjunction of schemas, taken apart: all that applies to the same value, in one flat list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openapi.schemas import Schema
from openapi.synthesis.choices import Choice, Choices
from openapi.synthesis.references import Conjunction, References

Decisions = Mapping[tuple[object, ...], int]
"""The option taken, by the choice's key."""


@dataclass
class Scope:
    """A schema with `unevaluatedProperties` or `unevaluatedItems`, and all that they look at."""

    owner: dict[str, Any]
    parts: list[dict[str, Any]] = field(default_factory=list)


class Merge:
    """What a conjunction comes to once some of its choices are decided."""

    def __init__(
        self, references: References, choices: Choices, schemas: Conjunction, decisions: Decisions
    ) -> None:
        self.parts: list[dict[str, Any]] = []
        """Every schema that holds; their applicators to the same value are already followed."""
        self.scopes: list[Scope] = []
        self.choice: Choice | None = None
        """The first choice that is still open."""
        self.never = False
        """True when `false` is among the schemas."""
        self._references = references
        self._choices = choices
        self._decisions = decisions
        for schema in schemas:
            self._walk(schema, (), ())

    def _walk(self, schema: Schema, scopes: tuple[Scope, ...], path: tuple[int, ...]) -> None:
        if isinstance(schema, bool):
            self.never |= not schema
            return
        if id(schema) in path:
            return
        path = (*path, id(schema))
        if "unevaluatedProperties" in schema or "unevaluatedItems" in schema:
            scopes = (*scopes, Scope(schema))
            self.scopes.append(scopes[-1])
        self.parts.append(schema)
        for scope in scopes:
            scope.parts.append(schema)
        if "$ref" in schema:
            self._walk(self._references.target(schema["$ref"]), scopes, path)
        for part in schema.get("allOf", ()):
            self._walk(part, scopes, path)
        for choice in self._choices.of(schema, path):
            self._decide(choice, scopes, path)

    def _decide(self, choice: Choice, scopes: tuple[Scope, ...], path: tuple[int, ...]) -> None:
        choice = self._narrowed(choice, path)
        options = choice.options
        if len(options) > 1:
            taken = self._decisions.get(choice.key)
            if taken is None:
                self.choice = self.choice or choice
                return
            options = options[taken : taken + 1]
        self.never |= not options
        for option in options:
            for schema in option.inside:
                self._walk(schema, scopes, path)
            for schema in option.outside:
                self._walk(schema, (), path)

    def _narrowed(self, choice: Choice, path: tuple[int, ...]) -> Choice:
        """Only the branch that led here, where a branch extends the schema that lists it."""
        if choice.key[1] not in ("anyOf", "oneOf"):
            return choice
        led_here = tuple(
            option
            for option in choice.options
            if any(id(self._references.meant(schema)) in path for schema in option.inside)
        )
        return Choice((*choice.key, "led here"), led_here) if led_here else choice
