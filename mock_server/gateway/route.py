"""First stage: which operation of which API, in which sandbox, is a request for?"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote

from mock_server.api import Api
from mock_server.gateway.operation import CompiledOperation

T = TypeVar("T")

CONTROL = "/_understudy"
"""The path below which the control API answers."""

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(slots=True)
class _Node(Generic[T]):
    literals: "dict[str, _Node[T]]" = field(default_factory=dict)
    mixed: "list[tuple[re.Pattern[str], _Node[T]]]" = field(default_factory=list)
    anything: "_Node[T] | None" = None
    targets: dict[str, T] = field(default_factory=dict)
    """What answers there by method."""


class Routes(Generic[T]):
    """Path templates and what answers below them, by method.

    A literal segment is preferred to a templated one (OpenAPI 3.1 section 4.8.8.2).
    """

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, method: str, template: str, target: T) -> None:
        """Let `target` answer that method on the paths that fit the template."""
        node = self._root
        for segment in template.split("/")[1:]:
            node = self._child(node, segment)
        node.targets.setdefault(method, target)

    def match(self, path: str) -> tuple[Mapping[str, T], Sequence[str]] | None:
        """What answers on a path by method, and the path's values, still percent-encoded."""
        return self._walk(self._root, path.split("/"), 1, ())

    def _child(self, node: _Node[T], segment: str) -> _Node[T]:
        if "{" not in segment:
            return node.literals.setdefault(segment, _Node())
        if _PLACEHOLDER.fullmatch(segment):
            if node.anything is None:
                node.anything = _Node()
            return node.anything
        pieces = _PLACEHOLDER.split(segment)
        pattern = re.compile(
            "".join(
                "([^/]+?)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces)
            )
        )
        for known, child in node.mixed:
            if known.pattern == pattern.pattern:
                return child
        child = _Node[T]()
        node.mixed.append((pattern, child))
        return child

    def _walk(
        self, node: _Node[T], segments: Sequence[str], index: int, values: tuple[str, ...]
    ) -> tuple[Mapping[str, T], Sequence[str]] | None:
        """Goes on while one way is left; of several, each but the last is tried to its end."""
        for after, segment in enumerate(segments[index:], index + 1):
            plain = unquote(segment) if "%" in segment else segment
            literal = node.literals.get(plain)
            if literal is not None:
                if node.anything is None and not node.mixed:
                    node = literal
                    continue
                if found := self._walk(literal, segments, after, values):
                    return found
            for pattern, child in node.mixed:
                if fit := pattern.fullmatch(segment):
                    found = self._walk(child, segments, after, (*values, *fit.groups()))
                    if found:
                        return found
            if node.anything is None or not segment:
                return None
            node = node.anything
            values = (*values, segment)
        return (node.targets, values) if node.targets else None


class Mounted:
    """An API with its operations, found by path with and without the servers' base path."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self._routes: Routes[CompiledOperation] = Routes()
        for operation in api.description.operations:
            compiled = CompiledOperation(operation, api)
            self._routes.add(operation.method, operation.path, compiled)

    def match(self, path: str) -> tuple[Mapping[str, CompiledOperation], Sequence[str]] | None:
        """What answers on a path by method, and the path's values."""
        found = self._routes.match(path)
        if found is not None:
            return found
        for base in self.api.description.base_paths:
            if path == base or path.startswith(f"{base}/"):
                found = self._routes.match(path[len(base) :] or "/")
                if found is not None:
                    return found
        return None


@dataclass(slots=True)
class Place:
    """Where a request leads: an API, and what answers there by method; each may be missing."""

    mounted: Mounted | None
    mount: str = ""
    """The part of the path that chose the API."""
    targets: Mapping[str, CompiledOperation] = field(default_factory=dict)
    values: Sequence[str] = ()
    document: Api | None = None
    """The API whose description was asked for."""


class Router:
    """All APIs of a server: by host, by mount, or the only one at the root."""

    def __init__(self, apis: Sequence[Api], control: Api | None) -> None:
        self._mounts = {api.mount: Mounted(api) for api in apis}
        self._alone = self._mounts.get("")
        self._hosts = {
            host: mounted
            for mounted in self._mounts.values()
            for host in mounted.api.description.hosts
        }
        self._documents = {f"/{api.name}/openapi.json": api for api in apis}
        if control is not None:
            self._mounts[CONTROL] = Mounted(control)

    def route(self, path: str, host: str) -> Place:
        """The place of a path that no longer holds the sandbox's prefix."""
        plain = unquote(path) if "%" in path else path
        if api := self._documents.get(plain):
            return Place(self._mounts[api.mount], api.mount, document=api)
        end = path.find("/", 1)
        encoded = path if end < 0 else path[:end]
        first = unquote(encoded) if "%" in encoded else encoded
        mounted = self._mounts.get(first)
        # A templated first segment of the only API must not hide the controls.
        if first != CONTROL or mounted is None:
            at_root = self._alone or (self._by_host(host.lower()) if self._hosts else None)
            if at_root is not None:
                if found := at_root.match(path):
                    return Place(at_root, "", *found)
                if mounted is None:
                    return Place(at_root)
        if mounted is None:
            return Place(None)
        found = mounted.match(path[end:] if end > 0 else "/")
        return Place(mounted, first) if found is None else Place(mounted, first, *found)

    def _by_host(self, host: str) -> Mounted | None:
        """The API of a `Host`: as it is, else without its port, which is then the mock's own."""
        name, colon, port = host.rpartition(":")
        bare = name if colon and (not port or port.isdecimal()) else host
        return self._hosts.get(host) or self._hosts.get(bare)


def sandbox_of(path: str, headers: Mapping[str, str]) -> tuple[str | None, str]:
    """The name of the sandbox that a request chooses, if it does, and the path without it.

    The path's prefix `/~NAME` comes first, then the header `Understudy-Sandbox`, then an entry
    `understudy-sandbox` of the `baggage` header (W3C Baggage).
    """
    if path.startswith("/~"):
        name, slash, rest = path[2:].partition("/")
        return name, slash + rest or "/"
    if named := headers.get("understudy-sandbox"):
        return named.strip(), path
    for entry in headers["baggage"].split(",") if "baggage" in headers else ():
        key, _, value = entry.partition(";")[0].partition("=")
        if key.strip() == "understudy-sandbox":
            return value.strip(), path
    return None, path
