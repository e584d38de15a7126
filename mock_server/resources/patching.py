"""Patches: JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902)."""

from collections.abc import Mapping
from typing import Any

from jsonpath import JSONPatch
from jsonpath.exceptions import JSONPatchError, JSONPatchTestFailure, JSONPointerError

MERGE_PATCH = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"


class Unpatchable(ValueError):  # noqa: N818 - the patch is what fails
    """A patch that cannot be applied to this item."""


def merged(target: Any, patch: Any, *, keep_null: bool) -> Any:
    """The target after a merge patch: objects are merged, all else is replaced, null removes.

    With `keep_null`, null is a value like any other, as in a plain JSON body.
    """
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None and not keep_null:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value, keep_null=keep_null)
    return result


def patched(target: Any, operations: Any) -> Any:
    """A copy of the target after a JSON Patch.

    Raises Unpatchable where a pointer leads nowhere, a test fails, or the patch is none.
    """
    try:
        return JSONPatch(operations).apply(_copied(target))
    except JSONPatchTestFailure as error:
        raise Unpatchable("A `test` of the patch failed.") from error
    except (JSONPatchError, JSONPointerError, TypeError, AttributeError) as error:
        raise Unpatchable(f"The patch cannot be applied: {error}.") from error


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(item) for name, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value
