"""A file becomes a document: parsed, and refused with file, place and mend where it cannot be."""

import json
import math
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from openapi.bounds import OutOfBounds, check_bounds
from openapi.yaml_cache import parsed_once
from openapi.yaml_loader import Loader

Document = dict[str, Any]

BUILT_IN = Path(__file__).parent
_NEVER_SERVED = {"control"}
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""The escape of half a character beyond the basic plane."""


class UnusableDescription(Exception):  # noqa: N818 - it is the description that fails, not we
    """A description that cannot be understood: which file, where in it, and how to mend it."""

    def __init__(self, file: Path | str, pointer: str, problem: str) -> None:
        super().__init__(f"{file}: {pointer or '/'}: {problem}")
        self.file = str(file)
        self.pointer = pointer
        self.problem = problem


def built_in_names() -> list[str]:
    """The names of the APIs that ship with Understudy."""
    stems = {path.stem for path in BUILT_IN.glob("*.yaml")}
    return sorted(stems - _NEVER_SERVED)


def find(argument: str) -> Path | str:
    """What an argument of the command line means: a built-in API's file, a file, or a URL.

    Raises UnusableDescription where it is none of them.
    """
    if argument in built_in_names():
        return BUILT_IN / f"{argument}.yaml"
    if argument.startswith(("http://", "https://")):
        return argument
    path = Path(argument)
    if not path.is_file():
        known = ", ".join(built_in_names())
        raise UnusableDescription(
            argument, "", f"There is no such file. Name a file, a URL, or a built-in API ({known})."
        )
    return path


def load(source: Path | str) -> Document:
    """Parse a JSON or YAML file, or what a URL answers.

    Raises UnusableDescription, with line and column where it cannot be parsed.
    """
    text = fetched(source) if isinstance(source, str) else _read(source)
    try:
        document = _parsed(source, text)
        check_bounds(document)
    except OutOfBounds as error:
        raise UnusableDescription(source, "", str(error)) from error
    if not isinstance(document, dict):
        problem = "The document is no object. An OpenAPI document starts with `openapi: 3.1.0`."
        raise UnusableDescription(source, "", problem)
    return document


def fetched(url: str) -> str:
    """The text that a URL answers. Raises UnusableDescription."""
    # Importing a client takes a tenth of a second that hardly any start needs.
    from openapi.remote import Unfetched, fetch  # noqa: PLC0415

    try:
        return fetch(url)
    except Unfetched as error:
        raise UnusableDescription(url, "", str(error)) from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnusableDescription(path, "", f"It cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UnusableDescription(path, "", f"It cannot be read as UTF-8 text: {error}.") from error


def _parsed(source: Path | str, text: str) -> Any:
    if str(source).endswith(".json"):
        return _parsed_json(source, text)
    if text.lstrip().startswith("{"):
        # Whatever the file is called, JSON is read as such: that takes a hundredth of the time.
        with suppress(ValueError, RecursionError):
            return _json(text)
    return _parsed_yaml(source, text)


def _parsed_json(source: Path | str, text: str) -> Any:
    try:
        return _json(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise UnusableDescription(source, "", f"It is not JSON at {place}: {error.msg}.") from error
    except ValueError as error:
        raise UnusableDescription(source, "", f"It is not JSON: {error}.") from error
    except RecursionError as error:
        raise UnusableDescription(source, "", "It is nested too deeply to be read.") from error


def _json(text: str) -> Any:
    value = json.loads(text, parse_constant=_refused_constant, parse_float=_number)
    if _HALF.search(text):
        # Such halves may stand side by side; only one without the other cannot be written.
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _refused_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:40]} is no number that can be read")
    return number


def _parsed_yaml(source: Path | str, text: str) -> Any:
    try:
        return parsed_once(text, _yaml)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "an unknown place"
        raise UnusableDescription(
            source, "", f"It is not YAML at {place}: {error.problem}."
        ) from error
    except yaml.YAMLError as error:
        raise UnusableDescription(source, "", f"It is not YAML: {error}.") from error
    except RecursionError as error:
        raise UnusableDescription(source, "", "It is nested too deeply to be read.") from error


def _yaml(text: str) -> Any:
    """Raises OutOfBounds before anything is kept: written out, aliases might never end."""
    value = yaml.load(text, Loader)  # noqa: S506 - makes JSON values only
    check_bounds(value)
    return value
