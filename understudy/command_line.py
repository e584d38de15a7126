"""The command line."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from types import ModuleType
from typing import NoReturn
from urllib.parse import urlsplit

from mock_server.behaviour import BehaviourMismatch
from mock_server.gateway.gateway import Options
from openapi.loading import UnusableDescription, built_in_names
from understudy.serving import Unreachable, fail, listening_socket, serve

UNUSABLE = 2
INTERRUPTED = 130

_EPILOG = """\
examples:
  understudy serve                         the three built-in APIs on 127.0.0.1:8080
  understudy serve didomi --port 0         one of them, at the root of any free port
  understudy serve my-api.yaml             a description of your own
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code (0, 2 unusable, 130 interrupted)."""
    options = _parser().parse_args(arguments)
    try:
        return _serve(options)
    except (UnusableDescription, BehaviourMismatch, Unreachable) as error:
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
    serving.add_argument(
        "apis",
        nargs="*",
        metavar="API|FILE|URL",
        help=f"a built-in API ({', '.join(built_in_names())}), a file or a URL; "
        "none: all built-in ones",
    )
    serving.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serving.add_argument(
        "--port", type=_port, default=8080, help="port; 0 takes any free one (%(default)s)"
    )
    serving.add_argument(
        "--overlay",
        action="append",
        default=[],
        metavar="FILE",
        help="OpenAPI Overlay that changes the description before it is served; repeatable",
    )
    serving.add_argument(
        "--allow-remote-refs",
        action="store_true",
        help="fetch what references at other hosts lead to, when the server starts",
    )
    serving.add_argument(
        "--behaviours", metavar="FILE_OR_MODULE", help="Python functions of the one description"
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
    return parser


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


def _serve(options: argparse.Namespace) -> int:
    if options.behaviours and len(options.apis) != 1:
        return fail("--behaviours goes with exactly one description.", UNUSABLE)
    # Importing Connexion takes half a second that `--help` need not wait for. It imports
    # jsonschema, which builds a grammar of IRIs for a second where this package is installed.
    with _hidden("rfc3987_syntax"):
        from mock_server.api import Serving  # noqa: PLC0415
        from mock_server.app import Settings, create_app  # noqa: PLC0415

    app = create_app(
        Settings(
            apis=options.apis,
            overlays=options.overlay,
            remote_references=options.allow_remote_refs,
            behaviours=options.behaviours,
            serving=Serving(
                dynamic=options.dynamic,
                required_only=options.required_only,
                stateless=options.stateless,
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


if __name__ == "__main__":
    sys.exit(main())
