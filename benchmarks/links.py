"""Requests per second of `POST /request/{id}/links`, side by side, in one run.

`make bench` runs it. It needs wrk (Debian's package) and compares whatever peers it finds: Prism
(`npm i -g @stoplight/prism-cli`) and WireMock (`npm i -g wiremock`, which needs Java), both on the
PATH or in the folder that UNDERSTUDY_PEERS names (the one that holds `node_modules`). Figures
drift with the machine; ratios drift less, so each round measures all servers once and the median
of the rounds counts.
"""

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

HERE = Path(__file__).parent
REQUEST = "00000000-0000-4000-8000-000000000011"
WRK_SCRIPT = """\
wrk.method = "POST"
wrk.body = '{"onlyForActors":["customer"]}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-Api-Key"] = "understudy-namirial-key"
"""


@dataclass
class Server:
    """Something to measure: how it starts, and where the operation is."""

    name: str
    command: Sequence[str]
    path: str
    port: int
    checks: str
    """What it validates."""
    warm_seconds: int = 2
    rates: list[float] = field(default_factory=list)
    ready: float = 0.0
    """Seconds from start to the first answer."""
    memory: float = 0.0
    """Resident megabytes after the last round."""


def servers(workspace: Path) -> Iterator[Server]:
    """Every server that this machine can start."""
    plain = f"/request/{REQUEST}/links"
    python = sys.executable
    bare = [python, "-m", "uvicorn", "bare:app", "--app-dir", str(HERE), "--log-level", "error"]
    yield Server("bare ASGI", [*bare, "--port", "8401"], plain, 8401, "nothing")
    understudy = [python, "-m", "understudy", "serve", "--port", "8402"]
    yield Server("Understudy", understudy, f"/namirial{plain}", 8402, "request and answer")
    stock = [python, str(HERE / "stock_connexion.py"), "8403"]
    yield Server("stock Connexion", stock, plain, 8403, "request")
    if prism := _peer("prism"):
        described = str(HERE / "links-3.0.yaml")
        mock = [prism, "mock", "-p", "8404", "-v", "silent", described]
        yield Server("Prism", mock, plain, 8404, "request")
    if wiremock := _peer("wiremock"):
        mappings = workspace / "mappings"
        mappings.mkdir()
        (mappings / "links.json").write_text(json.dumps(_stub()))
        quiet = ["--port", "8405", "--root-dir", str(workspace), "--no-request-journal"]
        yield Server("WireMock", [wiremock, *quiet, "--disable-banner"], plain, 8405, "nothing", 8)


def _peer(name: str) -> str | None:
    folder = os.environ.get("UNDERSTUDY_PEERS")
    path = f"{folder}/node_modules/.bin" if folder else None
    return shutil.which(name, path=path) or shutil.which(name)


def _stub() -> dict[str, object]:
    link = {"actor": "customer", "link": "https://onboarding.example/res/3949?ts=49943"}
    return {
        "request": {"method": "POST", "urlPathPattern": "/request/[^/]+/links"},
        "response": {
            "status": 200,
            "jsonBody": {"links": [link | {"expiresAfter": "2024-10-22T12:19:12.269594Z"}]},
            "headers": {"Content-Type": "application/json"},
        },
    }


@contextmanager
def running(server: Server) -> Iterator[int]:
    """Start the server, wait until it answers, and end its whole process group."""
    started = time.perf_counter()
    process = subprocess.Popen(
        server.command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(server, process)
        server.ready = time.perf_counter() - started
        yield process.pid
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=20)


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    for _ in range(3000):
        if process.poll() is not None:
            raise SystemExit(f"{server.name} ended: {' '.join(server.command)}")
        try:
            with socket.create_connection(("127.0.0.1", server.port), 0.2):
                pass
            with urlopen(f"http://127.0.0.1:{server.port}/", timeout=5):
                return
        except URLError as error:
            if hasattr(error, "code"):
                return
        except OSError:
            pass
        time.sleep(0.01)
    raise SystemExit(f"{server.name} did not answer within 30 seconds.")


def measure(server: Server, script: Path, seconds: int) -> float:
    """Requests per second over that many seconds, from 16 connections."""
    url = f"http://127.0.0.1:{server.port}{server.path}"
    load = ["wrk", "-t1", "-c16", f"-d{seconds}s", "-s", str(script), url]
    printed = subprocess.run(load, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in printed:
        raise SystemExit(f"{server.name} refused requests:\n{printed}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    assert found is not None
    return float(found[1])


def _memory(pid: int) -> float:
    """Resident megabytes of the largest process of a group."""
    listed = subprocess.run(["pgrep", "-g", str(pid)], capture_output=True, text=True, check=False)
    sizes = [0.0]
    for member in listed.stdout.split():
        status = Path(f"/proc/{member}/status")
        if status.exists() and (found := re.search(r"VmRSS:\s+(\d+)", status.read_text())):
            sizes.append(int(found[1]) / 1024)
    return max(sizes)


def main() -> None:
    """Measure all servers in every round, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4, help="of one measurement")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        script = workspace / "post.lua"
        script.write_text(WRK_SCRIPT)
        compared = list(servers(workspace))
        for number in range(options.rounds):
            for server in compared:
                with running(server) as pid:
                    measure(server, script, server.warm_seconds)
                    server.rates.append(measure(server, script, options.seconds))
                    server.memory = _memory(pid)
            print(f"round {number + 1} of {options.rounds} done", file=sys.stderr)
    _print(compared)


def _print(compared: Sequence[Server]) -> None:
    rate = {server.name: statistics.median(server.rates) for server in compared}
    print(f"{'server':18}{'requests/s':>12}{'Understudy is':>16}{'ready':>9}{'memory':>10}  checks")
    for server in compared:
        ratio = rate["Understudy"] / rate[server.name]
        print(
            f"{server.name:18}{rate[server.name]:>12,.0f}{ratio:>14.2f} x{server.ready:>7.2f} s"
            f"{server.memory:>7.0f} MB  {server.checks}"
        )


if __name__ == "__main__":
    main()
