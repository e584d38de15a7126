"""The command line."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from mock_server.behaviour import BehaviourMismatch
from mock_server.gateway.gateway import Options
from openapi.loading import UnusableDescription, built_in_names
from understudy import check_arguments
from understudy.serving import Unreachable, fail, listening_socket, serve
from understudy.wrong_arguments import WrongArguments

if TYPE_CHECKING:
    from mock_server.app import Settings
    from mock_server.gateway.gateway import Asgi

UNUSABLE = 2
INTERRUPTED = 130

_EPILOG = """\
examples:
  understudy serve                         the three built-in APIs on 127.0.0.1:8080
  understudy serve didomi --port 0         one of them, at the root of any free port
  understudy serve my-api.yaml             a description of your own
  understudy routes my-api.yaml            where each of its answers would come from
  understudy check my-api.yaml --url http://127.0.0.1:8000     whether that keeps the contract
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code (0, 2 unusable, 130 interrupted)."""
    options = _parser().parse_args(arguments)
    try:
        return _COMMANDS[options.command](options)
    except (UnusableDescription, BehaviourMismatch, Unreachable, WrongArguments) as error:
        return fail(str(error), UNUSABLE)
    except KeyboardInterrupt:
        return INTERRUPTED


class _Parser(argparse.ArgumentParser):
    """Refuses wrong arguments in one line, as everything else is refused."""

    def error(self, message: str) -> NoReturn:
        """Print it and leave."""
        sys.exit(fail(f"{message} (`{self.prog} --help` lists what there is)", UNUSABLE))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="understudy",
        description="Stands in for an HTTP API that an OpenAPI description describes.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=version("understudy"))
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serving = commands.add_parser(
        "serve",
        help="start the mock",
        description="Start a mock of one or more descriptions. With one, its operations answer at "
        "the root; with several, each answers at /NAME.",
        epilog="Its controls are at /_understudy/: clock, outbox, journal, state, settings, reset.",
    )
    _add_descriptions(serving)
    _add_serving(serving)
    routes = commands.add_parser(
        "routes",
        help="show every operation and where its answer comes from",
        description="Show every operation and where its answer comes from: written by a "
        "behaviour, declared or inferred from the description, or synthesised (its example, else "
        "made up).",
    )
    _add_descriptions(routes)
    checking = commands.add_parser(
        "check",
        help="test whether an implementation keeps the contract",
        description="Test an implementation against its description: Schemathesis' checks, and "
        "laws over histories of requests. What is found is shown in the shortest history.",
        epilog=check_arguments.EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check_arguments.add_arguments(checking)
    scoring = commands.add_parser(
        "score",
        help="let liars loose on the mock, and see which laws notice",
        description="Let every liar loose that applies: a mock that breaks one law. Shows which "
        "laws notice, what goes unnoticed, and whether the honest mock raises a false alarm.",
    )
    _add_descriptions(scoring)
    check_arguments.add_score_arguments(scoring)
    replaying = commands.add_parser(
        "replay",
        help="play a finding again: is it still broken?",
        description="Play a finding again that `check` kept. Exit code 0: fixed, 1: still broken, "
        "2: unclear.",
    )
    check_arguments.add_replay_arguments(replaying)
    return parser


def _add_descriptions(command: argparse.ArgumentParser) -> None:
    """What chooses the descriptions, and what belongs to them."""
    command.add_argument(
        "apis",
        nargs="*",
        metavar="API|FILE|URL",
        help=f"a built-in API ({', '.join(built_in_names())}), a file or a URL; "
        "none: all built-in ones",
    )
    command.add_argument(
        "--overlay",
        action="append",
        default=[],
        metavar="FILE",
        help="OpenAPI Overlay that changes the description before it is served; repeatable",
    )
    command.add_argument(
        "--allow-remote-refs",
        action="store_true",
        help="fetch what references at other hosts lead to",
    )
    command.add_argument(
        "--behaviours", metavar="FILE_OR_MODULE", help="Python functions of the one description"
    )


def _add_serving(serving: argparse.ArgumentParser) -> None:
    """How it is served."""
    serving.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serving.add_argument(
        "--port", type=_port, default=8080, help="port; 0 takes any free one (%(default)s)"
    )
    serving.add_argument(
        "--seed", type=int, metavar="N", help="make ids and tokens the same in every run"
    )
    serving.add_argument(
        "--dynamic", action="store_true", help="values anew for each request, not the examples"
    )
    serving.add_argument(
        "--required-only", action="store_true", help="leave optional properties out of values"
    )
    serving.add_argument(
        "--stateless", action="store_true", help="answer examples as they stand, or plain samples"
    )
    serving.add_argument(
        "--strict-state",
        action="store_true",
        help="answer 404 for an id that was never seen, instead of playing along",
    )
    serving.add_argument(
        "--errors", action="store_true", help="answer 500 where an example breaks its schema"
    )
    serving.add_argument(
        "--public-url",
        type=_url,
        metavar="URL",
        help="what links begin with, behind a proxy or a tunnel",
    )
    serving.add_argument(
        "--no-cors", action="store_true", help="send no CORS headers, answer no preflight"
    )
    serving.add_argument("--no-control", action="store_true", help="leave the control API out")
    serving.add_argument(
        "--control-token",
        type=_token,
        metavar="T",
        help="the control API needs it in `Understudy-Token`",
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):  # noqa: PLR2004 - TCP's range
        raise argparse.ArgumentTypeError(f"a port is between 0 and 65535, not {text!r}")
    return int(text)


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(f"a URL is like https://mock.example.com, not {text!r}")
    return text.rstrip("/")


def _token(text: str) -> str:
    # An empty variable of the shell must not open the controls to everybody.
    if not text or not all("!" <= character <= "~" for character in text):
        raise argparse.ArgumentTypeError("a token is of visible ASCII characters")
    return text


@contextmanager
def _hidden(module: str) -> Iterator[None]:
    """Within, importing a module fails that was not imported before."""
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment] # None hides one
    is_new = modules.setdefault(module, None) is None
    try:
        yield
    finally:
        if is_new:
            del modules[module]


def _settings(options: argparse.Namespace) -> "Settings":
    if options.behaviours and len(options.apis) != 1:
        raise WrongArguments("--behaviours goes with exactly one description.")
    # Importing Connexion takes half a second that `--help` need not wait for. It imports
    # jsonschema, which builds a grammar of IRIs for a second where this package is installed.
    with _hidden("rfc3987_syntax"):
        from mock_server.app import Settings  # noqa: PLC0415

    return Settings(
        apis=options.apis,
        overlays=options.overlay,
        remote_references=options.allow_remote_refs,
        behaviours=options.behaviours,
    )


def _serve(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from mock_server.api import Serving  # noqa: PLC0415
    from mock_server.app import create_app  # noqa: PLC0415

    app = create_app(
        replace(
            settings,
            serving=Serving(
                dynamic=options.dynamic,
                required_only=options.required_only,
                stateless=options.stateless,
                strict_state=options.strict_state,
                errors=options.errors,
                seed=options.seed,
            ),
            control=not options.no_control,
            options=Options(
                cors=not options.no_cors,
                control_token=options.control_token,
                public_url=options.public_url,
            ),
        )
    )
    with listening_socket(options.host, options.port) as bound:
        serve(app, bound)
    return 0


def _routes(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from mock_server.app import apis_of  # noqa: PLC0415
    from understudy.routes import table_of  # noqa: PLC0415

    for line in table_of(apis_of(settings)):
        print(line)
    return 0


def _check(options: argparse.Namespace) -> int:
    return _on_contracts("checking", "check", options)


def _score(options: argparse.Namespace) -> int:
    return _on_contracts("scoring", "score", options)


def _replay(options: argparse.Namespace) -> int:
    return _on_contracts("replaying", "replay", options)


def _on_contracts(module: str, command: str, options: argparse.Namespace) -> int:
    """Run a command of the contract side, which is an extra of the package."""

    def mock(api: str) -> "Asgi":
        from mock_server.api import Serving  # noqa: PLC0415
        from mock_server.app import Settings, create_app  # noqa: PLC0415

        return create_app(
            Settings(
                apis=[api],
                overlays=options.overlay,
                remote_references=options.allow_remote_refs,
                behaviours=options.behaviours,
                serving=Serving(strict_state=True, seed=options.seed),
            )
        )

    try:
        from understudy import checking  # noqa: PLC0415

        run = getattr(import_module(f"understudy.{module}"), command)
    except ModuleNotFoundError as error:
        raise WrongArguments(
            f"{command} needs the package {error.name}: pip install 'understudy[check]'."
        ) from error
    return checking.told(run, options, mock)


_COMMANDS = {
    "serve": _serve,
    "routes": _routes,
    "check": _check,
    "score": _score,
    "replay": _replay,
}


if __name__ == "__main__":
    sys.exit(main())
