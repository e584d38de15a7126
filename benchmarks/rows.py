"""Latency of create, read and list page beside 1,000,000 stored rows, against 1,000."""

import argparse
import json
import statistics
import time
from contextlib import ExitStack
from http.client import HTTPConnection

from benchmarks.servers import HERE, UNDERSTUDY, Server, running, told, verdict

FEW, MANY = 1_000, 1_000_000
MOST = 1.3
NEW = json.dumps({"name": "new", "status": "open"}).encode()


def questions(rows: int) -> dict[str, tuple[str, str]]:
    """What is measured: method and path by name."""
    middle = rows // 2
    return {
        "create": ("POST", "/items"),
        "read": ("GET", f"/items/{middle}"),
        "list, first page": ("GET", "/items"),
        "list, page in the middle": ("GET", f"/items?offset={middle}"),
        "list, by status": ("GET", f"/items?status=done&offset={middle // 10}"),
        "list, by name": ("GET", f"/items?sort=name&offset={middle}"),
    }


def latency(connection: HTTPConnection, method: str, path: str, times: int) -> list[float]:
    """Microseconds of each of so many requests."""
    measured = []
    body = NEW if method == "POST" else None
    for _ in range(times):
        started = time.perf_counter()
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        measured.append((time.perf_counter() - started) * 1e6)
        if answer.status >= 300:  # noqa: PLR2004
            raise SystemExit(f"{method} {path} was answered {answer.status}.")
    return measured


def main() -> None:
    """Ask both servers by turns, and print medians."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    command = [*UNDERSTUDY, str(HERE / "items.yaml"), "--behaviours", str(HERE / "items.py")]
    found: dict[str, dict[int, list[float]]] = {
        name: {FEW: [], MANY: []} for name in questions(FEW)
    }
    with ExitStack() as stack:
        connections = {}
        for rows in (FEW, MANY):
            told(f"filling a table with {rows:,} rows")
            environment = {"ITEMS": str(rows)}
            server = Server("Understudy", [*command, "--port", "PORT"], environment=environment)
            server.patience = 300
            port = stack.enter_context(running(server)).port
            connections[rows] = HTTPConnection("127.0.0.1", port, timeout=120)
            for method, path in questions(rows).values():
                latency(connections[rows], method, path, 20)
            # The server would end it while the other one is filled; it opens again by itself.
            connections[rows].close()
        for number in range(options.rounds):
            for name, by_rows in found.items():
                for rows, measured in by_rows.items():
                    method, path = questions(rows)[name]
                    measured.extend(latency(connections[rows], method, path, 50))
            if number % 5 == 4:  # noqa: PLR2004
                told(f"round {number + 1} of {options.rounds} done")
    print(f"{'latency in microseconds':28}{FEW:>9,} rows{MANY:>11,} rows")
    medians = {
        name: [statistics.median(measured) for measured in by_rows.values()]
        for name, by_rows in found.items()
    }
    for name, (few, many) in medians.items():
        print(f"{name:28}{few:>14.0f}{many:>16.0f}")
    for name, (few, many) in medians.items():
        verdict(f"{name}, {MANY:,} rows against {FEW:,}", many / few, most=MOST)


if __name__ == "__main__":
    main()
