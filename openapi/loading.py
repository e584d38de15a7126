"""A file becomes a document: parsed, and refused with file, place and mend where it cannot be."""

import json
from pathlib import Path
from typing import Any

import yaml

from openapi.yaml_loader import Loader

Document = dict[str, Any]

BUILT_IN = Path(__file__).parent
_NEVER_SERVED = {"control"}


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


def find(argument: str) -> Path:
    """The file that an argument of the command line means: a built-in API's name, or a path."""
    if argument in built_in_names():
        return BUILT_IN / f"{argument}.yaml"
    path = Path(argument)
    if not path.is_file():
        known = ", ".join(built_in_names())
        raise UnusableDescription(
            argument, "", f"There is no such file. Name a file, or a built-in API ({known})."
        )
    return path


def load(path: Path) -> Document:
    """Parse a JSON or YAML file.

    Raises UnusableDescription with line and column where it cannot be parsed.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnusableDescription(path, "", f"It cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UnusableDescription(path, "", f"It cannot be read as UTF-8 text: {error}.") from error
    document = _parsed_json(path, text) if path.suffix == ".json" else _parsed_yaml(path, text)
    if not isinstance(document, dict):
        raise UnusableDescription(
            path, "", "The document is no object. An OpenAPI document starts with `openapi: 3.1.0`."
        )
    return document


def _parsed_json(path: Path, text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise UnusableDescription(path, "", f"It is not JSON at {place}: {error.msg}.") from error
    except ValueError as error:
        raise UnusableDescription(path, "", f"It is not JSON: {error}.") from error
    except RecursionError as error:
        raise UnusableDescription(path, "", "It is nested too deeply to be read.") from error


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _parsed_yaml(path: Path, text: str) -> Any:
    try:
        return yaml.load(text, Loader)  # noqa: S506 - it makes JSON values only
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "an unknown place"
        raise UnusableDescription(
            path, "", f"It is not YAML at {place}: {error.problem}."
        ) from error
    except yaml.YAMLError as error:
        raise UnusableDescription(path, "", f"It is not YAML: {error}.") from error
    except RecursionError as error:
        raise UnusableDescription(path, "", "It is nested too deeply to be read.") from error
