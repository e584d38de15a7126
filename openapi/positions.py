"""Where in the text of a description something stands, by line."""

import re
from functools import cache
from pathlib import Path

import yaml

from openapi.pointers import parts
from openapi.yaml_loader import Loader

_JSON_ONLY = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}|[\t\x7f-\x9f\u2028\u2029\ufffe\uffff]")
"""What may stand in a JSON text and is no YAML, or the end of a line there."""


class Positions:
    """The lines of a JSON or YAML text, by what stands there."""

    def __init__(self, text: str) -> None:
        # With as many blanks in its place, nothing moves, and all JSON is YAML.
        plain = _JSON_ONLY.sub(lambda one: " " * len(one[0]), text)
        try:
            self._root = yaml.compose(plain, Loader)
        except (yaml.YAMLError, RecursionError):
            self._root = None

    def line(self, pointer: str) -> int:
        """The line of what a JSON pointer leads to, from 1: that of its key, where it has one.

        Where there is no such thing, as an overlay or a reference brought it, the line of the
        closest that is there.
        """
        node, line = self._root, 1
        for part in parts(pointer):
            if isinstance(node, yaml.MappingNode):
                pair = next((pair for pair in node.value if _is_key(pair[0], part)), None)
                if pair is None:
                    break
                line, node = pair[0].start_mark.line + 1, pair[1]
            elif isinstance(node, yaml.SequenceNode):
                if not (part.isascii() and part.isdigit() and int(part) < len(node.value)):
                    break
                node = node.value[int(part)]
                line = node.start_mark.line + 1
            else:
                break
        return line


@cache
def positions(path: Path) -> Positions:
    """The positions in a file; where it cannot be read, everything is in line 1."""
    try:
        return Positions(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return Positions("")


def _is_key(node: yaml.Node, name: str) -> bool:
    return isinstance(node, yaml.ScalarNode) and str(node.value) == name
