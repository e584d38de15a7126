"""A behaviour: the plain functions of a module, matched with the operations they answer."""

import importlib
import importlib.util
import inspect
import keyword
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from openapi.description import Description, Operation

_HOOKS = {"scene", "refusal", "credentials"}
_TIMER = "when_"

CREDENTIALS = {
    "anyOf": [{"enum": ["any", "known"]}, {"type": "array", "items": {"type": "string"}}],
    "default": "any",
}
"""The setting that every API has: whether only the documented credentials are accepted, or only
those of a list; tokens that a behaviour gives out and knows again need not be in it."""


class BehaviourMismatch(Exception):  # noqa: N818 - two files that disagree, not an error of either
    """A behaviour and a description disagree; the message names both places."""


@dataclass(frozen=True)
class Behaviour:
    """What is written for an API, by the part it plays."""

    operations: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    timers: Mapping[str, Callable[..., None]] = field(default_factory=dict)
    scene: Callable[..., None] | None = None
    refusal: Callable[..., Any] | None = None
    credentials: Callable[..., bool] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    """JSON Schema `properties` of the API's settings; each has a `default`."""

    def settings_schema(self) -> dict[str, Any]:
        """The schema of what may be set."""
        properties = {"credentials": CREDENTIALS} | dict(self.settings)
        return {"type": "object", "additionalProperties": False, "properties": properties}

    def default_settings(self) -> dict[str, Any]:
        """Every setting with its default."""
        properties = self.settings_schema()["properties"]
        return {name: schema["default"] for name, schema in properties.items()}


def python_name(name: str) -> str:
    """The argument that carries a parameter: characters that no Python name may hold become `_`."""
    replaced = re.sub(r"\W", "_", name, flags=re.ASCII)
    if not replaced or replaced[0].isdigit() or keyword.iskeyword(replaced):
        return f"_{replaced}"
    return replaced


_ORDER = ("path", "query", "header", "cookie")
"""Of parameters that share a name, the first of these keeps it."""


def arguments_of(operation: Operation) -> dict[tuple[str, str], str]:
    """The argument that carries each parameter, by place and name.

    A name that is taken, by the sandbox, the body or a parameter of an earlier place (path, query,
    header, cookie), is followed by the place: `id` and `id_query`.
    """
    taken = {"sandbox"} if operation.body is None else {"sandbox", "body"}
    found = {}
    for parameter in sorted(operation.parameters, key=lambda one: _ORDER.index(one.place)):
        name = python_name(parameter.name)
        name = f"{name}_{parameter.place}" if name in taken else name
        taken.add(name)
        found[parameter.place, parameter.name] = name
    return found


def built_in(description: Description) -> Behaviour:
    """The behaviour that ships for a built-in API; an empty one where none does."""
    module = f"mock_server.behaviours.{description.name}"
    if not description.name.isidentifier() or importlib.util.find_spec(module) is None:
        return Behaviour()
    return from_module(importlib.import_module(module), description)


def from_argument(argument: str, description: Description) -> Behaviour:
    """The behaviour in a file or an importable module that a user names."""
    return from_module(_imported(argument), description)


def _imported(argument: str) -> ModuleType:
    path = Path(argument)
    try:
        if path.suffix == ".py":
            return _from_file(path)
        # An installed command does not look in the working directory by itself.
        sys.path.insert(0, str(Path.cwd()))
        return importlib.import_module(argument)
    except BehaviourMismatch:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise BehaviourMismatch(f"{argument}: It cannot be imported: {reason}") from error


def _from_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise BehaviourMismatch(f"{path}: There is no such file.")
    module = importlib.util.module_from_spec(spec)
    # Data classes and others look their module up by its name.
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def from_module(module: ModuleType, description: Description) -> Behaviour:
    """Sort the module's public functions by the part they play.

    Raises BehaviourMismatch for a function that matches no operation, or cannot take its
    operation's parameters.
    """
    functions = {
        name: value
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and name[0] != "_"
    }
    timers = {name: call for name, call in functions.items() if name.startswith(_TIMER)}
    hooks = {name: call for name, call in functions.items() if name in _HOOKS}
    # In the order of the file, so that the first of several mismatches is the one that is told.
    others = {**timers, **hooks}
    written = {name: call for name, call in functions.items() if name not in others}
    for name, call in written.items():
        operation = description.by_id.get(name)
        place = f"{module.__file__}:{call.__code__.co_firstlineno}: `{name}`"
        if operation is None:
            raise BehaviourMismatch(
                f"{place} matches no operationId of {description.name}. Correct one of the names, "
                f"or begin it with `_` if it is a helper."
            )
        _check_arguments(place, call, operation)
    settings = getattr(module, "SETTINGS", {})
    for name, schema in settings.items():
        if not isinstance(schema, dict) or "default" not in schema:
            raise BehaviourMismatch(f"{module.__file__}: The setting `{name}` needs a `default`.")
    return Behaviour(operations=written, timers=timers, settings=settings, **hooks)


def _check_arguments(place: str, call: Callable[..., Any], operation: Operation) -> None:
    arguments = arguments_of(operation)
    for argument, count in Counter(arguments.values()).items():
        if count > 1:
            raise BehaviourMismatch(f"{place}: {count} parameters would all be `{argument}`.")
    required = {arguments[p.place, p.name] for p in operation.parameters if p.required}
    optional = set(arguments.values()) - required
    if operation.body is not None:
        (required if operation.body.required else optional).add("body")
    positional = {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    takes = list(inspect.signature(call).parameters.values())
    if not takes or takes.pop(0).kind not in positional:
        raise BehaviourMismatch(f"{place} has to take the sandbox first.")
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in takes):
        return
    names = {parameter.name for parameter in takes}
    without_default = {p.name for p in takes if p.default is p.empty}
    if missing := (required | optional) - names:
        raise BehaviourMismatch(f"{place} does not take the parameter(s) {_listed(missing)}.")
    if unknown := names - required - optional:
        raise BehaviourMismatch(f"{place} takes {_listed(unknown)}, which the operation lacks.")
    if bare := without_default & optional:
        raise BehaviourMismatch(f"{place} needs a default for the optional {_listed(bare)}.")


def _listed(names: set[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
