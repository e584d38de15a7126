"""Applications in this process: found by `MODULE:APP`, and told apart."""

import importlib
import inspect
import sys
from functools import partial, reduce
from pathlib import Path
from typing import Any

from contracts.deadline import Deadline
from contracts.target import LONGEST, TIMEOUT, Target, UnusableTarget
from contracts.targets.asgi import AsgiApp
from contracts.targets.failure import told
from contracts.targets.wsgi import WsgiApp

_ASGI, _WSGI = 3, 2
"""How many arguments an application is called with."""


def load_app(name: str) -> Any:
    """The application that `MODULE:APP` names, in the current folder or installed.

    A function that needs no argument is called to make it. Raises UnusableTarget.
    """
    module_name, _, attribute = name.partition(":")
    if not module_name or not attribute:
        raise UnusableTarget(
            f"{name!r} names no application: write MODULE:APP, as in shop.main:app."
        )
    module = _imported(module_name)
    try:
        app = reduce(getattr, attribute.split("."), module)
    except AttributeError as error:
        raise UnusableTarget(
            f"{module_name} ({_file(module)}) has no {attribute!r}: mend the part after the colon."
        ) from error
    if kind(app) is not None:
        return app
    if not callable(app) or _needs(app) != 0:
        raise UnusableTarget(
            f"{name} is neither an ASGI nor a WSGI application, nor a function without arguments "
            f"that makes one: it is {_described(app)}."
        )
    try:
        made = app()
    except Exception as error:
        raise UnusableTarget(f"{name}() failed: {told(error)}.") from error
    if kind(made) is None:
        raise UnusableTarget(f"{name}() made no application: what it gave is {_described(made)}.")
    return made


def in_process(
    app: Any,
    *,
    timeout: float = TIMEOUT,
    longest: int = LONGEST,
    deadline: Deadline | None = None,
) -> Target:
    """An ASGI or WSGI application as a target, started. Raises UnusableTarget."""
    match kind(app):
        case "asgi":
            return AsgiApp(app, timeout=timeout, longest=longest, deadline=deadline)
        case "wsgi":
            return WsgiApp(app, timeout=timeout, longest=longest, deadline=deadline)
    raise UnusableTarget(f"Neither an ASGI nor a WSGI application: it is {_described(app)}.")


def kind(app: Any) -> str | None:
    """Whether something is an `asgi` or a `wsgi` application, by how it is called."""
    if not callable(app) or inspect.isclass(app):
        return None
    needs = _needs(app)
    if needs == _ASGI or (needs is None and _is_async(app)):
        return "asgi"
    return "wsgi" if needs == _WSGI and not _is_async(app) else None


def _is_async(app: Any) -> bool:
    while isinstance(app, partial):
        app = app.func
    return inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(app.__call__)


def _needs(app: Any) -> int | None:
    """How many arguments it has to be called with; None where that is not to be seen."""
    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        return None
    variadic = any(one.kind is one.VAR_POSITIONAL for one in parameters)
    needed = [
        one
        for one in parameters
        if one.kind in {one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD} and one.default is one.empty
    ]
    return None if variadic else len(needed)


def _imported(name: str) -> Any:
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise UnusableTarget(f"{name} needs a module that is missing: {error.name}.") from error
        hint = f" Write {name.removesuffix('.py')} without .py." if name.endswith(".py") else ""
        raise UnusableTarget(
            f"There is no module {error.name!r} in {Path.cwd()} or installed.{hint}"
        ) from error
    except Exception as error:
        raise UnusableTarget(f"{name} cannot be imported: {told(error)}.") from error


def _file(module: Any) -> str:
    return getattr(module, "__file__", None) or "a package"


def _described(value: Any) -> str:
    return (
        f"the class {value.__name__}"
        if inspect.isclass(value)
        else f"of type {type(value).__name__}"
    )
