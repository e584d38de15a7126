"""The synthesiser: makes values of one schema."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from random import Random
from typing import Any

from jsonschema_rs import Draft202012Validator

from openapi.schemas import Schema, escaped
from openapi.synthesis.failure import Failed
from openapi.synthesis.making import Effort, Making
from openapi.synthesis.plan import Plan, Root
from openapi.usable import FORMATS, PATTERNS

_QUICK = Effort(tries=2, choices=16, failures=300, careful=False)
_CAREFUL = Effort(tries=4, choices=200, failures=3_000, careful=True)
_EFFORTS = (_QUICK, _QUICK, _QUICK, _CAREFUL, _CAREFUL)
"""One after the other, until a value is valid."""


class Unsatisfiable(Exception):  # noqa: N818  # It says what the schema is.
    """No value was found that fits the schema; the message names the part that has none."""


class Synthesiser:
    """Makes values of one schema, which stands alone: it refers to its own `$defs` only.

    What is examined of the schema is kept, so one synthesiser should make all of its values. With
    `required_only` a property that may be left out is, unless it has a default; `usual_items` are
    least and most items of arrays whose schema names no number.
    """

    def __init__(
        self,
        schema: Schema,
        *,
        required_only: bool = False,
        usual_items: tuple[int, int] | None = None,
        validator: Callable[[Any], bool] | None = None,
    ) -> None:
        self._schema = schema
        self._required_only = required_only
        self._usual_items = usual_items
        self._validator = validator

    def value(self, random: Random, name: str = "") -> Any:
        """A valid value, the same for the same state of `random`.

        `name` is that of the property or parameter it stands for. Raises Unsatisfiable, and
        ValueError for a schema that is none where no validator was given.
        """
        failure: Failed | None = None
        for number, effort in enumerate(_EFFORTS):
            # A value with other optional properties may fit where the first ones did not.
            turned = number == len(_EFFORTS) - 1
            making = Making(
                random,
                effort,
                required_only=self._required_only != turned,
                usual_items=self._usual_items,
            )
            try:
                value = making.make(self._plan, name)
            except Failed as failed:
                failure = failed
                continue
            if self._valid(value):
                return value
            failure = None
        pointer = self._pointer(failure.plan if failure else None)
        raise Unsatisfiable(f"No value was found that fits the schema at {pointer}.")

    @cached_property
    def _plan(self) -> Plan:
        return Root(self._schema).plan(self._schema)

    @cached_property
    def _valid(self) -> Callable[[Any], bool]:
        if self._validator is not None:
            return self._validator
        return Draft202012Validator(
            self._schema,
            validate_formats=True,
            formats=FORMATS,
            offline=True,
            pattern_options=PATTERNS,
        ).is_valid

    def _pointer(self, plan: Plan | None) -> str:
        """The JSON pointer, as a fragment, of the first schema of the plan that is written down."""
        if plan is not None:
            pointers = {id(node): pointer for pointer, node in _nodes(self._schema, "#")}
            for schema in plan.schemas:
                if id(schema) in pointers and isinstance(schema, dict):
                    return pointers[id(schema)]
        return "#"


def _nodes(node: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    yield pointer, node
    items: Iterable[tuple[Any, Any]] = node.items() if isinstance(node, dict) else ()
    items = enumerate(node) if isinstance(node, list) else items
    for key, item in items:
        yield from _nodes(item, f"{pointer}/{escaped(str(key))}")
