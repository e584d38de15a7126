"""Finds the operation that a request leads to, by its path alone: for wrappers of a mock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from contracts.api import Api
from openapi.description import Operation

_SANDBOX = re.compile(r"/~([^/]*)")


@dataclass(frozen=True)
class Way:
    """A path of the description, as it was found in a request."""

    prefix: str
    """What stands before it: the sandbox, the API's mount, the base path of a server."""
    values: Mapping[str, str]
    """The values in the path, decoded."""
    operations: Mapping[str, Operation]
    """What answers there, by method."""


class Ways:
    """The paths of a description; an API answers at the root, or below its name."""

    def __init__(self, api: Api) -> None:
        bases = ("", *api.description.base_paths)
        self._before = [
            mount + base for mount in ("", f"/{api.description.name}") for base in bases
        ]
        by_path: dict[str, dict[str, Operation]] = {}
        for operation in api.description.operations:
            by_path.setdefault(operation.path, {})[operation.method] = operation
        # A literal segment is preferred to a templated one (OpenAPI 3.1 section 4.8.8.2).
        templates = sorted(by_path, key=lambda path: ["{" in part for part in path.split("/")])
        self._patterns = [(_pattern(path), by_path[path]) for path in templates]

    def find(self, path: str) -> Way | None:
        """Where a path leads that is still percent-encoded; None: to no operation."""
        named = _SANDBOX.match(path)
        for before in self._before:
            prefix = (named[0] if named else "") + before
            if not path.startswith(prefix):
                continue
            for pattern, operations in self._patterns:
                if fit := pattern.fullmatch(path, len(prefix)):
                    names = next(iter(operations.values())).path_pieces[1::2]
                    values = dict(zip(names, map(unquote, fit.groups()), strict=True))
                    return Way(prefix, values, operations)
        return None


def sandbox_in(path: str) -> str | None:
    """The sandbox that a path names; None: it names none."""
    named = _SANDBOX.match(path)
    return named[1] if named else None


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("([^/]+)".join(map(re.escape, re.split(r"\{[^{}]+\}", path))))
