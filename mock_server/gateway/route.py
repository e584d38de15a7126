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
_PORT = re.compile(r":[0-9]*$")


@dataclass(slots=True)
class _Node(Generic[T]):
    literals: "dict[str, _Node[T]]" = field(default_factory=dict)
    mixed: "list[tuple[re.Pattern[str], _Node[T]]]" = field(default_factory=list)
    anything: "_Node[T] | None" = None
    end: tuple[Sequence[str], dict[str, T]] | None = None
    """The names of the path's parameters, and what answers there by method."""


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
        if node.end is None:
            node.end = (_PLACEHOLDER.findall(template), {})
        node.end[1].setdefault(method, target)

    def match(self, path: str) -> tuple[Mapping[str, T], Mapping[str, str]] | None:
        """What answers on a path by method, and the path's values, still percent-encoded."""
        values: list[str] = []
        node = self._walk(self._root, path.split("/"), 1, values)
        if node is None or node.end is None:
            return None
        names, targets = node.end
        return targets, dict(zip(names, values, strict=True))

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
        self, node: _Node[T], segments: Sequence[str], index: int, values: list[str]
    ) -> _Node[T] | None:
        if index == len(segments):
            return node if node.end is not None else None
        segment = segments[index]
        plain = unquote(segment) if "%" in segment else segment
        if (literal := node.literals.get(plain)) is not None:
            found = self._walk(literal, segments, index + 1, values)
            if found is not None:
                return found
        for pattern, child in node.mixed:
            if fit := pattern.fullmatch(segment):
                found = self._with(fit.groups(), child, segments, index, values)
                if found is not None:
                    return found
        if node.anything is not None and segment:
            return self._with((segment,), node.anything, segments, index, values)
        return None

    def _with(
        self,
        taken: Sequence[str],
        child: _Node[T],
        segments: Sequence[str],
        index: int,
        values: list[str],
    ) -> _Node[T] | None:
        """Walk on with these values; they are taken back where that leads nowhere."""
        values.extend(taken)
        found = self._walk(child, segments, index + 1, values)
        if found is None:
            del values[len(values) - len(taken) :]
        return found


class Mounted:
    """An API with its operations, found by path with and without the servers' base path."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self._routes: Routes[CompiledOperation] = Routes()
        for operation in api.description.operations:
            compiled = CompiledOperation(operation, api)
            self._routes.add(operation.method, operation.path, compiled)

    def match(self, path: str) -> tuple[Mapping[str, CompiledOperation], Mapping[str, str]] | None:
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
    values: Mapping[str, str] = field(default_factory=dict)
    document: Api | None = None
    """The API whose description was asked for."""


class Router:
    """All APIs of a server: by host, by mount, or the only one at the root."""

    def __init__(self, apis: Sequence[Api], control: Api | None) -> None:
        self._mounts = {api.mount: Mounted(api) for api in apis}
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
        if api := self._documents.get(unquote(path)):
            return Place(self._mounts[api.mount], api.mount, document=api)
        by_host = self._by_host(host.lower()) if self._hosts else None
        encoded = f"/{path[1:].partition('/')[0]}"
        first = unquote(encoded)
        candidates = [("", self._mounts.get("") or by_host), (first, self._mounts.get(first))]
        if first == CONTROL and self._mounts.get(CONTROL):
            # A templated first segment of the only API must not hide the controls.
            candidates.pop(0)
        chosen = Place(None)
        for mount, mounted in candidates:
            if mounted is None:
                continue
            chosen = Place(mounted, mount)
            if found := mounted.match(path[len(encoded) if mount else 0 :] or "/"):
                return Place(mounted, mount, *found)
        return chosen

    def _by_host(self, host: str) -> Mounted | None:
        """The API of a `Host`: as it is, else without its port, which is then the mock's own."""
        return self._hosts.get(host) or self._hosts.get(_PORT.sub("", host))


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
