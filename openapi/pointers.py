"""JSON pointers and references (RFC 6901)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote


def at(document: Any, pointer: str) -> Any:
    """The node at a JSON pointer (RFC 6901); with a leading `#` it is percent-encoded.

    Raises LookupError where there is none.
    """
    path = unquote(pointer[1:]) if pointer.startswith("#") else pointer
    if path and not path.startswith("/"):
        _nothing(pointer)
    node = document
    for key in parts(path):
        if isinstance(node, list) and key.isascii() and key.isdigit() and int(key) < len(node):
            node = node[int(key)]
        elif isinstance(node, Mapping) and key in node:
            node = node[key]
        else:
            _nothing(pointer)
    return node


def parts(pointer: str) -> list[str]:
    """The keys that a JSON pointer consists of."""
    return [one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:]]


def _nothing(pointer: str) -> Any:
    raise LookupError(f"There is nothing at {pointer}.")


def escaped(key: str) -> str:
    """A key as one part of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def resolved(document: Any, node: Any) -> Any:
    """What a node means: itself, or what its `$ref` leads to, through any number of steps.

    Raises LookupError for a reference that leads nowhere or in a circle.
    """
    seen: set[str] = set()
    while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
        pointer = node["$ref"]
        if not pointer.startswith("#"):
            raise LookupError(f"The reference {pointer} leads out of the file.")
        if pointer in seen:
            raise LookupError(f"The reference {pointer} leads back to itself.")
        seen.add(pointer)
        node = at(document, pointer)
    return node
