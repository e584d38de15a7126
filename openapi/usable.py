"""Schemas that a validator takes: keywords that make no sense are left out, with a warning."""

import base64
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator, FancyRegexOptions, ValidationError

from openapi.pointers import escaped

PATTERNS = FancyRegexOptions(backtrack_limit=10_000)
"""Patterns take linear time; with look-arounds and back references, steps are limited.

A text that would take more steps counts as one that does not match.
"""


def is_base64(text: str) -> bool:
    """Whether a text is base64, which the format `byte` of OpenAPI means (RFC 4648, section 4)."""
    try:
        base64.b64decode(text, validate=True)
    except ValueError:
        return False
    return True


FORMATS = {"byte": is_base64}
"""Formats that OpenAPI has and JSON Schema lacks."""
_SCHEMAS = Draft202012Validator(
    {"$ref": "https://json-schema.org/draft/2020-12/schema"}, validate_formats=True, offline=True
)
_ROUNDS = 10
"""So often is a schema looked at again: what a part hides shows when it is left out."""

_MOST_WARNINGS = 100

_log = logging.getLogger("understudy")


class Warner:
    """Warns of what is left out of the schemas of one document: of each place once, and not of
    thousands: a pipe that nobody reads must not fill up.
    """

    def __init__(self, source: Path | str) -> None:
        self.source = source
        self._told: set[str] = set()

    def __call__(self, text: str) -> None:
        """Say it, unless it was said or enough was."""
        if text in self._told or len(self._told) > _MOST_WARNINGS:
            return
        self._told.add(text)
        if len(self._told) > _MOST_WARNINGS:
            text = f"{self.source}: /: and more like these."
        _log.warning("%s", text)


def usable(
    schema: Any, place: Callable[[str], str], warn: Callable[[str], None]
) -> dict[str, Any] | bool:
    """The schema without what cannot be compiled; it is changed where it stands.

    `place` says of a pointer into the schema where in which file that is.
    """
    if not isinstance(schema, dict | bool):
        warn(f"{place('')}: it is no schema; anything fits.")
        return True
    problem = _problem(schema)
    for _ in range(_ROUNDS):
        if problem is None:
            return schema
        found = {tuple(e.instance_path): e.message for e in _SCHEMAS.iter_errors(schema)}
        # A pattern may be well written, and still be too large to be compiled.
        found = found or dict([problem])
        # From the end and from within, so that what is left out moves nothing that is to follow.
        for path in sorted(found, key=_order, reverse=True):
            if path:
                pointer = "".join(f"/{escaped(str(part))}" for part in path)
                reason = " ".join(found[path].split())[:200]
                warn(f"{place(pointer)}: {reason}; it is left out.")
                _leave_out(schema, path)
        problem = _problem(schema)
    if problem is not None:
        warn(f"{place('')}: {' '.join(problem[1].split())[:200]}; anything fits.")
        return True
    return schema


def _problem(schema: Any) -> tuple[tuple[str | int, ...], str] | None:
    """Where and why the schema cannot be compiled; None where it can."""
    try:
        Draft202012Validator(schema, validate_formats=True, offline=True, pattern_options=PATTERNS)
    except ValidationError as error:
        return tuple(error.instance_path), error.message
    except ValueError as error:
        return (), str(error)
    return None


def _order(path: tuple[str | int, ...]) -> list[tuple[bool, int, str]]:
    return [
        (isinstance(part, str), part if isinstance(part, int) else 0, str(part)) for part in path
    ]


def _leave_out(schema: Any, path: tuple[str | int, ...]) -> None:
    parent = schema
    for part in path[:-1]:
        parent = parent[part]
    del parent[path[-1]]
