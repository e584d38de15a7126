"""Requests that a server should accept: bodies and parameters made of the description.

A recipe says how one is made. The same recipe makes the same request, but for what must be new
each time; what turned out to be accepted can so be made again, and varied.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from contracts.api import Api
from contracts.exchange import ABSENT
from contracts.names import is_owner, is_status
from contracts.steps import LIKE, Fresh
from openapi import shapes
from openapi.description import Content, Operation, Parameter
from openapi.moments import instant
from openapi.resources import Role
from openapi.schemas import Schema
from openapi.shapes import spelling
from openapi.synthesis import Synthesiser, Unsatisfiable

EXAMPLE, LEAST, FULL = "example", "least", "full"
"""As the description shows one; only what is required; all that is described."""


@dataclass(frozen=True)
class Recipe:
    """How a request is made."""

    form: str
    number: int = 0
    """Others of the same form have other numbers."""
    enriched: bool = False
    """Whether it has more beside: all properties that are described and seem to be harmless."""


USUAL = (Recipe(EXAMPLE), Recipe(LEAST), Recipe(FULL), Recipe(FULL, 1), Recipe(LEAST, 1))
"""What is tried first, in this order."""

_WRITABLE = re.compile(r"(application/([\w.-]+\+)?json|application/x-www-form-urlencoded)$")
_ALONE = {
    *("username", "login", "email", "emailaddress", "mail", "slug", "handle", "code", "sku"),
    *("isbn", "alias", "nickname", "reference", "externalid"),
}
"""Properties of which a server often wants no two the same, in their `spelling`."""
_NAMED = {"name", "title", "label", "displayname"}
_ROOM = 24
"""Characters that a text must be allowed to have, to be made new each time."""
_NOVELTY = "0badcafe"
"""What the new part is like."""
_LONGEST = 10_000
"""Characters; limits beyond are not tried."""
_PAIRS = (
    *(("start", "end"), ("begin", "end"), ("from", "to"), ("checkin", "checkout")),
    *(("min", "max"), ("after", "before"), ("opens", "closes"), ("from", "until")),
)
"""Parts of names that tell which of two values comes first."""


class Samples:
    """Makes requests for the operations of one API."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._synthesisers: dict[tuple[int, bool], tuple[Schema, Synthesiser]] = {}

    def media_type(self, operation: Operation) -> str | None:
        """How a body is written: as JSON where that will do, else as a form; None: it takes none.

        Raises Unsatisfiable where it takes others only.
        """
        if operation.body is None:
            return None
        found = sorted(filter(_WRITABLE.match, operation.body.content), key=lambda m: "form" in m)
        if not found and operation.body.required and operation.body.content:
            raise Unsatisfiable(f"{operation.key} takes {', '.join(operation.body.content)} only.")
        return found[0] if found else None

    def body(self, operation: Operation, recipe: Recipe) -> Any:
        """A body, with a Fresh where a value must be new; ABSENT where none is taken.

        Raises Unsatisfiable where none can be made.
        """
        media_type = self.media_type(operation)
        if operation.body is None or media_type is None:
            return ABSENT
        content = operation.body.content[media_type]
        if recipe.form == LEAST and not operation.body.required:
            return ABSENT
        value = self._shown(content, recipe)
        if value is ABSENT:
            value = self.value(content.schema, recipe, operation.key)
        if isinstance(value, Mapping) and content.schema is not None:
            value = self._settable(value, content.schema)
            value = self._enriched(value, content.schema, recipe) if recipe.enriched else value
        schema = content.schema if content.schema is not None else True
        alone = {*self._api.uniqueness(operation).names, *self._own_key(operation)}
        return _fresh(_ordered(value), schema, alone)

    def _own_key(self, operation: Operation) -> Iterator[str]:
        """The key of what it creates, where a client may choose that."""
        part = self._api.parts[operation.key]
        if part is not None and part.role is Role.CREATE and part.resource.key is not None:
            yield part.resource.key

    def _settable(self, value: Mapping[str, Any], schema: Schema) -> Mapping[str, Any]:
        """The body without what is readOnly, which is not to be sent (OpenAPI 3.1, 4.8.24)."""
        barred = shapes.read_only(schema) & value.keys()
        rest = {name: one for name, one in value.items() if name not in barred}
        return rest if barred and self._api.validator(schema).is_valid(rest) else value

    def _enriched(self, value: Mapping[str, Any], schema: Schema, recipe: Recipe) -> Any:
        """The body with all the properties beside that are described and seem to be harmless."""
        barred = shapes.read_only(schema) | value.keys()
        more = {
            name: self.value(part, Recipe(FULL, recipe.number), name)
            for name, part in shapes.properties(schema).items()
            if name not in barred and _is_harmless(name)
        }
        whole = {**value, **more}
        return whole if self._api.validator(schema).is_valid(whole) else value

    def _shown(self, content: Content, recipe: Recipe) -> Any:
        if recipe.form != EXAMPLE:
            return ABSENT
        shown = [*content.examples]
        for node in shapes.holding(content.schema or True, branches=False):
            shown += [node["example"]] if "example" in node else []
            shown += node["examples"] if isinstance(node.get("examples"), list) else []
        fitting = [
            one
            for one in shown
            if content.schema is None or self._api.validator(content.schema).is_valid(one)
        ]
        return fitting[recipe.number % len(fitting)] if fitting else ABSENT

    def value(self, schema: Schema | None, recipe: Recipe, name: str = "") -> Any:
        """A value that fits the schema. Raises Unsatisfiable."""
        if schema is None:
            return {}
        synthesiser = self._synthesiser(schema, least=recipe.form == LEAST)
        return synthesiser.value(Random(f"{name}/{recipe.number}"), name)  # noqa: S311

    def _synthesiser(self, schema: Schema, *, least: bool) -> Synthesiser:
        known = self._synthesisers.get((id(schema), least))
        if known is None:
            valid = self._api.validator(schema).is_valid
            made = Synthesiser(schema, required_only=least, usual_items=(1, 2), validator=valid)
            known = self._synthesisers[id(schema), least] = (schema, made)
        return known[1]

    def parameter(self, parameter: Parameter, recipe: Recipe) -> Any:
        """A value for a parameter: its example, default or first choice, or one made up."""
        shown = [*parameter.examples]
        for name in ("example", "default"):
            value = shapes.keyword(parameter.schema, name)
            shown += [] if value is None else [value]
        examples = shapes.keyword(parameter.schema, "examples")
        shown += examples if isinstance(examples, list) else []
        if shown and recipe.number < len(shown):
            return shown[recipe.number]
        return self.value(parameter.schema, recipe, parameter.name)

    def required(self, operation: Operation, recipe: Recipe) -> Iterator[tuple[Parameter, Any]]:
        """The parameters without which the operation cannot be asked, those of its path too."""
        for parameter in operation.parameters:
            if parameter.required:
                yield parameter, self.parameter(parameter, recipe)

    @cached_property
    def boundaries(self) -> "Boundaries":
        """Values at the edges of what may be sent."""
        return Boundaries()


class Boundaries:
    """Values at the edges of integers and texts that often go wrong."""

    NUMBERS = (0, -1, 1, 2**31 - 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**63) - 1)
    TEXTS = (
        "",
        " ",
        "  padded  ",
        "'\"`;--",
        "\u0000",
        "Ünïcödé ✓ 漢字 🎈",
        "<b>&amp;</b>",
        "a" * 300,
    )
    DECIMALS = (0.1, 19.99, -0.01, 1e-7, 123456789.123456)

    def of(self, schema: Schema) -> Iterator[Any]:
        """Values of that kind, at the limits that the schema names first."""
        kinds = shapes.types(schema) - {"null"}
        if (
            shapes.keyword(schema, "enum") is not None
            or shapes.keyword(schema, "const") is not None
        ):
            return
        if kinds & {"integer", "number"}:
            yield from self._limits(schema)
            yield from self.NUMBERS
        if "number" in kinds:
            yield from self.DECIMALS
        if kinds == {"string"}:
            for keyword in ("minLength", "maxLength"):
                length = shapes.keyword(schema, keyword)
                if isinstance(length, int) and length <= _LONGEST:
                    yield from ("x" * one for one in (length - 1, length, length + 1) if one >= 0)
            yield from self.TEXTS

    def _limits(self, schema: Schema) -> Iterator[int | float]:
        for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            limit = shapes.keyword(schema, keyword)
            if isinstance(limit, int | float) and not isinstance(limit, bool):
                yield from (limit - 1, limit, limit + 1)


def _is_harmless(name: str) -> bool:
    """Whether a made-up value is hardly the reason why a server refuses a body."""
    refers = re.search(r"(id|ids|uuid|key|ref|parent)$", spelling(name))
    return not (refers or is_status(name) or is_owner(name))


def _ordered(value: Any) -> Any:
    """The value with the first of two dates or numbers before the second, as names tell."""
    if isinstance(value, list):
        return [_ordered(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    whole = {name: _ordered(one) for name, one in value.items()}
    by_spelling = {spelling(name): name for name in whole}
    for first, second in _PAIRS:
        for told, name in by_spelling.items():
            other = by_spelling.get(told.replace(first, second))
            if first in told and other is not None and other != name:
                one, two = whole[name], whole[other]
                later = [instant(each) for each in (one, two)]
                numbers = all(isinstance(each, int | float) for each in (one, two))
                if (numbers and one > two) or (None not in later and later[0] > later[1]):  # type: ignore[operator]
                    whole[name], whole[other] = two, one
    return whole


def _fresh(value: Any, schema: Schema, alone: Collection[str], path: str = "") -> Any:
    """The value with a Fresh in the place of texts of which a server may want no two the same.

    `alone` are properties of which the description says that.
    """
    if isinstance(value, list):
        part = shapes.items(schema)
        return [_fresh(one, part, (), f"{path}/{index}") for index, one in enumerate(value)]
    if not isinstance(value, Mapping):
        return value
    described = shapes.properties(schema)
    whole = dict(value)
    for name, one in value.items():
        part = described.get(name, True)
        place = f"{path}/{name}"
        form = _form(name, one, part, alone) if isinstance(one, str) else None
        whole[name] = Fresh(place, form) if form is not None else _fresh(one, part, (), place)
    return whole


def _form(name: str, value: str, schema: Schema, alone: Collection[str]) -> str | None:
    called = spelling(name)
    if called not in _ALONE | _NAMED and name not in alone:
        return None
    if any(shapes.keyword(schema, word) is not None for word in ("enum", "const")):
        return None
    most = shapes.keyword(schema, "maxLength")
    pattern = shapes.keyword(schema, "pattern")
    if pattern is not None or (isinstance(most, int) and most < _ROOM):
        return _narrow(value, pattern, most, is_alone=name in alone or called in _ALONE)
    kind = shapes.keyword(schema, "format")
    if kind == "email" or "mail" in called:
        return "{}@example.com"
    if kind is not None:
        return None
    is_named = called in _NAMED and name not in alone
    stem = value[:12] if is_named else re.sub(r"[^A-Za-z0-9]+", "-", value).strip("-")[:12]
    return f"{stem} {{}}" if is_named else f"{stem or 'x'}-{{}}"


def _narrow(value: str, pattern: Any, most: Any, *, is_alone: bool) -> str | None:
    """A form for a text that has little room, or has to fit a pattern; None: none is known."""
    stem = re.sub(r"[^A-Za-z0-9]+", "", value)[:4]
    forms: tuple[str, ...]
    if is_alone:
        forms = (f"{stem}-{{}}", f"{stem}_{{}}", f"{stem}{{}}", "{}", f"{stem.upper()}{{}}")
    else:
        # A name that has little room is left as it is: few servers want each only once.
        forms = (f"{value[:12]} {{}}",) if pattern is not None else ()
    form = next((form for form in forms if _fits(form, pattern, most)), None)
    return form if form is not None or not is_alone else _drawn(pattern, most)


def _drawn(pattern: Any, most: Any) -> str | None:
    """A form for texts that are drawn anew: so long that no two are the same, or as it is."""
    schema = {"type": "string", "pattern": pattern, "maxLength": most}
    schema = {word: value for word, value in schema.items() if value is not None}
    for least in (len(_NOVELTY), 0):
        form = LIKE + json.dumps({**schema, "minLength": least})
        with suppress(Unsatisfiable):
            Fresh("", form).value()
            return form
    return None


def _fits(form: str, pattern: Any, most: Any) -> bool:
    """Whether what is made of a form has room, and matches the pattern."""
    text = form.replace("{}", _NOVELTY)
    if isinstance(most, int) and len(text) > most:
        return False
    try:
        return pattern is None or re.search(str(pattern), text) is not None
    except re.error:
        return False
