"""What `understudy check` takes: told apart from the command, which needs a second to import."""

import argparse
import re

DEFAULT_SECONDS = 45
"""So long a run takes unless `--max-time` says otherwise."""

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}

EPILOG = """\
exit codes: 0 kept, 1 broken, 2 nothing could be tested, 130 interrupted

examples:
  understudy check didomi --url mock                       the mock itself
  understudy check my-api.yaml --url http://127.0.0.1:8000/v1
  understudy check my-api.yaml --app shop.main:app         an ASGI or WSGI application, in process
  understudy check my-api.yaml --url https://staging.example.com --yes --rate-limit 100/m \\
      -H 'Authorization: Bearer …' --report junit=report.xml --report html=report.html

credentials: -H, or one environment variable for each security scheme of the description:
  UNDERSTUDY_<NAME> (key, token, or user:password), such as UNDERSTUDY_API_KEY for `apiKey`;
  with _2 behind it for a second identity;
  UNDERSTUDY_LOGIN (and _2): the JSON body of the description's login operation.
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """What `check` takes."""
    command.add_argument("api", metavar="API|FILE|URL", help="the description")
    where = command.add_mutually_exclusive_group()
    where.add_argument(
        "--url",
        metavar="TARGET|mock",
        help="what to test: a base URL that stands in place of the description's first server, "
        "or `mock`",
    )
    where.add_argument(
        "--app", metavar="MODULE:APP", help="an ASGI or WSGI application, called in process"
    )
    command.add_argument(
        "--control",
        metavar="URL",
        help="the controls of a mock (/_understudy at the target's origin, if there are any)",
    )
    command.add_argument(
        "-H",
        dest="headers",
        action="append",
        default=[],
        type=_header,
        metavar="'Name: value'",
        help="sent with every request; repeatable",
    )
    command.add_argument(
        "--seed", type=int, default=1, metavar="N", help="the same seed, the same run (%(default)s)"
    )
    command.add_argument(
        "--max-time",
        type=seconds,
        default=float(DEFAULT_SECONDS),
        metavar="T",
        help=f"how long the run may take, as 90, 90s, 5m or 1h ({DEFAULT_SECONDS}s)",
    )
    command.add_argument(
        "--max-examples",
        type=_positive,
        default=20,
        metavar="N",
        help="examples of each operation that Schemathesis sends in a phase (%(default)s)",
    )
    command.add_argument(
        "--rate-limit", type=_rate, metavar="100/m", help="most requests a second (s), minute, hour"
    )
    _add_choice(command)
    _add_description(command)
    command.add_argument(
        "--report",
        action="append",
        default=[],
        type=_report,
        metavar="KIND=FILE",
        help="junit, html, json or sarif; repeatable",
    )
    command.add_argument(
        "--baseline", metavar="FILE", help="known findings, which do not break the run"
    )
    command.add_argument(
        "--update-baseline", action="store_true", help="write what is found to the baseline"
    )
    command.add_argument(
        "--yes",
        action="store_true",
        help="send unsafe methods to a target that is not on this machine without asking",
    )


def add_score_arguments(command: argparse.ArgumentParser) -> None:
    """What `score` takes beside descriptions."""
    command.add_argument("--seed", type=int, default=1, metavar="N")
    command.add_argument(
        "--max-time",
        type=seconds,
        default=30.0,
        metavar="T",
        help="how long each liar is looked at, at most (30s)",
    )
    command.add_argument("--max-examples", type=_positive, default=20, metavar="N")
    command.add_argument(
        "--liar", action="append", default=[], metavar="NAME", help="only this one; repeatable"
    )
    command.add_argument(
        "--no-comparison",
        dest="alone",
        action="store_false",
        help="leave out how Schemathesis' checks alone would do",
    )


def add_replay_arguments(command: argparse.ArgumentParser) -> None:
    """What `replay` takes."""
    command.add_argument("finding", metavar="FINDING.json", help="a finding that `check` kept")
    where = command.add_mutually_exclusive_group()
    where.add_argument(
        "--url", metavar="TARGET|mock", help="where to play it; else where it was found"
    )
    where.add_argument("--app", metavar="MODULE:APP", help="an application, called in process")
    command.add_argument(
        "--control", metavar="URL", help="the controls of a mock, if they are elsewhere"
    )
    command.add_argument(
        "-H",
        dest="headers",
        action="append",
        default=[],
        type=_header,
        metavar="'Name: value'",
        help="sent with every request; repeatable",
    )
    command.add_argument("--yes", action="store_true", help="do not ask before sending elsewhere")
    command.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    command.set_defaults(read_only=False, rate_limit=None)
    _add_description(command)


def _add_description(command: argparse.ArgumentParser) -> None:
    """What belongs to the description."""
    command.add_argument(
        "--overlay",
        action="append",
        default=[],
        metavar="FILE",
        help="OpenAPI Overlay that changes the description before it is read; repeatable",
    )
    command.add_argument(
        "--allow-remote-refs",
        action="store_true",
        help="fetch what references at other hosts lead to",
    )
    command.add_argument(
        "--behaviours",
        metavar="FILE_OR_MODULE",
        help="Python functions of the mock, with --url mock",
    )


def _add_choice(command: argparse.ArgumentParser) -> None:
    """What chooses what is tested."""
    command.add_argument(
        "--include",
        action="append",
        default=[],
        metavar="PATTERN",
        help="only operations whose id or `METHOD /path` is like it, as 'GET *'; repeatable",
    )
    command.add_argument(
        "--exclude", action="append", default=[], metavar="PATTERN", help="leave such ones out"
    )
    command.add_argument("--read-only", action="store_true", help="send safe methods only")
    command.add_argument(
        "--no-stateful", action="store_true", help="no walks and no laws: Schemathesis' checks only"
    )
    command.add_argument(
        "--keep", action="store_true", help="do not delete what the run created on the target"
    )


def seconds(text: str) -> float:
    """A span of time such as `90`, `90s`, `5m` or `1h`, in seconds."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text.strip())
    if match is None or not float(match[1]):
        raise argparse.ArgumentTypeError(f"a time is like 90, 90s, 5m or 1h, not {text!r}")
    return float(match[1]) * _UNITS[match[2]]


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"it takes a whole number from 1, not {text!r}")
    return int(text)


def _rate(text: str) -> str:
    if not re.fullmatch(r"[1-9]\d*/[smh]", text):
        raise argparse.ArgumentTypeError(f"a rate is like 5/s, 100/m or 1000/h, not {text!r}")
    return text


def _header(text: str) -> tuple[str, str]:
    name, sign, value = text.partition(":")
    if not sign or not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name.strip()):
        raise argparse.ArgumentTypeError(f"a header is like 'Name: value', not {text!r}")
    return name.strip(), value.strip()


def _report(text: str) -> tuple[str, str]:
    kind, _, path = text.partition("=")
    if kind not in {"junit", "html", "json", "sarif"} or not path:
        raise argparse.ArgumentTypeError(
            f"a report is like junit=report.xml (or html, json, sarif), not {text!r}"
        )
    return kind, path
