"""Plans: what is known about the values of a conjunction of schemas, found out once."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

from openapi.schemas import Schema
from openapi.synthesis.choices import Choice, Choices, Option
from openapi.synthesis.equality import TYPES, frozen, type_of, types_named
from openapi.synthesis.height import Heights
from openapi.synthesis.items import Items
from openapi.synthesis.merge import Decisions, Merge
from openapi.synthesis.number import Numbers
from openapi.synthesis.properties import Properties
from openapi.synthesis.references import Conjunction, References
from openapi.synthesis.text import Texts
from openapi.synthesis.validity import check

_MOST_PLANS = 20_000
"""So many plans of one schema are kept; beyond that they are made again at each use."""

_TYPES_BY_KEYWORD: Final = {
    **dict.fromkeys(("properties", "required", "additionalProperties"), "object"),
    **dict.fromkeys(("patternProperties", "propertyNames", "!has"), "object"),
    **dict.fromkeys(("minProperties", "maxProperties", "unevaluatedProperties"), "object"),
    **dict.fromkeys(("items", "prefixItems", "contains", "unevaluatedItems"), "array"),
    **dict.fromkeys(("minItems", "maxItems", "uniqueItems", "!unique"), "array"),
    **dict.fromkeys(("minimum", "maximum", "multipleOf", "!multipleOf"), "integer"),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), "integer"),
    **dict.fromkeys(("pattern", "format", "minLength", "maxLength"), "string"),
    **dict.fromkeys(("!pattern", "!format", "contentEncoding"), "string"),
}
"""The type that a keyword hints at where there is no `type`."""

_LEFT_TO_CHANCE: Final = {
    *("oneOf", "not", "if", "contains", "unevaluatedProperties", "unevaluatedItems"),
    *("propertyNames", "patternProperties", "dependentSchemas", "minProperties"),
}
"""Keywords that what is made by them may break after all."""

_PLAIN: Final = {"type", "enum", "const", "!types", "!values", "$ref", "allOf"}


class Root:
    """The whole schema: its references, and the plans of all its parts."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.references = References(schema)
        self.choices = Choices(self.references)
        self.heights = Heights(self.references)
        self.plans_made = 0
        self._plans: dict[tuple[int, ...], Plan] = {}
        self._matchers: dict[str, Callable[[str], bool]] = {}

    def plan(self, *schemas: Schema) -> "Plan":
        """The plan of the values for which all of these schemas hold."""
        meant = [self.references.meant(schema) for schema in schemas]
        together = {id(schema): schema for schema in meant if schema is not True}
        key = tuple(together)
        if key not in self._plans:
            self._plans[key] = Plan(self, tuple(together.values()), {})
        return self._plans[key]

    def matches(self, pattern: str, text: str) -> bool:
        """True when the pattern is found in the text, as the validator sees it."""
        if pattern not in self._matchers:
            self._matchers[pattern] = self.check({"pattern": pattern})
        return self._matchers[pattern](text)

    def check(self, schema: Schema) -> Callable[[Any], bool]:
        """The validator of a schema that refers to this one's definitions."""
        return check(self.references.with_definitions(schema))


class Plan:
    """The values for which some schemas hold, once some choices between them are decided."""

    def __init__(
        self, root: Root, schemas: Conjunction, decisions: Decisions, trunk: "Plan | None" = None
    ) -> None:
        self.root = root
        self.schemas = schemas
        merge = Merge(root.references, root.choices, schemas, decisions)
        self.parts: Final = merge.parts
        self.choice: Final[Choice | None] = merge.choice
        # What is unevaluated is not known before all choices are decided.
        self._scopes = [] if merge.choice else merge.scopes
        self._never = merge.never
        self._decisions = decisions
        self._trunk = trunk
        self._picked: dict[int, Plan] = {}
        self._judging = False

    def pick(self, option: int) -> "Plan":
        """The plan with that option of its open choice taken."""
        assert self.choice is not None
        if option in self._picked:
            return self._picked[option]
        decisions = {**self._decisions, self.choice.key: option}
        plan = Plan(self.root, self.schemas, decisions, self._trunk or self)
        if self.root.plans_made < _MOST_PLANS:
            self.root.plans_made += 1
            self._picked[option] = plan
        return plan

    @property
    def impossible(self) -> bool:
        """True when it is plain that no value fits. A plan that needs itself is not judged."""
        return not self._judging and (not self.types or self.fitting_values == [])

    @cached_property
    def types(self) -> tuple[str, ...]:
        """The TYPES that a value may have, `null` last."""
        allowed = set() if self._never else set(TYPES)
        for part in self.parts:
            if "type" in part:
                allowed &= types_named(part["type"])
            if "!types" in part:
                allowed -= types_named(part["!types"])
        if self.values is None:
            self._judging = True
            allowed = {kind for kind in allowed if not self._excluded(kind)}
            self._judging = False
        return tuple(kind for kind in TYPES if kind in allowed)

    def _excluded(self, kind: str) -> bool:
        if kind in ("integer", "fraction"):
            return self.numbers.impossible(kind)
        if kind == "string":
            return self.texts.impossible
        if kind == "array":
            return self.items.impossible
        return kind == "object" and self.properties.impossible

    @cached_property
    def hinted_types(self) -> tuple[str, ...]:
        """The types that the keywords speak of, or of all types where `type` is absent."""
        if any("type" in part for part in self.parts):
            return self.types
        hints = {_TYPES_BY_KEYWORD.get(keyword) for part in self.parts for keyword in part}
        return tuple(kind for kind in self.types if kind in hints)

    @cached_property
    def values(self) -> list[Any] | None:
        """The values that `enum` and `const` leave; None where there is neither."""
        lists = [part["enum"] for part in self.parts if "enum" in part]
        lists += [[part["const"]] for part in self.parts if "const" in part]
        if not lists:
            return None
        allowed = [{frozen(value) for value in values} for values in lists[1:]]
        barred = {frozen(value) for part in self.parts for value in part.get("!values", ())}
        left = []
        for value in lists[0]:
            key = frozen(value)
            if all(key in values for values in allowed) and key not in barred:
                left.append(value)
        named = [types_named(part["type"]) for part in self.parts if "type" in part]
        return [value for value in left if all(type_of(value) in kinds for kinds in named)]

    @cached_property
    def fitting_values(self) -> list[Any] | None:
        """The `values` that fit all other keywords too."""
        if self.values is None or all(part.keys() <= _PLAIN for part in self.parts):
            return self.values
        return [value for value in self.values if self.valid(value)]

    @cached_property
    def barred(self) -> frozenset[Any]:
        """The values, frozen, that are not allowed."""
        return frozenset(frozen(value) for part in self.parts for value in part.get("!values", ()))

    @cached_property
    def examples(self) -> list[Any]:
        """What the schemas show in `examples` and `example`, as far as it fits."""
        shown: list[Any] = []
        for part in self.parts:
            shown += part["examples"] if isinstance(part.get("examples"), list) else []
            shown += [part["example"]] if "example" in part else []
        return [value for value in shown if self.valid(value)]

    @cached_property
    def defaults(self) -> list[Any]:
        """What the schemas give as `default`, as far as it fits."""
        shown = [part["default"] for part in self.parts if "default" in part]
        return [value for value in shown if self.valid(value)]

    @cached_property
    def is_given(self) -> bool:
        """True when the schemas say what a value is: by a default, or by one for all items."""
        return bool(self.defaults) or ("array" in self.hinted_types and self.items.are_given)

    @cached_property
    def left_to_chance(self) -> bool:
        """True when a value that was made by the plan may yet be invalid."""
        return any(not part.keys().isdisjoint(_LEFT_TO_CHANCE) for part in self.parts)

    @cached_property
    def valid(self) -> Callable[[Any], bool]:
        """Says whether a value fits the schemas, whatever was decided."""
        return self._trunk.valid if self._trunk else self.root.check({"allOf": [*self.schemas]})

    def height(self, option: Option) -> int:
        """Levels below the smallest value of an option."""
        heights = map(self.root.heights.of, (*option.inside, *option.outside))
        return max(heights, default=0)

    @cached_property
    def numbers(self) -> Numbers:
        """The limits of numbers."""
        return Numbers(self.parts)

    @cached_property
    def texts(self) -> Texts:
        """The limits of strings."""
        return Texts(self.parts)

    @cached_property
    def items(self) -> Items:
        """The items of arrays."""
        return Items(self.root, self.parts, self._scopes)

    @cached_property
    def properties(self) -> Properties:
        """The properties of objects."""
        return Properties(self.root, self.parts, self._scopes)
