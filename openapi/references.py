"""References: every `$ref` of a document must lead somewhere in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openapi.loading import Document, UnusableDescription
from openapi.schemas import escaped, resolved

FILES = "x-understudy-files"
"""Where a document keeps the other files that it was spread over."""

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


def check_references(path: Path, document: Document) -> None:
    """Raise UnusableDescription for a reference that leads nowhere or in a circle."""
    for pointer, node in references(document):
        try:
            resolved(document, node)
        except LookupError as error:
            raise UnusableDescription(path, f"{pointer}/$ref", str(error)) from error


def references(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object that is a reference, with the pointer to it.

    Data, such as examples, may hold what looks like a reference.
    """
    seen: set[int] = set()  # YAML aliases make one node appear in many places
    waiting: list[tuple[str, Any, bool]] = [("", document, False)]
    while waiting:
        pointer, node, named = waiting.pop()
        if not isinstance(node, dict | list) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, list):
            waiting.extend((f"{pointer}/{index}", item, False) for index, item in enumerate(node))
            continue
        if not named and isinstance(node.get("$ref"), str):
            yield pointer, node
        waiting.extend(
            (f"{pointer}/{escaped(key)}", item, not named and key in _MAPS_BY_NAME)
            for key, item in node.items()
            if named or not _is_data(key, item)
        )


def _is_data(key: str, node: Any) -> bool:
    if key == "examples":  # a list in schemas; elsewhere a map of objects that may be references
        return isinstance(node, list)
    return key in _DATA or (key.startswith("x-") and key != FILES)
