#!/usr/bin/env python3
"""Plays the stateful cases beside this file against a mock server, any mock server.

Needs httpx, pyyaml and jsonschema, and nothing else of the project. README.md says how to use it.
"""

import argparse
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urljoin

import httpx
import yaml
from jsonschema import Draft202012Validator

FOLDER = Path(__file__).parent
_SAVED = re.compile(r"\{([a-z_]+)\}")
_NOTHING = object()
_MOST_PAGES = 50
_LONGEST = 300
"""So many characters of an answer are shown."""


class Difference(Exception):  # noqa: N818 - it is what the report says
    """Where a server does otherwise than a case expects."""


@dataclass(frozen=True)
class Controls:
    """How a server is told what HTTP has no word for: `METHOD PATH [BODY]`, or None."""

    clock: str | None = None
    """`{seconds}` in it is the number of seconds to move on."""
    reset: str | None = None


def load(path: Path) -> dict[str, Any]:
    """The case of a file."""
    return cast("dict[str, Any]", yaml.safe_load(path.read_text(encoding="utf-8")))


def files(arguments: Sequence[str] = ()) -> list[Path]:
    """The case files that the arguments (files or folders) name; none: all of this folder."""
    named = [Path(argument) for argument in arguments] or [FOLDER]
    found = [file for path in named for file in (sorted(path.glob("**/*.yaml")) or [path])]
    return [file for file in found if file.name != "case.schema.yaml"]


def play(case: Mapping[str, Any], client: httpx.Client, url: str, controls: Controls) -> None:
    """Take a case's steps against a server at `url`. Raises Difference at the first that fails."""
    player = _Player(client, url.rstrip("/"), controls)
    for number, step in enumerate(case["steps"], 1):
        try:
            player.take(step)
        except Difference as difference:
            raise Difference(f"step {number}, {_named(step)}: {difference}") from None
        except httpx.HTTPError as error:
            raise Difference(f"step {number}, {_named(step)}: {error!r}") from None


def _named(step: Mapping[str, Any]) -> str:
    if "request" in step:
        return (
            f"{step['request']['method']} {step['request'].get('path', step['request'].get('url'))}"
        )
    return f"walk {step['walk']['path']}" if "walk" in step else next(iter(step))


@dataclass
class _Player:
    client: httpx.Client
    url: str
    controls: Controls
    saved: dict[str, Any] = field(default_factory=dict)

    def take(self, step: Mapping[str, Any]) -> None:
        """Take one step."""
        expect = filled(step.get("expect", {}), self.saved)
        if "request" in step:
            answer = self._send(step["request"])
            _check_status_and_headers(expect, answer)
            _check_body(expect, lambda: _json(answer))
            for name, place in step.get("save", {}).items():
                self.saved[name] = _part(answer, place)
        elif "walk" in step:
            items = self._walk(step["walk"])
            _check_body(expect, lambda: items)
        elif "advance" in step:
            self._control(self.controls.clock, "clock", seconds=step["advance"])
        else:
            self._control(self.controls.reset, "reset")

    def _send(self, request: Mapping[str, Any]) -> httpx.Response:
        target = filled(request["path"], self.saved, encoded=True) if "path" in request else ""
        parts = filled({k: v for k, v in request.items() if k != "path"}, self.saved)
        url = self.url + target if target else urljoin(f"{self.url}/", parts["url"])
        headers = httpx.Headers(parts.get("headers"))
        body: dict[str, Any] = {}
        if "json" in parts:
            # As text, for httpx would send nothing for null.
            body["content"] = json.dumps(parts["json"])
            headers.setdefault("Content-Type", "application/json")
        elif "form" in parts:
            body["data"] = parts["form"]
        elif "text" in parts:
            body["content"] = parts["text"]
        # httpx would take the query out of a URL that already has one.
        query = {"params": parts["query"]} if parts.get("query") else {}
        return self.client.request(parts["method"], url, headers=headers, **query, **body)

    def _walk(self, walk: Mapping[str, Any]) -> list[Any]:
        request = {
            "method": "GET",
            **{k: walk[k] for k in ("path", "query", "headers") if k in walk},
        }
        items: list[Any] = []
        for _ in range(_MOST_PAGES):
            answer = self._send(request)
            _check_status_and_headers({"status": "2XX"}, answer)
            page = at(_json(answer), walk["items"])
            if not isinstance(page, list):
                raise Difference(f"no list at {walk['items']!r} in {_short(_json(answer))}")
            if len(page) > walk.get("page_size", len(page)):
                raise Difference(f"a page of {len(page)} items instead of {walk['page_size']}")
            items += page
            following = _next(walk, request, answer)
            if following is None:
                return items
            request = following
        raise Difference(f"no last page after {_MOST_PAGES} pages")

    def _control(self, command: str | None, what: str, **values: Any) -> None:
        if command is None:
            raise Difference(f"the runner was not told how to move the {what}")
        method, path, *body = command.split(None, 2)
        content = filled(body[0], values) if body else None
        headers = {"Content-Type": "application/json"} if body else {}
        answer = self.client.request(method, self.url + path, content=content, headers=headers)
        _check_status_and_headers({"status": "2XX"}, answer)


def _next(
    walk: Mapping[str, Any], request: Mapping[str, Any], answer: httpx.Response
) -> dict[str, Any] | None:
    [(way, place)] = walk["next"].items()
    if way == "link":
        target = answer.links.get(place, {}).get("url")
        return {"method": "GET", "url": target} if target else None
    if way == "url":
        target = at(_json(answer), place)
        return {"method": "GET", "url": target} if isinstance(target, str) and target else None
    [(name, pointer)] = place.items()
    value = at(_json(answer), pointer)
    if value in (_NOTHING, None, ""):
        return None
    return {**request, "query": {**request.get("query", {}), name: value}}


def filled(value: Any, saved: Mapping[str, Any], *, encoded: bool = False) -> Any:
    """A value with every `{name}` replaced; a text that is nothing else takes the value's type."""
    if isinstance(value, dict):
        return {key: filled(item, saved) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, saved) for item in value]
    if not isinstance(value, str):
        return value
    whole = _SAVED.fullmatch(value)
    if whole and whole[1] in saved:
        return saved[whole[1]]

    def text(place: re.Match[str]) -> str:
        if place[1] not in saved:
            return place[0]
        found = saved[place[1]]
        found = found if isinstance(found, str) else json.dumps(found)
        return quote(found, safe="") if encoded else found

    return _SAVED.sub(text, value)


def at(document: Any, pointer: str) -> Any:
    """What a JSON Pointer (RFC 6901) leads to; a value of its own where it leads to nothing."""
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict) and key in document:
            document = document[key]
        elif isinstance(document, list) and key.isdecimal() and int(key) < len(document):
            document = document[int(key)]
        else:
            return _NOTHING
    return document


def _part(answer: httpx.Response, place: str) -> Any:
    if place and not place.startswith("/"):
        value = answer.headers.get(place, _NOTHING)
    else:
        value = at(_json(answer), place)
    if value is _NOTHING:
        raise Difference(f"nothing at {place} to save, in {_cut(answer.text)}")
    return value


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        raise Difference(f"the body is not JSON: {_cut(answer.text)}") from None


def _check_status_and_headers(expect: Mapping[str, Any], answer: httpx.Response) -> None:
    wanted = expect["status"] if isinstance(expect["status"], list) else [expect["status"]]
    if not {answer.status_code, f"{answer.status_code // 100}XX"} & set(wanted):
        alternatives = " or ".join(map(str, wanted))
        raise Difference(f"{answer.status_code} instead of {alternatives}: {_cut(answer.text)}")
    for name, rule in expect.get("headers", {}).items():
        value = answer.headers.get(name)
        if isinstance(rule, str):
            right = value == rule
        elif "absent" in rule:
            right = value is None
        else:
            right = value is not None and re.search(rule["matches"], value) is not None
        if not right:
            raise Difference(f"header {name} is {value!r}, not {rule!r}")


def _check_body(expect: Mapping[str, Any], body: Callable[[], Any]) -> None:
    if "json" in expect:
        _compare(expect["json"], body(), "", exact=True)
    if "json_contains" in expect:
        _compare(expect["json_contains"], body(), "", exact=False)
    if "json_matches" in expect:
        for error in Draft202012Validator(expect["json_matches"]).iter_errors(body()):
            place = "".join(f"/{part}" for part in error.absolute_path)
            raise Difference(f"{place or 'the body'}: {_cut(error.message)}")
    for pointer in expect.get("absent", ()):
        if at(body(), pointer) is not _NOTHING:
            raise Difference(f"{pointer} is there: {_short(at(body(), pointer))}")


def _compare(expected: Any, got: Any, place: str, *, exact: bool) -> None:
    """Raise Difference at the first place where they differ."""
    if isinstance(expected, dict) and not exact and expected.keys() & _LISTS.keys():
        if not isinstance(got, list):
            raise _other(expected, got, place)
        for word, items in expected.items():
            _LISTS[word](items, got, place)
    elif isinstance(expected, dict) and isinstance(got, dict):
        _compare_objects(expected, got, place, exact=exact)
    elif isinstance(expected, list) and isinstance(got, list):
        _check_length(expected, got, place)
        for index, (one, other) in enumerate(zip(expected, got, strict=True)):
            _compare(one, other, f"{place}/{index}", exact=exact)
    elif expected != got or isinstance(expected, bool) != isinstance(got, bool):
        raise _other(expected, got, place)


def _compare_objects(
    expected: dict[str, Any], got: dict[str, Any], place: str, *, exact: bool
) -> None:
    for key, value in expected.items():
        if key not in got:
            raise Difference(f"{place}/{key} is missing in {_short(got)}")
        _compare(value, got[key], f"{place}/{key}", exact=exact)
    for key in got if exact else ():
        if key not in expected:
            raise Difference(f"{place}/{key} is there: {_short(got[key])}")


def _check_length(expected: list[Any], got: list[Any], place: str) -> None:
    if len(expected) != len(got):
        counts = f"{len(got)} items instead of {len(expected)}"
        raise Difference(f"{place or 'the body'} has {counts}: {_short(got)}")


def _other(expected: Any, got: Any, place: str) -> Difference:
    return Difference(f"{place or 'the body'} is {_short(got)} instead of {_short(expected)}")


def _fits(expected: Any, got: Any) -> bool:
    try:
        _compare(expected, got, "", exact=False)
    except Difference:
        return False
    return True


def _includes(expected: list[Any], got: list[Any], place: str) -> None:
    """Each expected item is an item of its own in the list."""
    left = list(got)
    for item in expected:
        found = next((index for index, other in enumerate(left) if _fits(item, other)), None)
        if found is None:
            raise Difference(f"{place or 'the list'} lacks {_short(item)}: {_short(got)}")
        del left[found]


def _unordered(expected: list[Any], got: list[Any], place: str) -> None:
    """The list has these items and no others, in any order."""
    _includes(expected, got, place)
    _check_length(expected, got, place)


def _lacks(expected: list[Any], got: list[Any], place: str) -> None:
    """None of these is in the list."""
    for item in expected:
        if any(_fits(item, other) for other in got):
            raise Difference(f"{place or 'the list'} has {_short(item)}: {_short(got)}")


_LISTS: dict[str, Callable[[list[Any], list[Any], str], None]] = {
    "$includes": _includes,
    "$unordered": _unordered,
    "$lacks": _lacks,
}


def _short(value: Any) -> str:
    return _cut(json.dumps(value, ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


_running: list["subprocess.Popen[bytes]"] = []
_stopped = threading.Event()


def _stop(*_: object) -> None:
    """End the server: it has a session of its own, and would outlive a runner that is stopped.

    Nothing is raised: what is interrupted may hold a lock that nobody would give back.
    """
    _stopped.set()
    for process in _running:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def serving(
    command: Sequence[str],
    case: Mapping[str, Any],
    flags: Mapping[str, str],
    client: httpx.Client,
    patience: float,
) -> Iterator[str]:
    """The URL of a server of a case's description; its process ends afterwards."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        write(case, Path(folder))
        more = [word for need in case.get("needs", ()) for word in shlex.split(flags.get(need, ""))]
        words = [word for part in command for word in (more if part == "{flags}" else [part])]
        places = {"spec": f"{folder}/description.json", "overlay": f"{folder}/overlay.json"}
        words = [filled(word, {**places, "port": str(port)}) for word in words]
        with (Path(folder) / "errors").open("w+b") as errors:
            process = subprocess.Popen(
                words, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True
            )
            _running.append(process)
            try:
                _wait(process, client, f"http://127.0.0.1:{port}", patience, Path(errors.name))
                yield f"http://127.0.0.1:{port}"
            finally:
                _end(process)
                _running.remove(process)


def write(case: Mapping[str, Any], folder: Path) -> None:
    """Write a case's description, and its overlay, as JSON, which is YAML too."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("description", "overlay"):
        if name in case:
            text = json.dumps(case[name], indent=1)
            (folder / f"{name}.json").write_text(text, encoding="utf-8")


def _wait(
    process: "subprocess.Popen[bytes]",
    client: httpx.Client,
    url: str,
    patience: float,
    errors: Path,
) -> None:
    last = time.monotonic() + patience
    while time.monotonic() < last and process.poll() is None and not _stopped.is_set():
        try:
            client.get(url, timeout=5)
        except httpx.TransportError:
            time.sleep(0.03)
        else:
            return
    raise Difference(f"the server did not start: {errors.read_text(errors='replace')[-300:]}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End it with all that it started: it leads a session of its own."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(timeout=5)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def main(arguments: Sequence[str]) -> int:
    """Play the cases; 0 when none failed, 1 otherwise, 2 for wrong arguments."""
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    options = _parser().parse_args(arguments[:cut])
    command = list(arguments[cut + 1 :])
    cases = {str(file): load(file) for file in files(options.cases)}
    if options.write:
        for name, case in cases.items():
            write(case, Path(options.write) / Path(name).stem)
        return 0
    if bool(command) == bool(options.url) or (options.url and len(cases) != 1):
        print("run.py: give a command after `--`, or --url and one case", file=sys.stderr)
        return 2
    controls = Controls(clock=options.clock, reset=options.reset)
    flags = dict(flag.partition("=")[::2] for flag in options.flag)
    able = {*flags, *(name for name in ("clock", "reset") if getattr(options, name))}
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    with httpx.Client(timeout=30, trust_env=False) as client:
        for name, case in cases.items():
            verdict, reason = "passed", ""
            lacking = [need for need in case.get("needs", ()) if need not in able]
            if lacking:
                verdict, reason = "skipped", f": needs {', '.join(lacking)}"
            else:
                running = serving(command, case, flags, client, options.patience)
                try:
                    with nullcontext(options.url) if options.url else running as url:
                        play(case, client, url, controls)
                except Difference as difference:
                    verdict, reason = "failed", f": {difference}"
                except httpx.TransportError:
                    if not _stopped.is_set():
                        raise
            if _stopped.is_set():
                return 128 + signal.SIGTERM
            counts[verdict] += 1
            print(f"{verdict} {name}{reason}", flush=True)
    print(", ".join(f"{verdict} {count}" for verdict, count in counts.items()))
    return 1 if counts["failed"] else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Play stateful cases against a mock server.",
        usage="run.py [options] [CASE ...] -- COMMAND WITH {spec}, {port} AND {flags}",
    )
    parser.add_argument("cases", nargs="*", metavar="CASE", help="file or folder; none: all")
    parser.add_argument(
        "--flag",
        action="append",
        default=[],
        metavar="NEED=FLAGS",
        help="what stands for {flags} where a case has this need; empty: the server can as it is",
    )
    parser.add_argument("--clock", metavar="'METHOD PATH BODY'", help="moves time by {seconds}")
    parser.add_argument("--reset", metavar="'METHOD PATH BODY'", help="brings the start back")
    parser.add_argument("--url", help="a running server of the one case's description")
    parser.add_argument("--write", metavar="FOLDER", help="write the descriptions, play nothing")
    parser.add_argument(
        "--patience", type=float, default=30, metavar="SECONDS", help="for a start (%(default)s)"
    )
    return parser


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main(sys.argv[1:]))
