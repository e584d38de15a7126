"""Memory after 10,000 requests, and time until the first answer, beside Prism's.

Understudy serves its three built-in APIs, Prism one of them.
"""

import argparse
import statistics
from collections.abc import Mapping
from http.client import HTTPConnection

from benchmarks.links import PATH
from benchmarks.servers import HERE, UNDERSTUDY, Server, peer, running, told, verdict

REQUESTS = 10_000
BODY = b'{"onlyForActors":["customer"]}'
HEADERS = {"Content-Type": "application/json", "X-Api-Key": "understudy-namirial-key"}


def ask(server: Server, port: int) -> None:
    """Send the requests, one after the other."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(REQUESTS):
        connection.request("POST", server.path, BODY, HEADERS)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:  # noqa: PLR2004
            raise SystemExit(f"{server.name} answered {answer.status}.")
    connection.close()


def main() -> None:
    """Start each server anew in every round, and print medians."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    compared = [Server("Understudy", [*UNDERSTUDY, "--port", "PORT"], f"/namirial{PATH}")]
    if prism := peer("prism"):
        described = HERE.parent / "openapi" / "namirial.yaml"
        mock = [prism, "mock", "-p", "PORT", "-v", "silent", str(described)]
        compared.append(Server("Prism", mock, PATH))
    ready: dict[str, list[float]] = {server.name: [] for server in compared}
    memory: dict[str, list[float]] = {server.name: [] for server in compared}
    for number in range(options.rounds):
        for server in compared:
            with running(server) as started:
                ready[server.name].append(started.ready)
                ask(server, started.port)
                memory[server.name].append(started.megabytes())
        told(f"round {number + 1} of {options.rounds} done")
    _print({name: statistics.median(measured) for name, measured in ready.items()}, memory)


def _print(ready: Mapping[str, float], memory: Mapping[str, list[float]]) -> None:
    held = {name: statistics.median(measured) for name, measured in memory.items()}
    print(f"{'server':18}{'ready':>9}{'memory':>10}")
    for name, seconds in ready.items():
        print(f"{name:18}{seconds:>7.2f} s{held[name]:>7.0f} MB")
    if "Prism" not in ready:
        print("unknown   memory and time until the first answer beside Prism: it is not installed")
        return
    verdict("memory beside Prism", held["Understudy"] / held["Prism"], most=0.6)
    verdict("ready beside Prism", ready["Understudy"] / ready["Prism"], most=1.0)


if __name__ == "__main__":
    main()
