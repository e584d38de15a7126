"""The command `check`: from arguments to a run, its reports, and the exit code."""

import argparse
import json
import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contracts import baseline, finding_file
from contracts.api import Api
from contracts.control import Control
from contracts.deadline import Deadline
from contracts.exchange import ABSENT, NoAnswer, OutOfTime
from contracts.identity.credentials import LOGIN, OF_SECOND, variable
from contracts.identity.identities import Identities
from contracts.identity.sign_in import login_of
from contracts.law import all_laws
from contracts.outcome import Outcome
from contracts.pace import Paced, seconds_between
from contracts.recorded import Unreadable
from contracts.redaction import redacted
from contracts.redactor import Redactor
from contracts.report import WRITERS, github, terminal
from contracts.samples import EXAMPLE, Recipe, Samples
from contracts.session import Plan, Unusable, checked
from contracts.shut_out import told_of_silence
from contracts.stands import Stands
from contracts.steps import NUMBER, Fresh, Ref, bound
from contracts.target import Target, UnusableTarget
from contracts.targets.app import in_process, load_app
from contracts.targets.over_http import OverHttp
from openapi import shapes
from openapi.description import Operation, read
from openapi.loading import find
from openapi.resources import sent_schema
from openapi.synthesis import Unsatisfiable
from understudy.interruption import INTERRUPTED, interruptible
from understudy.progress import Progress
from understudy.serving import fail
from understudy.wrong_arguments import WrongArguments

FOLDER = ".understudy"
"""Where findings are kept, so that they can be played again."""
BROKEN, UNUSABLE = 1, 2


def chooser(include: list[str], exclude: list[str]) -> Callable[[Operation], bool]:
    """Tells which operations are tested."""

    def chosen(operation: Operation) -> bool:
        names = (operation.name, operation.key, operation.path)

        def like(pattern: str) -> bool:
            return any(fnmatchcase(name, pattern) for name in names)

        return (not include or any(map(like, include))) and not any(map(like, exclude))

    return chosen


def on_this_machine(url: str) -> bool:
    """Whether a URL leads to this machine itself."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


Command = Callable[[argparse.Namespace, Callable[[str], Any]], int]


def told(command: Command, options: argparse.Namespace, mock: Callable[[str], Any]) -> int:
    """Run a command; returns its exit code, 2 with one line where nothing could be tested.

    `mock` makes the mock of a description, to be called. Raises UnusableDescription and
    WrongArguments.
    """
    try:
        return command(options, mock)
    except (UnusableTarget, Unusable, Unreadable, NoAnswer) as error:
        return fail(str(error), UNUSABLE)


def check(options: argparse.Namespace, mock: Callable[[str], Any]) -> int:
    """Run `check`; returns its exit code. `mock` makes the mock of a description, to be called.

    Raises UnusableDescription, UnusableTarget, Unusable, Unreadable, NoAnswer, WrongArguments.
    """
    if options.url is None and options.app is None:
        raise WrongArguments("check needs a target: --url URL, --url mock, or --app MODULE:APP.")
    if options.update_baseline and options.baseline is None:
        raise WrongArguments("--update-baseline needs --baseline FILE.")
    known = _baseline(options)
    description = read(find(options.api), options.overlay, remote=options.allow_remote_refs)
    redactor = Redactor(description)
    deadline = Deadline()
    with ExitStack() as told:
        outcome = _tested(options, Api(description), mock, redactor, deadline, told)
        outcome = redacted(outcome, redactor)
        if known is not None:
            if options.update_baseline:
                known = baseline.updated(known, outcome)
                Path(options.baseline).write_text(baseline.written(known), encoding="utf-8")
            outcome = baseline.judged(outcome, known, datetime.now(UTC).date())
        _report(outcome, options)
    if deadline.interrupted:
        return INTERRUPTED
    return BROKEN if outcome.broken else 0


def _baseline(options: argparse.Namespace) -> baseline.Baseline | None:
    if options.baseline is None:
        return None
    path = Path(options.baseline)
    if options.update_baseline and not path.exists():
        return baseline.Baseline()
    return baseline.read(path)


def _tested(
    options: argparse.Namespace,
    api: Api,
    mock: Callable[[str], Any],
    redactor: Redactor,
    deadline: Deadline,
    told: ExitStack,
) -> Outcome:
    """The outcome of the run. Once it begins, it can be interrupted until all is told."""
    run_id = secrets.token_hex(4)
    progress = Progress(options.max_time)
    limit = options.max_time
    with standing(options, api, mock, redactor, run_id, deadline, limit) as (stands, identities):
        plan = Plan(
            description=api.description,
            source=options.api,
            laws=all_laws(),
            run_id=run_id,
            seed=options.seed,
            # The first look at the target is part of the run.
            seconds=max(1.0, deadline.until - time.monotonic()),
            max_examples=options.max_examples,
            walks=not options.no_stateful,
            read_only=options.read_only,
            keep=options.keep,
            includes=chooser(options.include, options.exclude),
        )
        told.enter_context(interruptible(deadline))
        try:
            outcome = checked(plan, stands, progress)
        finally:
            progress.end()
        return replace(outcome, notes=[*outcome.notes, *identities.notes])


@contextmanager
def standing(
    options: argparse.Namespace,
    api: Api,
    mock: Callable[[str], Any],
    redactor: Redactor,
    run_id: str,
    deadline: Deadline | None = None,
    seconds: float = float("inf"),
) -> Iterator[tuple[Stands, Identities]]:
    """The target that the options name, as long as it is needed, and who may be whom there.

    It has so many seconds, from when it stands.
    """
    deadline = deadline or Deadline()
    is_mock = options.url == "mock"
    app = mock(options.api) if is_mock else load_app(options.app) if options.app else None
    target = (
        in_process(app, deadline=deadline) if app is not None else _over_http(options, deadline)
    )
    deadline.begin(time.monotonic() + seconds)
    try:
        try:
            control = _control(options, target)
        except OutOfTime:
            raise UnusableTarget(told_of_silence(target.url)) from None
        known = mock_credentials(api) if control is not None else {}
        identities = Identities(
            api,
            options.headers,
            known | dict(os.environ),
            may_register=not options.read_only,
            learn=redactor.learn,
        )
        yield Stands(target, identities, run_id, control=control, deadline=deadline), identities
    finally:
        target.close()


def _report(outcome: Outcome, options: argparse.Namespace) -> None:
    """Write the reports, keep the findings, and print the terminal's report last."""
    for kind, path in options.report:
        _write(Path(path), WRITERS[kind](outcome))
    folder = Path(FOLDER)
    for finding in (*outcome.broken, *outcome.unclear):
        file = finding_file.written(outcome, finding)
        _write(folder / finding_file.file_name(finding), file)
        _write(folder / finding_file.pytest_name(finding), finding_file.pytest_file(finding))
    if github.wanted(os.environ):
        _print(github.written(outcome))
    is_terminal = sys.stdout.isatty()
    look = terminal.Look(
        width=shutil.get_terminal_size().columns if is_terminal else 100,
        colours=is_terminal and "NO_COLOR" not in os.environ,
        folder=FOLDER,
    )
    _print(terminal.written(outcome, look))


def _print(text: str) -> None:
    """Print what may hold any letters to whatever standard output takes."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), end="")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise WrongArguments(f"{path} cannot be written: {error.strerror}.") from error


def _over_http(options: argparse.Namespace, deadline: Deadline) -> Target:
    target: Target = OverHttp(options.url, deadline=deadline)
    unsafe = not options.read_only and not options.yes
    if unsafe and not on_this_machine(options.url):
        _ask(options.url)
    between = seconds_between(options.rate_limit) if options.rate_limit else 0
    return Paced(target, between, deadline=deadline)


def _ask(url: str) -> None:
    """Ask once before a target elsewhere is written to. Raises WrongArguments where that is no."""
    host = urlsplit(url).hostname
    if not sys.stdin.isatty():
        raise WrongArguments(
            f"{host} is not this machine, and a run creates, changes and deletes there. "
            "Add --yes, or --read-only."
        )
    print(f"A run creates, changes and deletes at {host}. Go on? [y/N] ", end="", file=sys.stderr)
    if input().strip().lower() not in {"y", "yes"}:
        raise WrongArguments("Nothing was sent.")


def _control(options: argparse.Namespace, target: Target) -> Control | None:
    """The controls of the mock that the target is, if it is one."""
    if options.control is not None:
        control = Control(target, options.control)
        if not control.is_there():
            raise WrongArguments(f"{options.control} are no controls of a mock: no /health there.")
        return control
    parts = urlsplit(target.url)
    control = Control(target, f"{parts.scheme}://{parts.netloc}/_understudy")
    return control if control.is_there() else None


def mock_credentials(api: Api) -> dict[str, str]:
    """Credentials by which a mock knows two identities: it takes any key, and lets anyone in."""
    found = {}
    login = login_of(api.description)
    body = ABSENT
    if login is not None:
        # Where nothing can be sent to the login, a mock that has one takes plain credentials.
        with suppress(Unsatisfiable):
            body = bound(Samples(api).body(login, Recipe(EXAMPLE)), _anything)
    for ending in ("", OF_SECOND):
        for name, scheme in api.description.security_schemes.items():
            if not isinstance(body, Mapping) or scheme.get("type") == "apiKey":
                user = "understudy:" if str(scheme.get("scheme")).lower() == "basic" else ""
                found[f"{variable(name)}{ending}"] = f"{user}understudy{ending}"
        if login is not None and isinstance(body, Mapping):
            free = {name for name in body if _is_free(login, name)}
            told = {name: f"{body[name]}{ending}" if name in free else body[name] for name in body}
            found[f"{LOGIN}{ending}"] = json.dumps(told)
    return found


def _anything(one: Ref | Fresh) -> Any:
    """What stands for a value that would have to be new, where a mock takes any."""
    if not isinstance(one, Fresh) or one.form == NUMBER:
        return 1
    return one.form.replace("{}", "understudy")


def _is_free(login: Operation, name: str) -> bool:
    """Whether a property may have any text."""
    part = shapes.properties(sent_schema(login)).get(name, True)
    kinds = shapes.types(part)
    return kinds == {"string"} and shapes.keyword(part, "enum") is None
