"""Seconds from the start of a server to its first answer, side by side, in one run.

`make bench` runs it. It measures an empty description, a generated one of 3 MB as JSON and
as YAML (with an empty cache and a full one), and each description of the folders that are named.
Prism (`npm i -g @stoplight/prism-cli`) is measured beside it where it is on the PATH or in the
folder that UNDERSTUDY_PEERS names (the one that holds `node_modules`). Figures drift with the
machine; ratios drift less, so each round starts all servers once and the median counts.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import yaml

_EMPTY = {"openapi": "3.0.3", "info": {"title": "Empty", "version": "1"}, "paths": {}}
_MOST_ABOVE_EMPTY = 0.3
"""Seconds that a real description may take above an empty one."""
_MOST_OF_PRISM = {"large.json": 0.15, "large.yaml, no cache": 0.6, "large.yaml, cached": 0.6}
_PATIENCE = 180
"""Seconds after which a server is given up."""


@dataclass
class Start:
    """Something to start: the command without its port, and what was measured."""

    name: str
    command: Sequence[str]
    port_option: str
    cache: Path | None = None
    """The cache folder; it is emptied before each start where `is_cold`."""
    is_cold: bool = False
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The middle of what was measured."""
        return statistics.median(self.seconds)


def large() -> dict[str, object]:
    """A description of about 3 MB of JSON, with schemas like those of a large real API."""
    schemas: dict[str, object] = {}
    paths: dict[str, object] = {}
    for number in range(1_650):
        name = f"Resource{number}"
        schemas[name] = _schema(number)
        body = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        answered = {"description": f"A {name}.", "content": body}
        item = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
        paths[f"/v1/resources{number}/{{id}}"] = {
            "get": {
                "operationId": f"get{name}",
                "parameters": item,
                "responses": {"200": answered},
            },
            "put": {
                "operationId": f"put{name}",
                "parameters": item,
                "requestBody": {"content": body},
                "responses": {"200": answered, "422": {"description": "It is not valid."}},
            },
        }
    return {**_EMPTY, "paths": paths, "components": {"schemas": schemas}}


def _schema(number: int) -> dict[str, object]:
    properties: dict[str, object] = {
        f"property_{index}": {
            "type": ("string", "integer", "boolean")[index % 3],
            "description": f"The property {index} of the resource {number}, at some length.",
        }
        for index in range(9)
    }
    if number:
        properties["parent"] = {"$ref": f"#/components/schemas/Resource{number // 2}"}
    return {"type": "object", "required": ["property_0"], "properties": properties}


def starts(workspace: Path, folders: Sequence[Path]) -> Iterator[Start]:
    """Everything that is started, in its order."""
    files = {"empty": _EMPTY, "large": large()}
    for name, document in files.items():
        (workspace / f"{name}.json").write_text(json.dumps(document))
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text = yaml.dump(files["large"], Dumper=dumper, sort_keys=False)
    (workspace / "large.yaml").write_text(text)
    yield _understudy("empty", workspace / "empty.json")
    yield _understudy("large.json", workspace / "large.json")
    cold, warm = workspace / "cold", workspace / "warm"
    file = workspace / "large.yaml"
    yield _understudy("large.yaml, no cache", file, cold, is_cold=True)
    yield _understudy("large.yaml, cached", file, warm)
    yield Start("built-in", _command(), "--port")
    for folder in folders:
        for found in sorted(folder.iterdir()):
            yield _understudy(found.name, found)
    if prism := _prism():
        built_in = Path(__file__).parent / "links-3.0.yaml"
        for found in (workspace / "large.json", workspace / "large.yaml", built_in):
            name = "Prism, built-in" if found == built_in else f"Prism, {found.name}"
            yield Start(name, [prism, "mock", "-v", "silent", str(found)], "-p")


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "understudy", "serve", *arguments]


def _understudy(
    name: str, file: Path, cache: Path | None = None, *, is_cold: bool = False
) -> Start:
    return Start(name, _command(str(file)), "--port", cache, is_cold)


def _prism() -> str | None:
    folder = os.environ.get("UNDERSTUDY_PEERS")
    path = f"{folder}/node_modules/.bin" if folder else None
    return shutil.which("prism", path=path) or shutil.which("prism")


def measure(start: Start) -> float:
    """Seconds from the start of the process to its first answer, whatever that is."""
    if start.is_cold and start.cache is not None:
        shutil.rmtree(start.cache, ignore_errors=True)
    port = _free_port()
    environment: Mapping[str, str] = os.environ
    if start.cache is not None:
        environment = {**os.environ, "XDG_CACHE_HOME": str(start.cache)}
    began = time.perf_counter()
    process = subprocess.Popen(
        [*start.command, start.port_option, str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=environment,
    )
    try:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - began > _PATIENCE:
                raise SystemExit(f"It did not start: {' '.join(start.command)}")
            time.sleep(0.005)
        return time.perf_counter() - began
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=30):
            return True
    except HTTPError:
        return True
    except (URLError, OSError):
        return False


def main() -> None:
    """Start everything in every round; print medians, and whether the figures are held."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, help="with more descriptions")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compared = list(starts(Path(folder), options.folders))
        for start in compared:
            if start.cache is not None and not start.is_cold:
                measure(start)
        for number in range(options.rounds):
            for start in compared:
                start.seconds.append(measure(start))
            print(f"round {number + 1} of {options.rounds} done", file=sys.stderr)
    _print(compared)


def _print(compared: Sequence[Start]) -> None:
    median = {start.name: start.median for start in compared}
    print(f"{'description':36}{'ready':>9}{'above empty':>14}   figure")
    for name, seconds in median.items():
        above = seconds - median["empty"]
        print(f"{name:36}{seconds:>7.2f} s{above:>12.2f} s   {_figure(name, median)}")


def _figure(name: str, median: Mapping[str, float]) -> str:
    """What is to be held, and whether it is."""
    if name in {"empty", "built-in"} or name.startswith("Prism"):
        if name != "built-in" or "Prism, built-in" not in median:
            return ""
        return _of_prism(median[name] / median["Prism, built-in"], 1.0)
    if name in _MOST_OF_PRISM:
        peer = f"Prism, {name.partition(',')[0]}"
        if peer not in median:
            return ""
        return _of_prism(median[name] / median[peer], _MOST_OF_PRISM[name])
    held = median[name] - median["empty"] <= _MOST_ABOVE_EMPTY
    return f"at most {_MOST_ABOVE_EMPTY} s above empty: {'held' if held else 'NOT HELD'}"


def _of_prism(ratio: float, most: float) -> str:
    return f"{ratio:.3f} of Prism's, at most {most}: {'held' if ratio <= most else 'NOT HELD'}"


if __name__ == "__main__":
    main()
