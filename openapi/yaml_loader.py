"""YAML as OpenAPI means it (its section 4.4): version 1.2, and every key is text.

PyYAML reads 1.1, where `no` is false, `12:30` is 750, `010` is 8 and `2024-10-22` is a date.
"""

import math
import re
from typing import Any

import yaml
from yaml.constructor import ConstructorError

_MERGE = "tag:yaml.org,2002:merge"
_INTEGER = "tag:yaml.org,2002:int"
_MOST_MERGED = 1_000_000
"""Keys that all `<<` of a document may bring in: each may bring in what others brought in."""


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads the scalars of the core schema of YAML 1.2, but no infinity: JSON has none.

    Merge keys (`<<`) are no part of 1.2, but many documents use them.
    """

    merged = 0
    """How many keys they have brought in."""


class NumberKey(str):
    """A key that YAML reads as a number: text all the same, as OpenAPI wants it."""

    __slots__ = ()


def _mapping(loader: Loader, node: yaml.MappingNode) -> dict[str, Any]:
    own: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise ConstructorError(problem="a key is text", problem_mark=key.start_mark)
        made = loader.construct_object(value, deep=True)
        if key.tag == _MERGE:
            _merge(loader, merged, made, key)
        elif key.value in own:
            problem = f"the key `{key.value}` is there twice"
            raise ConstructorError(problem=problem, problem_mark=key.start_mark)
        else:
            own[NumberKey(key.value) if key.tag == _INTEGER else key.value] = made
    return merged | own if merged else own


def _merge(loader: Loader, merged: dict[str, Any], made: Any, key: yaml.ScalarNode) -> None:
    """What `<<` brings in: keys that are not there yet, of a mapping or of several."""
    for each in made if isinstance(made, list) else [made]:
        if not isinstance(each, dict):
            problem = "`<<` needs a mapping, or a list of them"
            raise ConstructorError(problem=problem, problem_mark=key.start_mark)
        loader.merged += len(each)
        if loader.merged > _MOST_MERGED:
            problem = f"the merge keys bring in more than {_MOST_MERGED} keys"
            raise ConstructorError(problem=problem, problem_mark=key.start_mark)
        merged |= each | merged


def _sequence(loader: Loader, node: yaml.SequenceNode) -> list[Any]:
    return [loader.construct_object(item, deep=True) for item in node.value]


def _null(_: Loader, node: yaml.ScalarNode) -> None:  # noqa: ARG001 - a constructor gets its node
    return None


def _boolean(_: Loader, node: yaml.ScalarNode) -> bool:
    return str(node.value).lower() == "true"


def _integer(_: Loader, node: yaml.ScalarNode) -> int:
    text = str(node.value)
    try:
        return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
    except ValueError as error:  # Python refuses to read thousands of digits
        raise _no_number(node) from error


def _real(_: Loader, node: yaml.ScalarNode) -> float:
    try:
        number = float(node.value)
    except ValueError as error:  # as in `!!float many`
        raise _no_number(node) from error
    if math.isinf(number):
        raise _no_number(node)
    return number


def _no_number(node: yaml.ScalarNode) -> ConstructorError:
    problem = f"`{node.value[:40]}` is no number that can be read"
    return ConstructorError(problem=problem, problem_mark=node.start_mark)


def _text(_: Loader, node: yaml.ScalarNode) -> str:
    return str(node.value)


_DIGITS = "0123456789"

_SCALARS = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""], _null),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF"), _boolean),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+" + _DIGITS), _integer),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
        list("-+." + _DIGITS),
        _real,
    ),
)
"""Tag, pattern, first characters (empty text has none), and what makes a value of it."""


def _install() -> None:
    Loader.yaml_implicit_resolvers = {}
    Loader.yaml_constructors = {None: yaml.SafeLoader.yaml_constructors[None]}
    for name, pattern, first, constructor in _SCALARS:
        tag = f"tag:yaml.org,2002:{name}"
        Loader.add_implicit_resolver(tag, re.compile(f"^(?:{pattern})$"), first)
        Loader.add_constructor(tag, constructor)
    Loader.add_implicit_resolver(_MERGE, re.compile("^<<$"), ["<"])
    Loader.add_constructor(_MERGE, _text)
    Loader.add_constructor("tag:yaml.org,2002:str", _text)
    Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
    Loader.add_constructor("tag:yaml.org,2002:seq", _sequence)


_install()
