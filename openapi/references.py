"""References: every `$ref` of a document must lead somewhere in it."""

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from openapi.loading import Document, UnusableDescription
from openapi.pointers import at, escaped, resolved

FILES = "x-understudy-files"
"""Where a document keeps the other files that it was spread over."""

LIFECYCLE = "x-lifecycle"
EXPIRY = "x-expiry"

_MAPS_BY_NAME = {
    "properties",
    "patternProperties",
    "$defs",
    "definitions",
    "dependentSchemas",
    "paths",
    "responses",
    "schemas",
    "parameters",
    "headers",
    "examples",
    "links",
    "callbacks",
    "content",
    "requestBodies",
    "securitySchemes",
    "pathItems",
    "webhooks",
    FILES,
}
"""Objects whose keys are names that the author chose."""
_DATA = {"default", "const", "enum", "example", "value"}
"""Keywords whose values are data, not descriptions."""


def check_references(source: Path | str, document: Document, targets: set[str]) -> None:
    """Raise UnusableDescription for a reference that leads nowhere or in a circle."""
    try:
        for target in targets:
            resolved(document, {"$ref": target})
    except LookupError:
        # It may stand in data, which is of no concern; this way of looking is ten times slower.
        _check_each(source, document)


def _check_each(source: Path | str, document: Document) -> None:
    for pointer, node in references(document):
        try:
            resolved(document, node)
        except LookupError as error:
            place = located(source, f"{pointer}/$ref")
            raise UnusableDescription(*place, str(error)) from error


def located(source: Path | str, pointer: str) -> tuple[Path | str, str]:
    """The file that a pointer leads into, and the pointer within it."""
    if not pointer.startswith(f"/{FILES}/"):
        return source, pointer
    name, slash, rest = pointer.removeprefix(f"/{FILES}/").partition("/")
    name = unquote(name).replace("~1", "/").replace("~0", "~")
    known = name if "://" in name or isinstance(source, str) else source.parent / name
    return known, slash + rest


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a document mentions anywhere; what only looks like it, in data, is among it."""

    targets: set[str]
    """All that references name."""
    declarations: bool
    """Whether there is an `x-lifecycle` or an `x-expiry`."""


def mentions(document: Document) -> Mentions:
    """One walk through a document, which is quick because it keeps no pointers."""
    targets: set[str] = set()
    declarations = False
    waiting: list[Any] = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += [item for item in node if isinstance(item, dict | list)]
            continue
        target = node.get("$ref")
        if isinstance(target, str):
            targets.add(target)
        if LIFECYCLE in node or EXPIRY in node:
            declarations = True
        waiting += [item for item in node.values() if isinstance(item, dict | list)]
    return Mentions(targets, declarations)


def references(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object that is a reference, with the pointer to it."""
    for pointer, node in objects(document):
        if isinstance(node.get("$ref"), str):
            yield pointer, node


def objects(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object whose keys are words of OpenAPI, with the pointer to it.

    Data, such as examples, may hold what looks like one: it is one where a reference leads to it.
    """
    seen: set[tuple[int, bool]] = set()  # YAML aliases make one node appear in many places
    waiting: deque[tuple[str, Any, bool]] = deque([("", document, False)])
    while waiting:
        pointer, node, named = waiting.pop()
        if not isinstance(node, dict | list) or (id(node), named) in seen:
            continue
        seen.add((id(node), named))
        if isinstance(node, list):
            waiting.extend((f"{pointer}/{index}", item, False) for index, item in enumerate(node))
            continue
        if not named:
            yield pointer, node
            waiting.extendleft(_referred(document, node))
        waiting.extend(
            (f"{pointer}/{escaped(key)}", item, not named and key in _MAPS_BY_NAME)
            for key, item in node.items()
            if named or not _is_data(key, item)
        )


def _referred(document: Document, node: Mapping[str, Any]) -> Iterator[tuple[str, Any, bool]]:
    """What a reference leads to, with the pointer to it, as an object; nothing of anything else."""
    target = node.get("$ref")
    if isinstance(target, str) and target.startswith("#"):
        with suppress(LookupError):
            yield unquote(target[1:]), at(document, target), False


def _is_data(key: str, node: Any) -> bool:
    if key == "examples":  # a list in schemas; elsewhere a map of objects that may be references
        return isinstance(node, list)
    return key in _DATA or (key.startswith("x-") and key != FILES)
