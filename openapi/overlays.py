"""OpenAPI Overlay 1.0: a file of actions that change a description before it is read."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonpath

from openapi.loading import Document, UnusableDescription, load


def applied(document: Document, overlay: Path) -> Document:
    """The document after the overlay's actions, in their order; the original stays as it is.

    Raises UnusableDescription where the overlay cannot be understood.
    """
    actions = load(overlay).get("actions")
    if not isinstance(actions, list):
        raise UnusableDescription(overlay, "/actions", "An overlay needs a list of actions.")
    changed: Document = deepcopy(document)
    for index, action in enumerate(actions):
        _apply(changed, overlay, f"/actions/{index}", action)
    return changed


def _apply(document: Document, overlay: Path, place: str, action: Any) -> None:
    if not isinstance(action, dict) or not isinstance(action.get("target"), str):
        raise UnusableDescription(overlay, place, "An action needs a `target`, a JSONPath.")
    try:
        matches = list(jsonpath.finditer(action["target"], document))
    except jsonpath.JSONPathError as error:
        raise UnusableDescription(overlay, f"{place}/target", f"No JSONPath: {error}") from error
    # Section 4.4.3.1: `remove` wins over `update`.
    remove = action.get("remove") is True
    # From the end, so that removing an item of an array does not move the ones still to come.
    for match in reversed(matches):
        if remove:
            _remove(match, overlay, place)
        elif "update" in action:
            _update(match.obj, action["update"], overlay, place)


def _remove(match: jsonpath.JSONPathMatch, overlay: Path, place: str) -> None:
    if match.parent is None:
        raise UnusableDescription(overlay, place, "The whole document cannot be removed.")
    del match.parent.obj[match.parts[-1]]  # type: ignore[attr-defined]


def _update(target: Any, update: Any, overlay: Path, place: str) -> None:
    if isinstance(target, list):
        target.append(deepcopy(update))
    elif isinstance(target, dict) and isinstance(update, dict):
        _merge(target, update)
    else:
        raise UnusableDescription(
            overlay, place, "Only objects and arrays can be updated: aim at the object above."
        )


def _merge(target: dict[str, Any], update: Mapping[str, Any]) -> None:
    """Objects are merged, arrays joined, everything else replaced (section 4.4.3.2)."""
    for key, value in update.items():
        present = target.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            _merge(present, value)
        elif isinstance(present, list) and isinstance(value, list):
            present.extend(deepcopy(value))
        else:
            target[key] = deepcopy(value)
