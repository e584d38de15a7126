"""Requests per second of `POST /request/{id}/links`, side by side, in one run.

It needs wrk (Debian's package) and compares whatever peers it finds: Prism
(`npm i -g @stoplight/prism-cli`) and WireMock (`npm i -g wiremock`, which needs Java), both on the
PATH or in the folder that UNDERSTUDY_PEERS names (the one that holds `node_modules`). Figures
drift with the machine; ratios drift less, so each round measures all servers one after the other,
and the median of the rounds' ratios counts.
"""

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.servers import HERE, UNDERSTUDY, Server, peer, running, told, verdict

REQUEST = "00000000-0000-4000-8000-000000000011"
PATH = f"/request/{REQUEST}/links"
WRK_SCRIPT = """\
wrk.method = "POST"
wrk.body = '{"onlyForActors":["customer"]}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-Api-Key"] = "understudy-namirial-key"
"""
_EXPIRES = "2024-10-22T12:19:12.269594Z"
_NEW_LINK = "https://onboarding.example/res/{{randomValue length=40 type='HEXADECIMAL'}}"
"""The operation mints a new link each time. A fixed answer, which does not, is shown beside it."""

LEAST = {"bare ASGI": 0.4, "Prism": 2.5, "WireMock": 1.2}
WARM_UP = 8
"""Seconds; a virtual machine compiles what it runs often."""


def servers(workspace: Path) -> Iterator[Server]:
    """Every server that this machine can start."""
    bare = [sys.executable, "-m", "uvicorn", "bare:app", "--app-dir", str(HERE)]
    yield Server("bare ASGI", [*bare, "--log-level", "error", "--port", "PORT"], PATH, "nothing")
    understudy = [*UNDERSTUDY, "--port", "PORT"]
    yield Server("Understudy", understudy, f"/namirial{PATH}", "request and answer")
    stock = [sys.executable, str(HERE / "stock_connexion.py"), "PORT"]
    yield Server("stock Connexion", stock, PATH, "request")
    if prism := peer("prism"):
        mock = [prism, "mock", "-p", "PORT", "-v", "silent", str(HERE / "links-3.0.yaml")]
        yield Server("Prism", mock, PATH, "request")
    if wiremock := peer("wiremock"):
        for name, link, expires in (
            ("WireMock", _NEW_LINK, "{{now offset='1 months'}}"),
            ("WireMock, fixed", "https://onboarding.example/res/3949?ts=49943", _EXPIRES),
        ):
            folder = workspace / name
            (folder / "mappings").mkdir(parents=True)
            (folder / "mappings/links.json").write_text(json.dumps(_stub(link, expires)))
            quiet = ["--port", "PORT", "--root-dir", str(folder), "--no-request-journal"]
            yield Server(name, [wiremock, *quiet, "--disable-banner"], PATH, "nothing")


def _stub(link: str, expires: str) -> dict[str, object]:
    return {
        "request": {"method": "POST", "urlPathPattern": "/request/[^/]+/links"},
        "response": {
            "status": 200,
            "jsonBody": {"links": [{"actor": "customer", "link": link, "expiresAfter": expires}]},
            "headers": {"Content-Type": "application/json"},
            "transformers": ["response-template"] if "{{" in link else [],
        },
    }


def measure(server: Server, port: int, script: Path, seconds: int) -> float:
    """Requests per second over that many seconds, from 16 connections."""
    url = f"http://127.0.0.1:{port}{server.path}"
    load = ["wrk", "-t1", "-c16", f"-d{seconds}s", "-s", str(script), url]
    printed = subprocess.run(load, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in printed:
        raise SystemExit(f"{server.name} refused requests:\n{printed}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    assert found is not None
    return float(found[1])


def main() -> None:
    """Measure all servers in every round, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=2, help="of one measurement")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        script = Path(folder) / "post.lua"
        script.write_text(WRK_SCRIPT)
        compared = list(servers(Path(folder)))
        ports = {s.name: stack.enter_context(running(s)).port for s in compared}
        for server in compared:
            told(f"warming up {server.name}")
            measure(server, ports[server.name], script, WARM_UP)
        rates: dict[str, list[float]] = {server.name: [] for server in compared}
        for number in range(options.rounds):
            for server in compared:
                rate = measure(server, ports[server.name], script, options.seconds)
                rates[server.name].append(rate)
            told(f"round {number + 1} of {options.rounds} done")
    _print(compared, rates)


def _print(compared: Sequence[Server], rates: Mapping[str, Sequence[float]]) -> None:
    print(f"{'server':18}{'requests/s':>12}{'Understudy is':>16}  checks")
    ratios = {}
    for name, measured in rates.items():
        pairs = zip(rates["Understudy"], measured, strict=True)
        ratios[name] = statistics.median(own / other for own, other in pairs)
    for server in compared:
        rate = statistics.median(rates[server.name])
        print(f"{server.name:18}{rate:>12,.0f}{ratios[server.name]:>14.2f} x  {server.checks}")
    for name, least in LEAST.items():
        if name in ratios:
            verdict(f"requests per second beside {name}", ratios[name], least=least)
        else:
            print(f"unknown   requests per second beside {name}: it is not installed")


if __name__ == "__main__":
    main()
