"""Large YAML files are parsed once: what became of them is kept in the user's cache folder.

A file of the cache holds JSON below the digest of it, so that a damaged one is noticed and parsed
again: which keys were numbers, and the value. Whatever the file system refuses is done without.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from openapi.yaml_loader import NumberKey

LEAST = 200_000
"""Characters of a text that is worth keeping: parsing it takes a tenth of a second."""
_MOST_FILES = 32
_FORM = 2
"""Which form the files of the cache have: one more whenever it changes."""


def parsed_once(text: str, parse: Callable[[str], Any]) -> Any:
    """What `parse` makes of a text, which is JSON values; from the cache where it is known."""
    if len(text) < LEAST:
        return parse(text)
    name = sha256(f"{_FORM} {version('understudy')}\n{text}".encode()).hexdigest()
    with suppress(OSError, ValueError, RecursionError):
        return _kept(_folder() / f"{name}.json")
    value = parse(text)
    with suppress(OSError, ValueError, RuntimeError):
        _keep(_folder(), f"{name}.json", value)
    return value


def _folder() -> Path:
    """The cache folder (XDG Base Directory Specification: a relative path is ignored)."""
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (named if named.is_absolute() else Path.home() / ".cache") / "understudy"


def _kept(file: Path) -> Any:
    """Raises OSError where there is no such file, ValueError where it is damaged."""
    digest, _, content = file.read_bytes().partition(b"\n")
    if digest != sha256(content).hexdigest().encode():
        raise ValueError("The file is damaged.")
    numbers, value = json.loads(content)
    for path, keys in numbers:
        node = value
        for part in path:
            node = node[part]
        items = [(NumberKey(key) if key in keys else key, item) for key, item in node.items()]
        node.clear()
        node.update(items)
    return value


def _number_keys(value: Any) -> Iterator[tuple[list[str | int], list[NumberKey]]]:
    """The path of each object that has some, and which they are."""
    waiting: list[tuple[list[str | int], Any]] = [([], value)]
    while waiting:
        path, node = waiting.pop()
        below: Iterable[tuple[str | int, Any]] = ()
        if isinstance(node, dict):
            if keys := [key for key in node if isinstance(key, NumberKey)]:
                yield path, keys
            below = node.items()
        elif isinstance(node, list):
            below = enumerate(node)
        waiting += [([*path, key], item) for key, item in below if isinstance(item, dict | list)]


def _keep(folder: Path, name: str, value: Any) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = json.dumps([[*_number_keys(value)], value], allow_nan=False).encode()
    # Renamed into its place, a file is there whole or not at all, however many write it.
    descriptor, temporary = tempfile.mkstemp(dir=folder, suffix=".new")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(sha256(content).hexdigest().encode() + b"\n" + content)
        Path(temporary).replace(folder / name)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    for old in sorted(folder.glob("*.json"), key=_written_at)[:-_MOST_FILES]:
        old.unlink(missing_ok=True)


def _written_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # another process may have removed it
        return 0.0
