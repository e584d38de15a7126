"""Applications are found by name and told apart; what is none is said so, with the mend."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import flask
import pytest
from starlette.applications import Starlette

from contracts.exchange import Request
from contracts.target import UnusableTarget
from contracts.targets.app import in_process, kind, load_app

SHOP = '''
import flask

app = flask.Flask("shop")


class holder:
    async def nested(scope, receive, send):
        """An application."""


@app.get("/")
def root():
    return {"made": app.config.get("MADE", "no")}


def create_app(made="yes"):
    app.config["MADE"] = made
    return app


def broken():
    raise RuntimeError("no settings")


def makes_nothing():
    return 3


def wants(one):
    return app


number = 3
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A current folder with modules that only this test knows."""
    (tmp_path / "shop_of_tests.py").write_text(SHOP)
    (tmp_path / "needy_of_tests.py").write_text("import not_there_at_all")
    (tmp_path / "faulty_of_tests.py").write_text("1 / 0")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield tmp_path
    for name in [name for name in sys.modules if name.endswith("_of_tests")]:
        del sys.modules[name]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("attribute", "made"), [("app", "no"), ("create_app", "yes")])
def test_an_application_is_found_by_its_name(attribute: str, made: str) -> None:
    """An application in the current folder, or a function that makes one, answers."""
    target = in_process(load_app(f"shop_of_tests:{attribute}"))
    assert target.url == "http://testserver"
    assert target.send(Request("GET", "http://testserver/")).value == {"made": made}
    target.close()


@pytest.mark.usefixtures("folder")
def test_an_attribute_may_be_deep() -> None:
    """The part after the colon may have dots."""
    assert kind(load_app("shop_of_tests:holder.nested")) == "asgi"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("shop_of_tests", "write MODULE:APP"),
        (":app", "write MODULE:APP"),
        ("missing_of_tests:app", "There is no module 'missing_of_tests' in /"),
        ("missing_of_tests.deep:app", "There is no module 'missing_of_tests' in /"),
        ("shop_of_tests.py:app", "Write shop_of_tests without .py."),
        ("needy_of_tests:app", "needy_of_tests needs a module that is missing: not_there_at_all"),
        ("faulty_of_tests:app", "cannot be imported: ZeroDivisionError: division by zero (faulty"),
        ("shop_of_tests:api", "has no 'api': mend the part after the colon"),
        ("shop_of_tests:number", "it is of type int"),
        ("shop_of_tests:holder", "made no application: what it gave is of type holder"),
        ("shop_of_tests:wants", "nor a function without arguments"),
        ("shop_of_tests:broken", "shop_of_tests:broken() failed: RuntimeError: no settings"),
        ("shop_of_tests:makes_nothing", "made no application: what it gave is of type int"),
    ],
)
def test_what_cannot_be_loaded_says_why(name: str, told: str) -> None:
    """Each way in which a name may be wrong has words of its own."""
    with pytest.raises(UnusableTarget) as caught:
        load_app(name)
    assert told in str(caught.value)


def test_the_current_folder_is_searched(folder: Path) -> None:
    """A command that is installed elsewhere finds modules of the folder it is called in."""
    code = "from contracts.targets.app import load_app; print(load_app('shop_of_tests:app').name)"
    # -P leaves the current folder out, as the command of an installed package does.
    done = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-P", "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    assert done.stdout == "shop\n"


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """An application."""


def plain(scope: Any, receive: Any, send: Any) -> Any:
    """An application that is no coroutine function, and gives a coroutine."""
    return asgi(scope, receive, send)


class Asgi:
    """An application as an object."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers."""


class Catching:
    """An application that takes its arguments as they come."""

    async def __call__(self, *args: Any) -> None:
        """Answers."""


def wsgi(environ: Any, start_response: Any, extra: Any = None) -> list[bytes]:
    """An application."""
    return [environ, start_response, extra]


@pytest.mark.parametrize(
    ("app", "told"),
    [
        (asgi, "asgi"),
        (Asgi(), "asgi"),
        (Catching(), "asgi"),
        (Starlette(), "asgi"),
        (partial(asgi, {}), None),
        (plain, "asgi"),
        (wsgi, "wsgi"),
        (flask.Flask(__name__), "wsgi"),
        (flask.Flask(__name__).wsgi_app, "wsgi"),
        (partial(wsgi, extra=1), "wsgi"),
        (flask.Flask, None),
        (print, None),
        ("app", None),
        (lambda: None, None),
    ],
)
def test_applications_are_told_apart(app: Any, told: str | None) -> None:
    """How something is called tells whether it is ASGI, WSGI or neither."""
    assert kind(app) == told


def test_what_is_no_application_is_refused() -> None:
    """Something else cannot be served in process."""
    with pytest.raises(
        UnusableTarget, match="Neither an ASGI nor a WSGI application: it is of type str"
    ):
        in_process("app")
