"""Walks as data: steps that refer to what earlier ones brought, so that they can be stored,
played again, and shortened by leaving steps out.

What a walk holds never depends on answers. A value that only an answer can give is a Ref, one that
nobody else may have is a Fresh; both are bound when the walk is played.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random
from typing import Any

from contracts.exchange import ABSENT
from openapi.synthesis import Synthesiser

FIRST, SECOND, NOBODY = "first", "second", "nobody"
"""Who sends a request: two identities that are strangers to each other, or no credentials."""
FORGED, OUTDATED = "forged", "outdated"
"""The first identity with credentials that were altered, or that have had their time."""


@dataclass(frozen=True)
class Ref:
    """Something in an earlier step's exchange, by its number in the walk.

    The expression is one of OpenAPI's runtime expressions (OpenAPI 3.1 section 4.8.20.3), such as
    `$response.body#/id` or `$response.header.Location`; with `last_segment`, the end of a URL.
    """

    step: int
    expression: str
    last_segment: bool = False
    relation: str = ""
    """Of the links in a `Link` header, the one with this relation."""
    parameter: str = ""
    """Of a URL, this parameter of its query; what is no URL is meant itself."""


NUMBER = "#"
"""The form of what is a number."""


LIKE = "~"
"""What a form begins with that is a schema in JSON, which the text fits."""


@dataclass(frozen=True)
class Fresh:
    """A value that is new each time the walk is played, and the same wherever its name stands."""

    name: str
    form: str = "{}"
    """The text, with the new part in the place of `{}`; NUMBER: a whole number of 31 bits; LIKE and
    a schema: a text that fits it, drawn by the new part.
    """

    def value(self, novelty: str = "0badcafe") -> Any:
        """The value with that new part, which has eight hexadecimal digits."""
        if self.form == NUMBER:
            return int(novelty, 16) % 2**31
        if self.form.startswith(LIKE):
            return _synthesiser(self.form.removeprefix(LIKE)).value(Random(novelty))  # noqa: S311
        return self.form.replace("{}", novelty)


@lru_cache
def _synthesiser(schema: str) -> Synthesiser:
    return Synthesiser(json.loads(schema))


Values = Mapping[str, Mapping[str, Any]]
"""Parameters: by place (`path`, `query`, `header`, `cookie`), then by name."""


@dataclass(frozen=True)
class Step:
    """One request of a walk."""

    operation: str
    """Its `METHOD /path`."""
    values: Values = field(default_factory=dict)
    body: Any = ABSENT
    media_type: str | None = None
    """How the body is written; None: the first that the operation takes."""
    accept: str | None = None
    who: str = FIRST
    url: Ref | None = None
    """A URL that was handed out, in the place of the operation's own."""
    together: bool = False
    """Whether it is sent at the same time as the step before it."""
    wait: float = 0
    """Seconds that pass on the target's clock before it."""
    variant: int = 0
    """Which of several forms of what `who` means, such as ways to forge."""

    @property
    def refs(self) -> set[int]:
        """The steps that it needs."""
        return refs_in((self.values, self.body, self.url))


@dataclass(frozen=True)
class Walk:
    """Steps in their order."""

    steps: tuple[Step, ...]
    purpose: str = ""
    """The law that it was made to provoke; empty: none in particular."""

    def without(self, number: int) -> "Walk":
        """The walk without a step and all that needs it; references are counted anew."""
        left = {number}
        for index, step in enumerate(self.steps):
            if step.refs & left:
                left.add(index)
        kept = [index for index in range(len(self.steps)) if index not in left]
        renumbered = {old: new for new, old in enumerate(kept)}

        def moved(one: Ref) -> Ref:
            return replace(one, step=renumbered[one.step])

        steps = []
        for index in kept:
            step = self.steps[index]
            steps.append(
                replace(
                    step,
                    values=_mapped(step.values, moved),
                    body=_mapped(step.body, moved),
                    url=_mapped(step.url, moved),
                    # What went along with a step that is left out goes alone.
                    together=step.together and index - 1 not in left,
                )
            )
        return replace(self, steps=tuple(steps))


def refs_in(value: Any) -> set[int]:
    """The steps that a value refers to."""
    found: set[int] = set()
    _mapped(value, lambda one: found.add(one.step))
    return found


def _mapped(value: Any, change: Callable[[Ref], Any]) -> Any:
    """The value with every Ref in it changed."""
    return bound(value, lambda one: change(one) if isinstance(one, Ref) else one)


def bound(value: Any, bind: Callable[[Ref | Fresh], Any]) -> Any:
    """The value with what stands for every Ref and Fresh in it, at any depth."""
    if isinstance(value, Ref | Fresh):
        return bind(value)
    if isinstance(value, Mapping):
        return {key: bound(one, bind) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [bound(one, bind) for one in value]
    return value


_STEP, _FRESH, _BYTES = "$step", "$fresh", "$bytes"


def to_json(walk: Walk) -> dict[str, Any]:
    """The walk as JSON: every Ref as `{"$step": N, "$at": …}`, every Fresh as `{"$fresh": …}`,
    bytes as `{"$bytes": …}` in Base64.
    """
    steps = []
    for step in walk.steps:
        written: dict[str, Any] = {"operation": step.operation}
        for name, usual in _USUAL.items():
            value = getattr(step, name)
            if value is not usual and value != usual:
                written[name] = _written(value)
        steps.append(written)
    return {"purpose": walk.purpose, "steps": steps}


def _written(value: Any) -> Any:
    if isinstance(value, Fresh):
        return {_FRESH: value.name, "$form": value.form}
    if isinstance(value, Ref):
        more = {
            f"${name}": told
            for name in ("last_segment", "relation", "parameter")
            if (told := getattr(value, name))
        }
        return {_STEP: value.step, "$at": value.expression} | more
    if isinstance(value, bytes):
        return {_BYTES: b64encode(value).decode()}
    if isinstance(value, Mapping):
        return {key: _written(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_written(one) for one in value]
    return value


def from_json(written: Mapping[str, Any]) -> Walk:
    """The walk that was written so. Raises ValueError where it is none."""
    try:
        steps = tuple(
            Step(**{name: _read(value) for name, value in step.items()})
            for step in written["steps"]
        )
        return Walk(steps, str(written.get("purpose", "")))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"It holds no walk: {error!r}.") from error


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return [_read(one) for one in value]
    if not isinstance(value, dict):
        return value
    if _FRESH in value:
        return Fresh(value[_FRESH], value["$form"])
    if _STEP in value:
        return Ref(
            value[_STEP],
            value["$at"],
            bool(value.get("$last_segment")),
            str(value.get("$relation", "")),
            str(value.get("$parameter", "")),
        )
    if value.keys() == {_BYTES}:
        return b64decode(value[_BYTES])
    return {key: _read(one) for key, one in value.items()}


_USUAL = {
    "values": {},
    "body": ABSENT,
    "media_type": None,
    "accept": None,
    "who": FIRST,
    "url": None,
    "together": False,
    "wait": 0,
    "variant": 0,
}
